import type { SessionEvent } from '../domain/event.ts';
import type { Arm, Measurement, NoiseCard, Registration } from '../domain/evidence.ts';
import type { EndedRun } from '../domain/run.ts';
import { whyFailed } from '../domain/whyFailed.ts';

/** A run as the tree and the tables show it; its evaluation is a part of it. */
export interface RunEntry {
  readonly id: string;
  readonly purpose: string;
  readonly arm: string | null;
  readonly seed: number | null;
  state: 'running' | 'evaluating' | 'finished' | 'failed' | 'stopped';
  /** When it was queued, as ISO 8601. */
  readonly since: string;
  /** Wall seconds of the run; with its evaluation in `wholeSeconds`. null while it runs. */
  seconds: number | null;
  wholeSeconds: number | null;
  /** The primary metric; null where there is none, or none yet. */
  value: number | null;
  /** Why it failed, or who stopped it. */
  reason: string;
}

/** An arm of an experiment with its runs, in the order they were made. */
export interface ArmEntry {
  readonly name: string;
  readonly revision: string;
  readonly role: 'baseline' | 'variant' | 'control';
  readonly runs: RunEntry[];
}

/** A registration with its runs; a baseline run alone for its noise; or runs that only try whether things work. */
export interface Experiment {
  readonly id: string;
  readonly kind: 'comparison' | 'noise' | 'trials';
  readonly registration: Registration | null;
  readonly metric: string;
  /** Seeds of this registration, one run an arm each. */
  readonly seeds: readonly number[];
  readonly arms: ArmEntry[];
  measurement: Measurement | null;
  noise: NoiseCard | null;
}

type RunQueued = Extract<SessionEvent, { type: 'run.queued' }>;
type RunEnded = Extract<SessionEvent, { type: 'run.ended' }>;

const TRIALS = 'trials';
const EVALUATION = /-(evaluate|again)(?:-\d+)?$/;

/** The experiments of one session, folded from its events; every event costs the same, however many runs there are. */
export class ExperimentLedger {
  readonly experiments: Experiment[] = [];
  private readonly runs = new Map<string, RunEntry>();
  private session = '';
  private seq = 0;

  /** An event that was taken before changes nothing.
   *  @returns whether something that is shown has changed */
  take(event: SessionEvent): boolean {
    if (event.seq <= this.seq) return false;
    this.seq = event.seq;
    return this.fold(event);
  }

  get all(): RunEntry[] {
    return [...this.runs.values()];
  }

  private fold(event: SessionEvent): boolean {
    switch (event.type) {
      case 'session.started':
        this.session = event.session;
        return true;
      case 'registered':
        return this.add(comparison(event.registration));
      case 'noise.planned':
        return this.add(noise(`${this.session}-noise`, event));
      case 'run.queued':
        return this.queue(event);
      case 'run.ended':
        return this.end(event);
      case 'measured': {
        const { id } = event.measurement.registration;
        const found = this.experiments.find((one) => one.id === id);
        if (found) found.measurement = event.measurement;
        return found !== undefined;
      }
      case 'noise.measured': {
        const found = this.experiments.findLast((one) => one.kind === 'noise');
        if (found) found.noise = event.card;
        return found !== undefined;
      }
      default:
        return false;
    }
  }

  private add(experiment: Experiment): boolean {
    if (!this.experiments.some((one) => one.id === experiment.id)) this.experiments.push(experiment);
    return true;
  }

  private queue({ run: id, purpose, arm, seed, at }: RunQueued): boolean {
    if (purpose === 'evaluate') return this.change(id.replace(EVALUATION, ''), { state: 'evaluating' }, id);
    this.enter({ id, purpose, arm, seed, state: 'running', since: at, ...UNKNOWN });
    return true;
  }

  private end({ run, metrics, at }: RunEnded): boolean {
    if (run.state === 'queued' || run.state === 'running') return false;
    const reason = reasonOf(run);
    const { wallSeconds } = run.resources;
    if (run.purpose === 'evaluate') {
      const of = this.runs.get(run.id.replace(EVALUATION, ''));
      if (!of || EVALUATION.exec(run.id)?.[1] === 'again') return false;
      const experiment = this.experimentOf(of.id);
      of.state = run.state;
      of.value = metrics[experiment.metric] ?? null;
      of.wholeSeconds = (of.seconds ?? 0) + wallSeconds;
      of.reason = reason === '' ? '' : `its evaluation: ${reason}`;
      return true;
    }
    const { id, purpose, seed } = run;
    const arm = run.arm?.name ?? null;
    if (!this.runs.has(id)) this.enter({ id, purpose, arm, seed, state: 'running', since: at, ...UNKNOWN });
    return this.change(id, { state: run.state, seconds: wallSeconds, wholeSeconds: wallSeconds, reason }, id);
  }

