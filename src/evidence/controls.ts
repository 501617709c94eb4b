import { createHash } from 'node:crypto';
import type { Arm, Controls, Registration } from '../domain/evidence.ts';
import { type ArmResult, type RunPorts, runArm } from './armRuns.ts';
import { type Block, compareBlocks, pairedScores, seedOf } from './blocks.ts';
import type { ControlOutcome } from './checkRequest.ts';
import { shuffledLabelFile, withLabels } from './labelFile.ts';
import { shuffled } from './register.ts';
import { average } from './statistics.ts';
import { isBetterThanTrivial, withTrivial } from './trivialCheck.ts';
import { trivialArm } from './trivialRuns.ts';

/** Runs what `--controls` asks for (trust.md, validity checks): training on permuted labels, and the baseline against
 *  itself. What has ended before is not repeated, as the ids of its runs follow from the registration.
 *  @param trivial what the contract's `trivial` scored; null where it was not run
 *  @returns null where the registration has no controls
 *  @throws the signal's reason when it aborts; RunError where no run can be started */
export async function runControls(
  ports: RunPorts & { repository: { folder: string } },
  registration: Registration,
  blocks: readonly Block[],
  trivial: readonly ArmResult[] | null,
): Promise<ControlOutcome | null> {
  if (registration.controls === undefined) return null;
  const labels = await shuffleLabels(ports, registration, { blocks, trivial });
  const again = await measureAgain(ports, registration);
  return {
    controls: {
      labelShuffle: typeof labels === 'string' ? null : labels,
      again: typeof again === 'string' ? null : again,
    },
    lacks: {
      labelShuffle: typeof labels === 'string' ? labels : null,
      again: typeof again === 'string' ? again : null,
    },
  };
}

/** As any registration's id: a run must not know from its own that it is a control. */
function controlId({ id }: Registration, control: string): string {
  return `m${createHash('sha256').update(`${id}:${control}`).digest('hex').slice(0, 12)}`;
}

interface Scored {
  readonly blocks: readonly Block[];
  readonly trivial: readonly ArmResult[] | null;
}

async function shuffleLabels(
  ports: RunPorts & { repository: { folder: string } },
  registration: Registration,
  scored: Scored,
): Promise<NonNullable<Controls['labelShuffle']> | string> {
  const { contract } = ports;
  if (contract.labels === undefined) return 'the contract names no `labels`';
  if (contract.trivial === undefined) return 'the contract names no `trivial`, against which a lead could be told';
  const beside = withTrivial(registration, scored.blocks, scored.trivial);
  if (beside === null) return '`trivial` gave no score to compare with';
  const able = registration.variants.filter((arm) => isBetterThanTrivial(registration, beside, arm));
  if (able.length === 0) return 'no variant beats `trivial`, so there is no lead that could be lost';
  const results = await trainShuffled(ports, registration, [registration.baseline, ...able]);
  if (typeof results === 'string') return results;
  const arms = [registration.baseline, ...able].map((arm) => ({ arm, results: results.get(arm.name) ?? [] }));
  return leadsOf(registration, { beside, trivial: scored.trivial ?? [], arms });
}

/** Leads over `trivial`, as measured and with permuted labels.
 *  @param scored.beside the blocks with the trivial prediction's score in them */
export function leadsOf(
  registration: Registration,
  scored: {
    readonly beside: readonly Block[];
    readonly trivial: readonly ArmResult[];
    readonly arms: readonly { readonly arm: Arm; readonly results: readonly ArmResult[] }[];
  },
): NonNullable<Controls['labelShuffle']> {
  const zero = average(scoresOf(registration, scored.trivial));
  const arms = scored.arms.map(({ arm, results }) => {
    const measured = pairedScores({ ...registration, baseline: trivialArm(registration) }, scored.beside, arm);
    return {
      revision: arm.revision,
      lead: average(measured?.variant.values ?? []) - average(measured?.baseline.values ?? []),
      shuffled: scoresOf(registration, results).map((score) => score - zero),
      runs: results.flatMap(({ runs }) => runs.slice(-1).map(({ id }) => id)),
    };
  });
  return { permutations: registration.controls?.shuffle.length ?? 0, trivial: zero, arms };
}

