import * as vscode from 'vscode';
import {
  type ArmEntry,
  countedRuns,
  type Experiment,
  isLive,
  mean,
  progressOf,
  type RunEntry,
} from './experimentLedger.ts';
import { armName, experimentName, runName } from './experimentWords.ts';
import { gainOf, shortTime } from './figures.ts';
import type { LivePulses } from './livePulses.ts';
import { pulseWords } from './pulseWords.ts';
import type { IndexedSession } from './sessionIndex.ts';
import { experimentIcon, runIcon, sessionIcon, trialIcon } from './treeIcons.ts';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** A row of the tree. Rows stay the same objects and are described anew, so that nothing folds or loses the focus. */
export abstract class SessionTreeItem extends vscode.TreeItem {
  readonly session: IndexedSession;

  constructor(session: IndexedSession, id: string, state: vscode.TreeItemCollapsibleState) {
    super('', state);
    this.session = session;
    this.id = `${session.folder.uri} ${session.id} ${id}`;
  }

  /** Says what is so now. */
  abstract describe(): this;

  protected say(label: string, words: readonly string[], state: string): void {
    this.label = label;
    this.description = words.filter(Boolean).join(' · ');
    this.accessibilityInformation = { label: [label, state, ...words].filter(Boolean).join(', ') };
  }
}

export class SessionNode extends SessionTreeItem {
  constructor(session: IndexedSession) {
    super(session, 'session', Collapsed);
    this.command = { command: 'mlr.showSession', title: 'Show Session', arguments: [this] };
  }

  describe(): this {
    const { head, verdict, report, problem, startedAt, folder } = this.session;
    const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
    this.say(head.title, [statusWords(this.session), several ? folder.name : ''], '');
    const begun = startedAt === '' ? '' : `Begun ${new Date(startedAt).toLocaleString()}`;
    this.tooltip = [head.title, problem ?? statusWords(this.session), begun].filter(Boolean).join('\n');
    this.iconPath = sessionIcon(head.status, verdict);
    this.contextValue = ['session', head.status, report === null ? '' : 'reported'].filter(Boolean).join('.');
    return this;
  }
}

export class ExperimentNode extends SessionTreeItem {
  readonly experiment: Experiment;
  /** What it is called beside others of its session. */
  private readonly place: number;

  constructor(session: IndexedSession, experiment: Experiment, place: number) {
    super(session, `experiment ${experiment.id}`, experiment.kind === 'trials' ? Collapsed : Expanded);
    this.experiment = experiment;
    this.place = place;
  }

  describe(): this {
    const { experiment } = this;
    const { measurement, metric, kind } = experiment;
    const { done, planned, failed } = progressOf(experiment);
    const isOver = measurement !== null || experiment.noise !== null;
    const counts = isOver ? '' : `${done} of ${planned} runs`;
    const verdict = measurement?.verdict ?? (experiment.noise ? 'measured' : '');
    const words = kind === 'trials' ? [trialWords(experiment)] : [metric, verdict, counts, failedWords(failed)];
    this.say(experimentName(experiment, this.place), words, '');
    this.tooltip = measurement?.reason ?? experiment.registration?.hypothesis ?? String(this.description);
    this.iconPath = kind === 'trials' ? trialIcon : experimentIcon(experiment, this.session.head.status);
    this.contextValue = `experiment.${kind}`;
    return this;
  }
}

export class ArmNode extends SessionTreeItem {
  readonly experiment: Experiment;
  readonly arm: ArmEntry;

  constructor(session: IndexedSession, experiment: Experiment, arm: ArmEntry) {
    super(session, `arm ${experiment.id} ${arm.role} ${arm.name}`, Collapsed);
    this.experiment = experiment;
    this.arm = arm;
  }

