import * as z from 'zod';
import { Goal } from './contract.ts';

/** One side of a comparison: a revision as it was named, and what it stood for. */
export const Arm = z.object({
  name: z.string(),
  revision: z.string(),
  commit: z.string(),
  tree: z.string(),
  /** What `{args}` of the contract's `run` stands for, where arms are configurations of one commit. */
  args: z.array(z.string()).optional(),
  /** What its environment is made of, as a hash that names it; absent where runs use the chosen interpreter as it is. */
  lock: z.string().optional(),
  /** Installed there besides what its lock files name, each approved by a person. */
  packages: z.array(z.string()).optional(),
});
export type Arm = z.infer<typeof Arm>;

/** What earlier runs of the same baseline tell of a comparison; null where there are none. */
export const Forecast = z.object({
  /** Standard deviation of the primary metric over seeds. */
  deviation: z.number().nullable(),
  /** Wall seconds of a run with its evaluation, on average, and at most by the budget. */
  secondsPerRun: z.number().nullable(),
  mostSecondsPerRun: z.number(),
  /** What the comparison can show and will cost, in a sentence or two. */
  words: z.string(),
});
export type Forecast = z.infer<typeof Forecast>;

/** A baseline that was run alone, for its noise: the id that its runs' ids begin with, and its seeds. */
export interface NoiseRuns {
  readonly id: string;
  readonly baseline: Arm;
  readonly seeds: readonly number[];
}

/** What is fixed before the first run (trust.md 1). A change of any of it is a new registration. */
export const Registration = z.object({
  id: z.string(),
  hypothesis: z.string(),
  metric: z.string(),
  goal: Goal,
  baseline: Arm,
  variants: z.array(Arm).min(1),
  seeds: z.array(z.number().int()).min(1),
  /** `drawn` after the arms were commits, or `known beforehand`: listed in the contract. */
  seedsFrom: z.enum(['drawn', 'known beforehand']),
  /** Random seed of the order within blocks, and the order drawn: arm names for each seed. */
  orderSeed: z.string(),
  order: z.array(z.array(z.string())),
  minimumEffect: z.number(),
  alpha: z.number(),
  budget: z.object({ wallSeconds: z.number(), memoryBytes: z.number() }),
  accepted: z.record(z.string(), z.string()),
  /** Hash of hidden and protected files, primary metric and baseline tree: claims on it share alpha. */
  family: z.string(),
  /** Scored on the contract's locked `final` test set. */
  final: z.boolean().optional(),
  /** Earlier registrations of the same arms, oldest first: their complete blocks count here too (trust.md 5). */
  pooled: z.array(z.object({ id: z.string(), seeds: z.array(z.number().int()) })).optional(),
  /** Seeds of the controls, where they were asked for: one a permutation of the training labels, and those of the two
   *  rounds of the baseline against itself. */
  controls: z.object({ shuffle: z.array(z.number().int()), again: z.array(z.array(z.number().int())) }).optional(),
  tryNumber: z.number().int().min(1),
  leastSeeds: z.number().int(),
  /** In units of the standard deviation of the paired differences. */
  detectableEffect: z.number().nullable(),
  forecast: Forecast.optional(),
});
export type Registration = z.infer<typeof Registration>;

export const Check = z.object({
  name: z.string(),
  kind: z.enum(['void', 'doubt', 'note']),
  /** null: not run; the detail says what was lacking. */
  passed: z.boolean().nullable(),
  detail: z.string(),
  revision: z.string().optional(),
  /** Why a person accepted a doubt after seeing the result; one accepted beforehand stands in the registration. */
  acceptedAfter: z.string().optional(),
});
export type Check = z.infer<typeof Check>;

export const Verdict = z.enum(['supported', 'refuted', 'inconclusive', 'invalid']);
export type Verdict = z.infer<typeof Verdict>;

/** The paired difference variant − baseline, sign-adjusted so that larger is better (trust.md 4). */
export const Difference = z.object({
  mean: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  p: z.number(),
  pT: z.number().nullable(),
  pStar: z.number(),
  adjustedP: z.number(),
  unit: z.enum(['seed', 'example', 'seed and example', 'none']),
  n: z.number().int(),
  /** How many examples (or groups, or jackknife blocks) carry the variance; absent where none do. */
  examples: z.number().int().optional(),
  /** The gain that luck alone gives the best of all comparisons on this test set; absent without examples. */
  luck: z.number().optional(),
});
export type Difference = z.infer<typeof Difference>;

