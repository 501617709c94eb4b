import type { Contract } from '../domain/contract.ts';
import type { Arm, Registration } from '../domain/evidence.ts';
import type { EndedRun } from '../domain/run.ts';
import type { ArmResult } from './armRuns.ts';
import type { Block } from './blocks.ts';
import { runIdOf } from './register.ts';
import { armResult, loadAttempts } from './runEvidence.ts';

/** Blocks of earlier registrations that count in this one, and what became of the others. */
export interface Pool {
  readonly blocks: readonly Block[];
  /** In words, for each block that was left out; none where all count. */
  readonly leftOut: readonly string[];
}

export const NO_POOL: Pool = { blocks: [], leftOut: [] };

/** The complete blocks of the registrations that this one pools (trust.md 5, more seeds after a look): every arm
 *  scored, on the same inputs, in the same environment as here, with a seed that is not used twice.
 *  @param first the first run of this registration: the environment and the inputs to compare with */
export async function poolBlocks(
  { workspace, contract }: { readonly workspace: string; readonly contract: Pick<Contract, 'metrics'> },
  registration: Registration,
  first: EndedRun,
): Promise<Pool> {
  const arms = [registration.baseline, ...registration.variants];
  const used = new Set(registration.seeds);
  const blocks: Block[] = [];
  const leftOut: string[] = [];
  for (const { id, seeds } of registration.pooled ?? []) {
    for (const seed of seeds) {
      const results = await Promise.all(arms.map((arm) => earlierResult(workspace, contract, id, arm, seed)));
      const why = used.has(seed) ? 'its seed is used here too' : whyNot(results, first);
      if (why !== null) leftOut.push(`seed ${seed} of ${id}: ${why}`);
      else blocks.push(new Map(results.flatMap((result) => (result ? [[result.arm.name, result] as const] : []))));
      used.add(seed);
    }
  }
  return { blocks, leftOut };
}

async function earlierResult(
  workspace: string,
  contract: Pick<Contract, 'metrics'>,
  registration: string,
  arm: Arm,
  seed: number,
): Promise<ArmResult | null> {
  const attempts = await loadAttempts(workspace, (attempt) => runIdOf(registration, seed, arm.name, attempt), contract);
  return armResult(arm, seed, attempts);
}

function whyNot(results: readonly (ArmResult | null)[], first: EndedRun): string | null {
  for (const result of results) {
    const run = result?.runs.at(-1);
    if (!result || !run || result.failure !== null) return 'it is not complete';
    if (!isSame(run.environment, first.environment)) return 'it ran in another environment';
    if (!isSame(inputsOf(run), inputsOf(first))) return 'its inputs were others';
  }
  return null;
}

function inputsOf(run: EndedRun): Record<string, string | null> {
  return Object.fromEntries(run.hashes.map(({ path, before }) => [path, before]));
}

function isSame(a: Readonly<Record<string, string | null>>, b: Readonly<Record<string, string | null>>): boolean {
  const rows = (one: Readonly<Record<string, string | null>>) => JSON.stringify(Object.entries(one).sort());
  return rows(a) === rows(b);
}
