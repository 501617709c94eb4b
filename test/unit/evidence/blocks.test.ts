import { describe, expect, it } from 'vitest';
import type { Arm, Registration } from '../../../src/domain/evidence.ts';
import type { ArmResult } from '../../../src/evidence/armRuns.ts';
import { type Block, compareBlocks, isFutile, seedsMeasureNothing } from '../../../src/evidence/blocks.ts';

const [baseline, variant] = ['baseline', 'variant'].map(
  (name): Arm => ({ name, revision: name, commit: `commit of ${name}`, tree: `tree of ${name}` }),
) as [Arm, Arm];

function registration(goal: Registration['goal'], seeds: number): Registration {
  return {
    ...{ id: 'm1', hypothesis: '', metric: 'score', goal, baseline, variants: [variant] },
    ...{ seeds: Array.from({ length: seeds }, (_, i) => i), seedsFrom: 'drawn', orderSeed: '', order: [] },
    ...{ minimumEffect: 0, alpha: 0.05, budget: { wallSeconds: 1, memoryBytes: 1 }, accepted: {}, family: 'f' },
    ...{ tryNumber: 1, leastSeeds: 5, detectableEffect: null },
  };
}

/** One block a pair of scores: the baseline's, then the variant's. */
function blocksOf(pairs: readonly (readonly [number, number])[], examples?: readonly number[]): Block[] {
  const result = (arm: Arm, seed: number, score: number): ArmResult => ({
    ...{ arm, seed, runs: [], evaluations: [], failure: null, own: false },
    scores: {
      ...{ metrics: { score }, problem: null, examplesProblem: null, groups: null },
      ...{ examples: examples ?? null, units: examples ?? null },
    },
  });
  return pairs.map(
    ([before, after], seed): Block =>
      new Map([
        ['baseline', result(baseline, seed, before)],
        ['variant', result(variant, seed, after)],
      ]),
  );
}

const lower = blocksOf([
  [0.9, 0.5],
  [0.8, 0.5],
  [0.9, 0.6],
  [0.7, 0.4],
  [0.8, 0.3],
]);

describe('pairs of runs', () => {
  it('count a lower score as a gain where the metric is to be minimized, and as a loss where not', () => {
    expect(compareBlocks(registration('minimize', 5), lower, variant)).toMatchObject({ mean: expect.closeTo(0.36) });
    expect(compareBlocks(registration('maximize', 5), lower, variant)).toMatchObject({ mean: expect.closeTo(-0.36) });
  });

  it('end early only where none of the registered seeds could still turn the verdict', () => {
    const bad = blocksOf([
      [0.8, 0.5],
      [0.7, 0.4],
    ]);
    const good = blocksOf([
      [0.5, 0.8],
      [0.4, 0.7],
    ]);
    expect(isFutile(registration('maximize', 5), bad, variant)).toBe(true);
    expect(isFutile(registration('minimize', 5), bad, variant)).toBe(false);
    expect(isFutile(registration('maximize', 5), good, variant)).toBe(false);
    // Ten more seeds could outweigh two bad pairs.
    expect(isFutile(registration('maximize', 12), bad, variant)).toBe(false);
  });

  it('are not ended after one seed, which does not tell what decides', () => {
    expect(isFutile(registration('maximize', 5), blocksOf([[0.8, 0.5]]), variant)).toBe(false);
  });

  it('are said to measure nothing after two seeds without a difference, where no examples decide', () => {
    const still = (examples?: number[]) =>
      blocksOf(
        [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
        examples,
      );
    const said = seedsMeasureNothing(registration('maximize', 5), still(), variant);
    expect(said).toMatch(/^Neither the baseline nor .* differs between seeds/);
    expect(seedsMeasureNothing(registration('maximize', 5), still([0, 1]), variant)).toBeNull();
    expect(seedsMeasureNothing(registration('maximize', 5), lower, variant)).toBeNull();
    expect(seedsMeasureNothing(registration('maximize', 5), still().slice(0, 1), variant)).toBeNull();
  });

  it('are not ended early where nothing varies with the seed and examples will decide', () => {
    const still = blocksOf(
      [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
      [0, 1],
    );
    expect(isFutile(registration('maximize', 5), still, variant)).toBe(false);
  });
});
