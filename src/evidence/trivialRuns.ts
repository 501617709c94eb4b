import type { Arm, Registration } from '../domain/evidence.ts';
import { type ArmResult, type RunPorts, runArm } from './armRuns.ts';
import { type Block, seedOf } from './blocks.ts';

/** A prediction that needs no learning stands for an arm of its own, on the baseline's files. */
export function trivialArm({ baseline }: Pick<Registration, 'baseline'>): Arm {
  return { ...baseline, name: 'trivial-prediction', revision: 'trivial' };
}

/** Runs the contract's `trivial` and scores what it wrote: once a seed where it takes one, else once.
 *  @returns null where the contract has none, or so few seeds were scored that nothing could be told from it
 *  @throws the signal's reason when it aborts; RunError where no run can be started */
export async function runTrivial(
  ports: RunPorts,
  registration: Registration,
  blocks: readonly Block[],
): Promise<ArmResult[] | null> {
  const command = ports.contract.trivial;
  const seeds = blocks.map(seedOf);
  if (command === undefined || canTellNothing(registration, blocks)) return null;
  const arm = trivialArm(registration);
  const results: ArmResult[] = [];
  for (const seed of command.includes('{seed}') ? seeds : seeds.slice(0, 1)) {
    const result = await runArm(ports, registration.id, arm, seed, { purpose: 'trivial', command });
    results.push(result);
    if (result.failure !== null) break;
  }
  return results;
}

/** With n pairs no p is below 2^−n, unless nothing varies with the seed and examples decide. */
export function canTellNothing({ alpha }: Pick<Registration, 'alpha'>, blocks: readonly Block[]): boolean {
  const failed = blocks.some((block) => [...block.values()].every((result) => result.scores === null));
  const withExamples = blocks.some((block) => [...block.values()].some((result) => result.scores?.units));
  return failed || blocks.length < 2 || (2 ** -blocks.length > alpha && !withExamples);
}
