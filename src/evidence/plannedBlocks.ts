import type { Arm, Registration } from '../domain/evidence.ts';
import { type ArmResult, type RunPorts, runArm } from './armRuns.ts';
import type { Block } from './blocks.ts';

/** The arms of one seed, in their registered order. */
export interface PlannedBlock {
  readonly seed: number;
  readonly arms: readonly Arm[];
}

/** One seed of every arm that is still in, in the registered order; a failure does not end it, so that blame is clear. */
export async function runBlock(
  ports: RunPorts,
  registration: string,
  { seed, arms }: PlannedBlock,
  dropped: ReadonlySet<string>,
): Promise<Block> {
  const block = new Map<string, ArmResult>();
  for (const arm of arms) {
    if (!dropped.has(arm.name)) block.set(arm.name, await runArm(ports, registration, arm, seed));
  }
  return block;
}

/** Every seed with its arms, as they were registered. */
export function plannedBlocks({ seeds, order, baseline, variants }: Registration): PlannedBlock[] {
  const all = [baseline, ...variants];
  return seeds.map((seed, i) => ({
    seed,
    arms: (order[i] ?? []).flatMap((name) => all.find((arm) => arm.name === name) ?? []),
  }));
}