/** What `--controls` showed; scores are sign-adjusted so that larger is better. */
export const Controls = z.object({
  /** Training with permuted labels; null where it was not run. */
  labelShuffle: z
    .object({
      permutations: z.number().int(),
      /** Mean score of the contract's `trivial`. */
      trivial: z.number(),
      /** Mean lead over `trivial` as measured, and the lead with each permutation of the training labels. */
      arms: z.array(
        z.object({ revision: z.string(), lead: z.number(), shuffled: z.array(z.number()), runs: z.array(z.string()) }),
      ),
    })
    .nullable(),
  /** The baseline against itself: one round, a second one where the first was at most alpha; null where it was not run. */
  again: z
    .array(
      z.object({
        seeds: z.array(z.number().int()),
        differences: z.array(z.number()),
        mean: z.number(),
        pStar: z.number(),
        runs: z.array(z.string()),
      }),
    )
    .nullable(),
});
export type Controls = z.infer<typeof Controls>;

/** What `mlr measure --json` prints and the report rests on. */
export const Measurement = z.object({
  session: z.string(),
  verdict: Verdict,
  /** One sentence: why this verdict, and what would decide it. */
  reason: z.string(),
  metric: z.string(),
  goal: Goal,
  /** The seed that each value is of, those of pooled registrations first. */
  seeds: z.array(z.number().int()).optional(),
  baseline: z.object({ revision: z.string(), values: z.array(z.number().nullable()), mean: z.number().nullable() }),
  variants: z.array(
    z.object({
      revision: z.string(),
      values: z.array(z.number().nullable()),
      mean: z.number().nullable(),
      difference: Difference,
      verdict: Verdict,
      reason: z.string(),
    }),
  ),
  checks: z.array(Check),
  controls: Controls.optional(),
  tried: z.number().int(),
  runs: z.array(
    z.object({
      id: z.string(),
      revision: z.string(),
      seed: z.number().int(),
      exit: z.number().int().nullable(),
      metrics: z.record(z.string(), z.number().nullable()),
    }),
  ),
  registration: Registration,
});
export type Measurement = z.infer<typeof Measurement>;

/** What the baseline's own noise lets a comparison show, and at what price: what `mlr measure` without a variant prints. */
export const NoiseCard = z.object({
  metric: z.string(),
  revision: z.string(),
  seeds: z.array(z.number().int()),
  values: z.array(z.number().nullable()),
  mean: z.number(),
  /** Standard deviation over seeds. */
  deviation: z.number(),
  /** √2 times that: what two runs of the same code differ by. */
  noiseFloor: z.number(),
  /** Wall seconds of one run with its evaluation, on average. */
  secondsPerRun: z.number(),
  plans: z.array(
    z.object({
      seeds: z.number().int(),
      /** Smallest gain found with 80 % power at the first try of one variant, in the metric's unit. */
      detectable: z.number().nullable(),
      /** Runs of both arms, and their seconds. */
      runs: z.number().int(),
      seconds: z.number(),
    }),
  ),
});
export type NoiseCard = z.infer<typeof NoiseCard>;

/** What running a report again gave. */
export const Reproduction = z.object({
  /** Every run finished with a score, and every claim that was compared lies within the tolerance. */
  reproduced: z.boolean(),
  tolerance: z.number(),
  claims: z.array(
    z.object({ id: z.string(), reported: z.number(), found: z.number().nullable(), within: z.boolean() }),
  ),
  /** Claims that the machine or the choice of pairs decides. */
  notCompared: z.array(z.string()),
  runs: z.array(
    z.object({
      id: z.string(),
      /** The reported run that it repeats. */
      of: z.string(),
      revision: z.string(),
      seed: z.number().int(),
      exit: z.number().int().nullable(),
      metrics: z.record(z.string(), z.number().nullable()),
      problem: z.string().nullable(),
    }),
  ),
  /** The first thing that kept a run from being repeated; null where all were. */
  problem: z.string().nullable(),
});
export type Reproduction = z.infer<typeof Reproduction>;

/** A number in a report, with what it is recomputed from. */
export const Claim = z.object({
  id: z.string(),
  runs: z.array(z.string()),
  metric: z.string(),
  aggregation: z.string(),
  value: z.number().nullable(),
});
export type Claim = z.infer<typeof Claim>;
