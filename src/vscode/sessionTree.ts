import type * as vscode from 'vscode';
import type { ArmEntry, Experiment, RunEntry } from './experimentLedger.ts';
import type { LivePulses } from './livePulses.ts';
import { Owner } from './owner.ts';
import type { IndexedSession, SessionIndex } from './sessionIndex.ts';
import { ArmNode, ExperimentNode, RangeNode, RunNode, SessionNode, type SessionTreeItem } from './treeNodes.ts';

/** An arm with more runs than this shows them in parts. */
const MOST_RUNS = 250;
const PART = 100;

/** Sessions, newest first; below each its experiments, their arms, and the arms' runs. */
export class SessionTree extends Owner {
  private readonly index: SessionIndex;
  private readonly pulses: LivePulses;
  /** Rows by what they are of: a row is made once, so that VS Code recognizes it. */
  private rows = new WeakMap<object, SessionTreeItem>();

  /** @param refresh draws rows anew with what is below them; undefined: all */
  constructor(index: SessionIndex, pulses: LivePulses, refresh: (rows: vscode.TreeItem[] | undefined) => void) {
    super();
    this.index = index;
    this.pulses = pulses;
    this.own(
      pulses.onDidChange((runs) => {
        const changed = runs.flatMap((run) => this.rows.get(run)?.describe() ?? []);
        if (changed.length > 0) refresh(changed);
      }),
    );
    this.own(
      index.onDidChange((sessions) => {
        const changed = sessions?.flatMap((session) => this.rows.get(session)?.describe() ?? []);
        if (changed === undefined || changed.length > 0) refresh(changed);
      }),
    );
  }

  async childrenOf(node: vscode.TreeItem | undefined): Promise<vscode.TreeItem[]> {
    if (node === undefined) return (await this.index.all()).map((session) => this.sessionRow(session));
    if (node instanceof SessionNode) return this.experimentRows(node.session);
    if (node instanceof ExperimentNode) return this.armRows(node);
    if (node instanceof ArmNode) return this.runsOf(node);
    return node instanceof RangeNode ? this.runRows(node.session, node.runs, node.metric) : [];
  }

  private sessionRow(session: IndexedSession): SessionTreeItem {
    return this.row(session, () => new SessionNode(session));
  }

  private async experimentRows(session: IndexedSession): Promise<SessionTreeItem[]> {
    const { experiments } = await this.index.experimentsOf(session);
    const trials = experiments.filter((one) => one.kind === 'trials');
    const proper = experiments.filter((one) => one.kind !== 'trials');
    return [...trials, ...proper].map((experiment) =>
      this.row(experiment, () => new ExperimentNode(session, experiment, proper.indexOf(experiment) + 1)),
    );
  }

  private armRows({ session, experiment }: ExperimentNode): SessionTreeItem[] {
    if (experiment.kind === 'trials') {
      const runs = experiment.arms.flatMap((arm) => arm.runs);
      return this.runRows(session, runs, '');
    }
    return experiment.arms.map((arm) => this.armRow(session, experiment, arm));
  }

  private armRow(session: IndexedSession, experiment: Experiment, arm: ArmEntry): SessionTreeItem {
    return this.row(arm, () => new ArmNode(session, experiment, arm));
  }

  private runsOf(node: ArmNode): SessionTreeItem[] {
    const { session, arm, experiment } = node;
    if (arm.runs.length <= MOST_RUNS) return this.runRows(session, arm.runs, experiment.metric);
    const parts: RangeNode[] = [];
    for (let first = 0; first < arm.runs.length; first += PART) {
      const runs = arm.runs.slice(first, first + PART);
      parts.push(new RangeNode(node, runs, first + 1).describe());
    }
    return parts;
  }

  private runRows(session: IndexedSession, runs: readonly RunEntry[], metric: string): SessionTreeItem[] {
    return runs.map((run) => this.row(run, () => new RunNode(session, run, metric, this.pulses)));
  }

  private row(of: object, make: () => SessionTreeItem): SessionTreeItem {
    const row = this.rows.get(of) ?? make();
    this.rows.set(of, row);
    return row.describe();
  }
}
