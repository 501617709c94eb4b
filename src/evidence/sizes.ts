import chiSquareQuantile from '@stdlib/stats-base-dists-chisquare-quantile';
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';

/** The power that sizes are planned for. */
const POWER = 0.8;
/** No advice reaches further than this many seeds. */
const MOST_SEEDS = 100_000;

/** The share of alpha of the b-th try (from 1) on one test set: 2/3, then 1/(3·b·(b−1)); all shares sum to 1. */
export function share(tryNumber: number): number {
  return tryNumber === 1 ? 2 / 3 : 1 / (3 * tryNumber * (tryNumber - 1));
}

/** Least seeds with which k variants at the b-th try can be supported at all (trust.md 7). */
export function leastSeeds(variants: number, tryNumber: number, alpha: number): number {
  return Math.ceil(Math.log2(variants / (alpha * share(tryNumber))) - 1e-12);
}

/** The effect found with 80 % power, in units of the differences' standard deviation; null where the seeds are too few.
 *  @param level alpha times the try's share, over the number of variants */
export function detectableEffect(seeds: number, level: number): number | null {
  const steps = Math.floor(level * 2 ** seeds + 1e-9);
  if (steps < 1 || seeds < 2) return null;
  const quantiles = -tQuantile(level, seeds - 1) + tQuantile(POWER, seeds - 1);
  return (quantiles / Math.sqrt(seeds)) * (1 + 0.2 / steps);
}

/** The detectable effect in the metric's own unit: with a minimum effect the mean must exceed that as well. */
export function detectableGain(deviation: number, seeds: number, level: number, minimumEffect: number): number | null {
  const effect = detectableEffect(seeds, level);
  if (effect === null) return null;
  if (minimumEffect === 0) return effect * deviation;
  return Math.max(effect * deviation, minimumEffect + (tQuantile(POWER, seeds - 1) * deviation) / Math.sqrt(seeds));
}

export interface SeedPlan {
  /** Standard deviation of the seeds' differences, and the seeds it was estimated from. */
  readonly deviation: number;
  readonly seeds: number;
  readonly minimumEffect: number;
  readonly alpha: number;
  /** The least seeds of the next try, below which no advice goes. */
  readonly least: number;
  /** With examples: variance of the mean over examples (B), and their number. */
  readonly examples?: { readonly variance: number; readonly count: number };
}

export type SeedAdvice =
  /** Seeds that would decide between no effect and twice the minimum, for the deviation seen and for an upper guess. */
  | { readonly kind: 'seeds'; readonly from: number; readonly to: number }
  /** Not seeds but the test set is too small; examples that would do. */
  | { readonly kind: 'examples'; readonly needed: number }
  /** Without a minimum effect, or beyond what anybody would run, no number is given. */
  | { readonly kind: 'none' };

/** What would decide an inconclusive comparison (trust.md 7, more seeds). */
export function moreSeeds(plan: SeedPlan): SeedAdvice {
  const { deviation, seeds, minimumEffect, alpha, least, examples } = plan;
  if (minimumEffect <= 0 || seeds < 2) return { kind: 'none' };
  if (examples) {
    const ratio = (-tQuantile(alpha, examples.count - 1) * Math.sqrt(examples.variance)) / minimumEffect;
    if (ratio > 1) return { kind: 'examples', needed: Math.ceil(examples.count * ratio ** 2) };
  }
  const wide = deviation * Math.sqrt((seeds - 1) / chiSquareQuantile(1 - POWER, seeds - 1));
  const variance = examples?.variance ?? 0;
  const from = seedsFor(deviation, variance, minimumEffect, alpha);
  const to = seedsFor(wide, variance, minimumEffect, alpha);
  if (from === null || to === null) return { kind: 'none' };
  return { kind: 'seeds', from: Math.max(least, from), to: Math.max(least, to) };
}

/** Mean of the largest of K standard normal draws: the gain, in standard errors, that luck gives the best of K tries. */
export function expectedMaximum(count: number): number {
  if (count <= 1) return 0;
  const step = 0.001;
  let total = 0;
  for (let x = -10; x < 10; x += step) {
    const below = normalCdf(x + step / 2, 0, 1) ** count;
    total += (x + step / 2 > 0 ? 1 - below : -below) * step;
  }
  return total;
}

function seedsFor(deviation: number, variance: number, minimumEffect: number, alpha: number): number | null {
  for (let n = 2; n <= MOST_SEEDS; n = n < 1000 ? n + 1 : Math.ceil(n * 1.01)) {
    const quantiles = -tQuantile(alpha, n - 1) + tQuantile(POWER, n - 1);
    if (quantiles * Math.sqrt(deviation ** 2 / n + variance) <= minimumEffect) return n;
  }
  return null;
}