/** Every arm once for each permutation, with the same permutation and seed. */
async function trainShuffled(
  ports: RunPorts & { repository: { folder: string } },
  registration: Registration,
  arms: readonly Arm[],
): Promise<Map<string, ArmResult[]> | string> {
  const results = new Map<string, ArmResult[]>();
  for (const [i, seed] of (registration.controls?.shuffle ?? []).entries()) {
    const id = controlId(registration, `label-shuffle:${i}`);
    for (const arm of arms) {
      const labels = await shuffledLabelFile(ports, arm, id);
      if ('why' in labels) return labels.why;
      const shown = { ...ports, arms: { ...ports.arms, inputs: withLabels(ports.arms.inputs, labels) } };
      const result = await runArm(shown, id, arm, seed, { purpose: 'control', command: ports.contract.run });
      if (result.failure !== null) return `with shuffled labels ${arm.name} gave no score: ${result.failure}`;
      results.set(arm.name, [...(results.get(arm.name) ?? []), result]);
    }
  }
  return results;
}

/** The baseline against itself by the rules of the comparison; a second round only where the first gives p* ≤ alpha. */
async function measureAgain(
  ports: RunPorts,
  registration: Registration,
): Promise<NonNullable<Controls['again']> | string> {
  const { alpha } = registration;
  const second = secondOf(registration);
  const rounds: NonNullable<Controls['again']> = [];
  for (const [round, seeds] of (registration.controls?.again ?? []).entries()) {
    const blocks = await runTwice(ports, registration, second, { round, seeds });
    if (typeof blocks === 'string') return blocks;
    const found = roundOf(registration, blocks, second);
    if (found === null) return 'the baseline gave no pairs against itself';
    rounds.push(found);
    if (found.pStar > alpha) break;
  }
  return rounds;
}

/** The baseline under the variant's name, so that an evaluation which knows arms by their names is found too. */
export function secondOf({ baseline, variants }: Registration): Arm {
  return { ...baseline, name: variants[0]?.name ?? 'variant' };
}

/** The baseline twice with each seed, in an order drawn like that of a comparison. */
async function runTwice(
  ports: RunPorts,
  registration: Registration,
  second: Arm,
  { round, seeds }: { round: number; seeds: readonly number[] },
): Promise<Block[] | string> {
  const { baseline, orderSeed } = registration;
  const id = controlId(registration, `a-a:${round}`);
  const blocks: Block[] = [];
  for (const [i, seed] of seeds.entries()) {
    const block = new Map<string, ArmResult>();
    for (const name of shuffled([baseline.name, second.name], `${orderSeed}:a-a:${round}:${i}`)) {
      const arm = name === baseline.name ? baseline : second;
      const result = await runArm(ports, id, arm, seed, { purpose: 'control', command: ports.contract.run });
      if (result.failure !== null) return `the baseline gave no score against itself: ${result.failure}`;
      block.set(name, result);
    }
    blocks.push(block);
  }
  return blocks;
}

/** What one round of the baseline against itself showed; null where it gave no pairs. */
export function roundOf(registration: Registration, blocks: readonly Block[], second: Arm) {
  const alone = { ...registration, variants: [second], minimumEffect: 0 };
  const comparison = compareBlocks(alone, blocks, second);
  const paired = pairedScores(alone, blocks, second);
  if (comparison === null || paired === null) return null;
  return {
    seeds: blocks.map(seedOf),
    differences: paired.variant.values.map((value, i) => value - (paired.baseline.values[i] ?? 0)),
    mean: comparison.mean,
    pStar: comparison.pStar,
    runs: blocks.flatMap((block) => [...block.values()].flatMap(({ runs }) => runs.slice(-1).map((run) => run.id))),
  };
}

/** The primary metric of each, larger is better. */
function scoresOf({ metric, goal }: Registration, results: readonly ArmResult[]): number[] {
  const sign = goal === 'maximize' ? 1 : -1;
  return results.flatMap(({ scores }) => scores?.metrics[metric] ?? []).map((value) => sign * value);
}
