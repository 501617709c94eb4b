import type { Contract } from '../domain/contract.ts';
import type { Arm, Check, Controls, Registration } from '../domain/evidence.ts';
import type { ConfinementLevel } from '../domain/run.ts';
import type { Repository } from '../git/repository.ts';
import type { ArmResult } from './armRuns.ts';
import type { Arms } from './arms.ts';
import type { Block } from './blocks.ts';
import type { RunScores } from './metrics.ts';
import type { Pool } from './pooling.ts';

/** What the checks of a measurement look at. */
export interface CheckRequest {
  /** The workspace folder, absolute. */
  readonly workspace: string;
  readonly contract: Contract;
  readonly repository: Repository;
  readonly arms: Arms;
  readonly registration: Registration;
  /** Those of pooled registrations first. */
  readonly blocks: readonly Block[];
  readonly pool: Pool;
  readonly confinement: ConfinementLevel;
  /** The steps of the session's plan, where it has one. */
  readonly plan?: readonly string[];
  /** What of the hidden files agents were shown before the variants were written, in words; absent: nothing. */
  readonly seenByAgents?: readonly string[];
  /** A scored run, and what a second evaluation of its output gave; null where nothing was scored. */
  readonly again: { readonly first: ArmResult; readonly second: RunScores | null } | null;
  /** What the contract's `trivial` scored, once or for every seed; null where it was not run. */
  readonly trivial: readonly ArmResult[] | null;
  /** What `--controls` showed; null where they were not asked for. */
  readonly control: ControlOutcome | null;
  /** Whether the last seeds were left out because they could not have changed the verdict. */
  readonly stopped: boolean;
}

/** What controls showed, and in words why one of them was not run. */
export interface ControlOutcome {
  readonly controls: Controls;
  readonly lacks: { readonly labelShuffle: string | null; readonly again: string | null };
}

/** The results of an arm, by seed, as far as it got. */
export function resultsOf({ blocks }: Pick<CheckRequest, 'blocks'>, arm: Arm): ArmResult[] {
  return blocks.flatMap((block) => block.get(arm.name) ?? []);
}

/** One entry for every arm that fails, or one that says that none does. */
export function perArm(
  name: string,
  kind: Check['kind'],
  arms: readonly Arm[],
  { fault, fine }: { fault: (arm: Arm) => string | null; fine: string },
): Check[] {
  const failed = arms.flatMap((arm) => {
    const detail = fault(arm);
    return detail === null ? [] : [{ name, kind, passed: false, detail, revision: arm.revision }];
  });
  return failed.length > 0 ? failed : [{ name, kind, passed: true, detail: fine }];
}

export function allArms({ registration }: Pick<CheckRequest, 'registration'>): Arm[] {
  return [registration.baseline, ...registration.variants];
}

/** A check that could not be run, and what it lacked. */
export function notRun(name: string, kind: Check['kind'], detail: string): Check[] {
  return [{ name, kind, passed: null, detail }];
}
