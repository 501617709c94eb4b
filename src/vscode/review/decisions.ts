import type { ChangeSet, FileChange, Hunk } from '../../domain/change.ts';

export type Decision = Hunk['decision'];

/** One thing a person did: hunks that they accepted, rejected, or opened again. */
export interface DecisionStep {
  readonly hunks: readonly string[];
  readonly decision: Decision;
}

/** What was decided on hunks so far: a fold over the steps, so that the last one can always be taken back. */
export class Decisions {
  readonly steps: readonly DecisionStep[];
  private readonly decided = new Map<string, Decision>();

  constructor(steps: readonly DecisionStep[] = []) {
    this.steps = steps;
    for (const { hunks, decision } of steps) for (const hunk of hunks) this.decided.set(hunk, decision);
  }

  of(hunk: { readonly id: string }): Decision {
    return this.decided.get(hunk.id) ?? 'open';
  }

  /** The decisions with one step more; the same where it would change nothing. */
  with(step: DecisionStep): Decisions {
    const changes = step.hunks.some((id) => this.of({ id }) !== step.decision);
    return changes ? new Decisions([...this.steps, step]) : this;
  }

  withoutLast(): Decisions {
    return new Decisions(this.steps.slice(0, -1));
  }

  /** The change set with these decisions on its hunks. */
  on(changes: ChangeSet): ChangeSet {
    const files = changes.files.map((file) => ({ ...file, hunks: this.onHunks(file) }));
    return { ...changes, files };
  }

  private onHunks(file: FileChange): Hunk[] {
    return file.hunks.map((hunk) => ({ ...hunk, decision: this.of(hunk) }));
  }
}

/** How many hunks of a change set, or of a file of it, are decided how; ids in their order. */
export interface Tally {
  readonly all: readonly string[];
  readonly open: readonly string[];
  readonly accepted: readonly string[];
  readonly rejected: readonly string[];
}

export function tallyOf(files: readonly FileChange[], decisions: Decisions): Tally {
  const hunks = files.flatMap((file) => file.hunks);
  const ids = (decision: Decision): string[] =>
    hunks.filter((hunk) => decisions.of(hunk) === decision).map(({ id }) => id);
  return {
    all: hunks.map(({ id }) => id),
    open: ids('open'),
    accepted: ids('accepted'),
    rejected: ids('rejected'),
  };
}