  private enter(run: RunEntry): void {
    if (this.runs.has(run.id)) return;
    this.runs.set(run.id, run);
    armOf(this.experimentOf(run.id), run).runs.push(run);
  }

  /** A second evaluation changes nothing of its run. */
  private change(id: string, to: Partial<RunEntry>, from: string): boolean {
    const run = this.runs.get(id);
    if (!run || EVALUATION.exec(from)?.[1] === 'again') return false;
    Object.assign(run, to);
    return true;
  }

  /** A run's id begins with its experiment's. */
  private experimentOf(run: string): Experiment {
    const found = this.experiments.findLast(({ id }) => run.startsWith(`${id}-`));
    if (found) return found;
    const trials = this.experiments.find((one) => one.kind === 'trials') ?? trialsOf(this.session);
    this.add(trials);
    return trials;
  }
}

const UNKNOWN = { seconds: null, wholeSeconds: null, value: null, reason: '' };

/** The runs that decide: not those of controls. */
export function comparedArms({ arms }: Experiment): ArmEntry[] {
  return arms.filter((arm) => arm.role !== 'control');
}

/** The run of each seed that counts: the last, where one was stopped and repeated. */
export function countedRuns({ runs }: ArmEntry): RunEntry[] {
  return [...new Map(runs.map((run) => [run.seed, run])).values()];
}

export function isLive({ state }: RunEntry): boolean {
  return state === 'running' || state === 'evaluating';
}

/** How far an experiment is: runs that have ended with their evaluation, of those that were registered. */
export function progressOf(experiment: Experiment): { done: number; planned: number; failed: number } {
  const arms = comparedArms(experiment);
  const ended = arms.flatMap(countedRuns).filter((run) => !isLive(run));
  const failed = ended.filter((run) => run.state !== 'finished').length;
  return { done: ended.length, planned: experiment.seeds.length * arms.length, failed };
}

/** Seconds until an experiment's last run ends, if all are made: from what its own runs took, arm by arm.
 *  @param now milliseconds since 1970
 *  @returns null before the first run has ended */
export function secondsLeft(experiment: Experiment, now: number): number | null {
  const arms = comparedArms(experiment);
  const all = arms.flatMap(endedSeconds);
  if (all.length === 0) return null;
  return arms.reduce((total, arm) => {
    const own = endedSeconds(arm);
    const each = mean(own.length > 0 ? own : all);
    const ended = countedRuns(arm).filter((run) => !isLive(run)).length;
    const left = Math.max(experiment.seeds.length - ended, 0) * each;
    const live = arm.runs.findLast(isLive);
    const spent = live ? Math.min((now - Date.parse(live.since)) / 1000, each) : 0;
    return total + Math.max(left - spent, 0);
  }, 0);
}

function endedSeconds(arm: ArmEntry): number[] {
  return arm.runs.flatMap((run) => (run.state === 'finished' && run.wholeSeconds !== null ? [run.wholeSeconds] : []));
}

/** The arithmetic mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function reasonOf(run: EndedRun): string {
  if (run.state === 'failed') return whyFailed(run);
  return run.state === 'stopped' ? `stopped by ${run.by}` : '';
}

function comparison(registration: Registration): Experiment {
  const { id, metric, seeds, baseline, variants } = registration;
  const entry = (arm: Arm, role: ArmEntry['role']): ArmEntry => {
    return { name: arm.name, revision: arm.revision, role, runs: [] };
  };
  const arms = [entry(baseline, 'baseline'), ...variants.map((arm) => entry(arm, 'variant'))];
  return { id, kind: 'comparison', registration, metric, seeds, arms, measurement: null, noise: null };
}

function noise(id: string, event: Extract<SessionEvent, { type: 'noise.planned' }>): Experiment {
  const { baseline, metric, seeds } = event;
  const arms: ArmEntry[] = [{ name: baseline.name, revision: baseline.revision, role: 'baseline', runs: [] }];
  return { id, kind: 'noise', registration: null, metric, seeds, arms, measurement: null, noise: null };
}

function trialsOf(session: string): Experiment {
  const id = `${session}-${TRIALS}`;
  return { id, kind: 'trials', registration: null, metric: '', seeds: [], arms: [], measurement: null, noise: null };
}

/** The arm a run is entered under; an arm nobody registered is a control. */
function armOf({ arms }: Experiment, { arm: name, purpose }: RunEntry): ArmEntry {
  const role = purpose === 'run' ? undefined : 'control';
  const key = name ?? TRIALS;
  const found = arms.find((arm) => arm.name === key && (role === undefined || arm.role === role));
  if (found) return found;
  const made: ArmEntry = { name: key, revision: key, role: 'control', runs: [] };
  arms.push(made);
  return made;
}