  describe(): this {
    const { arm, experiment } = this;
    const runs = countedRuns(arm);
    const values = runs.flatMap(({ value }) => (value === null ? [] : [value]));
    const measured = experiment.measurement?.variants.find((one) => one.revision === arm.revision);
    const average = values.length > 0 ? `${experiment.metric} ${Number(mean(values).toPrecision(4))}` : '';
    const gain = measured && arm.role === 'variant' ? gainOf(measured.difference.mean) : '';
    const counts = runs.length < experiment.seeds.length && arm.role !== 'control' ? armProgress(arm, experiment) : '';
    const seconds = shortTime(arm.runs.reduce((sum, run) => sum + (run.wholeSeconds ?? 0), 0));
    const verdict = arm.role === 'variant' ? (measured?.verdict ?? '') : '';
    const failed = failedWords(runs.filter((run) => run.state === 'failed').length);
    this.say(armName(arm), [average, gain, verdict, counts, failed, seconds], '');
    this.tooltip = [armName(arm), measured?.reason ?? '', `${runs.length} runs, ${seconds}`].filter(Boolean).join('\n');
    this.iconPath = armIcon(this, measured?.verdict);
    this.contextValue = `arm.${arm.role}`;
    return this;
  }
}

/** Part of an arm with very many runs. */
export class RangeNode extends SessionTreeItem {
  readonly runs: readonly RunEntry[];
  readonly metric: string;

  constructor({ session, id, experiment }: ArmNode, runs: readonly RunEntry[], first: number) {
    super(session, `range ${id} ${first}`, Collapsed);
    this.runs = runs;
    this.metric = experiment.metric;
    this.label = `Runs ${first} to ${first + runs.length - 1}`;
    this.contextValue = 'range';
  }

  describe(): this {
    const failed = this.runs.filter((run) => run.state === 'failed').length;
    this.say(String(this.label), [failedWords(failed)], '');
    return this;
  }
}

export class RunNode extends SessionTreeItem {
  readonly run: RunEntry;
  readonly metric: string;
  private readonly pulses: LivePulses;

  constructor(session: IndexedSession, run: RunEntry, metric: string, pulses: LivePulses) {
    super(session, `run ${run.id}`, None);
    this.run = run;
    this.metric = metric;
    this.pulses = pulses;
    this.command = { command: 'mlr.followRun', title: 'Follow Run', arguments: [this] };
  }

  describe(): this {
    const { run, metric } = this;
    const isLeft = isLive(run) && this.session.head.status !== 'working';
    const state = isLeft ? 'interrupted' : run.state;
    const value = run.value === null ? '' : `${metric} ${Number(run.value.toPrecision(4))}`;
    const time = run.seconds === null ? state : shortTime(run.seconds);
    const pulse = isLive(run) && !isLeft ? this.pulses.of(run.id) : undefined;
    const shown = pulse === undefined ? [] : pulseWords(pulse);
    const evaluating = run.state === 'evaluating' && !isLeft ? 'evaluating' : '';
    const words = [value, evaluating, ...shown, shown.length > 0 ? '' : time, oneLine(run.reason)];
    this.say(run.seed === null ? run.purpose : `seed ${run.seed}`, words, state);
    this.tooltip = [runName(run), ...words, pulse?.line ?? ''].filter(Boolean).join('\n');
    this.iconPath = runIcon(state);
    this.contextValue = isLive(run) && !isLeft ? 'run.live' : 'run.ended';
    return this;
  }
}

export function statusWords({ head, verdict, problem }: IndexedSession): string {
  if (problem !== null) return 'unreadable';
  if (head.status === 'finished' && verdict !== null) return verdict;
  if (head.status === 'waiting') return 'waits for you';
  return head.status === 'working' ? head.phase : head.status;
}

function armIcon({ arm, session }: ArmNode, verdict: string | undefined): vscode.ThemeIcon {
  if (session.head.status === 'working' && arm.runs.some(isLive)) return runIcon('running');
  if (verdict && arm.role === 'variant') return sessionIcon('finished', verdict);
  const failed = countedRuns(arm).some((run) => run.state === 'failed');
  return failed ? runIcon('failed') : new vscode.ThemeIcon(arm.role === 'baseline' ? 'milestone' : 'git-branch');
}

function armProgress(arm: ArmEntry, { seeds }: Experiment): string {
  return `${countedRuns(arm).filter((run) => !isLive(run)).length} of ${seeds.length}`;
}

function trialWords(experiment: Experiment): string {
  const runs = experiment.arms.flatMap((arm) => arm.runs);
  const failed = runs.filter((run) => run.state === 'failed').length;
  const count = runs.length === 1 ? '1 run' : `${runs.length} runs`;
  return failed > 0 ? `${count}, ${failed} failed` : count;
}

function failedWords(failed: number): string {
  return failed > 0 ? `${failed} failed` : '';
}

function oneLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
