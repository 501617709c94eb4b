import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { flipP } from './flipTest.ts';

/** One arm's scores, larger is better: a metric per seed and, where `evaluate` printed them, one score per seed and example. */
export interface Scores {
  readonly values: readonly number[];
  readonly examples?: readonly (readonly number[])[];
}

export interface CompareOptions {
  /** Smallest improvement worth having, in the metric's unit. */
  readonly minimumEffect: number;
  readonly alpha: number;
}

/** The comparison of one variant with the baseline, before tries are accounted for. */
export interface Comparison {
  readonly mean: number;
  /** Ends of the (1 − 2·alpha) interval; null where nothing can be said. */
  readonly low: number | null;
  readonly high: number | null;
  readonly unit: 'seed' | 'example' | 'seed and example' | 'none';
  readonly n: number;
  readonly p: number;
  readonly pT: number | null;
  readonly pStar: number;
  /** p* of the opposite claim, that the gain is smaller than the minimum effect. */
  readonly pRefuted: number;
  /** Standard error of the mean, and its degrees of freedom. */
  readonly error: number | null;
  readonly freedom: number | null;
  /** Standard deviation of the seeds' differences; null for one seed. */
  readonly deviation: number | null;
  /** With examples: the variance of the mean over examples (B), and how many there are. */
  readonly examples: { readonly variance: number; readonly count: number } | null;
  readonly note: string | null;
}

/** Values this close, relative to their size, are equal: a metric printed with nine digits. */
const EQUAL = 1e-9;
/** Below this many differing examples their variance is too lumpy to estimate, and gets a floor. */
const FEW_DIFFERENCES = 10;

/** Compares paired scores of the same seeds (trust.md 4): a sign-flip test and a t interval that carries both the
 *  spread over seeds and, with examples, over the test set. One seed, or seeds that change nothing, give no claim.
 *  @throws RangeError where the arms do not have the same seeds or examples */
export function compare(baseline: Scores, variant: Scores, options: CompareOptions): Comparison {
  assertPaired(baseline, variant);
  const differences = variant.values.map((value, i) => value - at(baseline.values, i));
  const mean = average(differences);
  if (differences.length < 2) return nothing(mean, differences.length, 'one seed');
  const examples = exampleDifferences(baseline, variant);
  const seedless = isConstant(baseline) && isConstant(variant);
  if (seedless && examples === null) {
    return nothing(mean, differences.length, 'seeds measure nothing and there are no examples');
  }
  const columns = examples === null ? null : columnMeans(examples);
  const units = seedless && columns !== null ? columns : differences;
  const { variance, freedom } =
    seedless && columns !== null
      ? { variance: sampleVariance(columns) / columns.length, freedom: columns.length - 1 }
      : spread(differences, examples);
  const floored = columns === null ? variance : Math.max(variance, lumpFloor(columns, baseline, variant));
  const unit = examples === null ? 'seed' : 'seed and example';
  const evidence: Evidence = { mean, units, variance: floored, freedom, unit: seedless ? 'example' : unit };
  return {
    ...conclude(evidence, baseline, options),
    deviation: Math.sqrt(sampleVariance(differences)),
    examples: columns && { variance: sampleVariance(columns) / columns.length, count: columns.length },
  };
}

/** Variance of the mean difference and its degrees of freedom: over seeds alone, or over seeds and examples crossed.
 *  Source: trust.md 4, after Cornfield and Tukey (1956) with Satterthwaite's degrees of freedom. */
export function spread(
  seedMeans: readonly number[],
  examples: readonly (readonly number[])[] | null,
): { variance: number; freedom: number } {
  const n = seedMeans.length;
  if (examples === null) return { variance: sampleVariance(seedMeans) / n, freedom: n - 1 };
  const columns = columnMeans(examples);
  const count = columns.length;
  const overSeeds = sampleVariance(seedMeans) / n;
  const overExamples = sampleVariance(columns) / count;
  const cells = (n - 1) * (count - 1);
  const residual = residualSquares(examples, seedMeans, columns) / cells / (n * count);
  const variance = Math.max(overSeeds + overExamples - residual, overSeeds, overExamples);
  const weight = overSeeds ** 2 / (n - 1) + overExamples ** 2 / (count - 1) + residual ** 2 / cells;
  return { variance, freedom: Math.max(weight > 0 ? variance ** 2 / weight : 0, Math.min(n, count) - 1) };
}

/** P(T ≥ mean / √variance) for Student's t; without variance 0 for a gain and 1 otherwise. */
export function upperTail(mean: number, variance: number, freedom: number): number {
  if (variance > 0) return tCdf(-mean / Math.sqrt(variance), freedom);
  return mean > 0 ? 0 : 1;
}

export function average(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

/** Unbiased sample variance. */
export function sampleVariance(values: readonly number[]): number {
  const mean = average(values);
  return values.reduce((total, value) => total + (value - mean) ** 2, 0) / (values.length - 1);
}

/** Whether an arm scores the same, to 1e-9, whatever the seed. */
export function isConstant({ values, examples }: Scores): boolean {
  if (range(values) > EQUAL * largest(values)) return false;
  const [first] = examples ?? [];
  return (first ?? []).every((_, e) => range((examples ?? []).map((row) => at(row, e))) <= EQUAL);
}

interface Evidence {
  readonly mean: number;
  readonly units: readonly number[];
  readonly variance: number;
  readonly freedom: number;
  readonly unit: Comparison['unit'];
}

function conclude(
  evidence: Evidence,
  baseline: Scores,
  { minimumEffect, alpha }: CompareOptions,
): Omit<Comparison, 'deviation' | 'examples'> {
  const { mean, units, variance, freedom, unit } = evidence;
  const p = flipP(units);
  const pT = upperTail(mean, variance, freedom);
  const half = -tQuantile(alpha, freedom) * Math.sqrt(variance);
  // Arms that differ by the same amount in every seed refute a gain only when that amount is a loss.
  const still = variance <= (EQUAL * largest(baseline.values)) ** 2 && mean >= -1e-12;
  const opposite = (): number =>
    Math.max(flipP(units.map((d) => minimumEffect - d)), upperTail(minimumEffect - mean, variance, freedom));
  return {
    mean,
    low: mean - half,
    high: mean + half,
    unit,
    n: baseline.values.length,
    p,
    pT,
    pStar: Math.max(p, pT),
    pRefuted: still ? 1 : opposite(),
    error: Math.sqrt(variance),
    freedom,
    note: null,
  };
}

function nothing(mean: number, n: number, note: string): Comparison {
  const none = { low: null, high: null, pT: null, error: null, freedom: null, deviation: null, examples: null };
  return { mean, n, unit: 'none', p: 1, pStar: 1, pRefuted: 1, note, ...none };
}

function assertPaired(baseline: Scores, variant: Scores): void {
  const shape = ({ values, examples }: Scores): string =>
    JSON.stringify([values.length, ...(examples ?? []).map((row) => row.length)]);
  if (shape(baseline) !== shape(variant)) throw new RangeError('The arms do not have the same seeds and examples.');
}

function exampleDifferences(baseline: Scores, variant: Scores): number[][] | null {
  if (baseline.examples === undefined || variant.examples === undefined) return null;
  const before = baseline.examples;
  return variant.examples.map((row, i) => row.map((score, e) => score - at(before[i] ?? [], e)));
}

/** (2·range of scores / E)² where fewer than ten examples differ between the arms, else 0. */
function lumpFloor(columns: readonly number[], baseline: Scores, variant: Scores): number {
  if (columns.filter((value) => value !== 0).length >= FEW_DIFFERENCES) return 0;
  const rows = [...(baseline.examples ?? []), ...(variant.examples ?? [])];
  const top = rows.reduce((best, row) => row.reduce((a, b) => Math.max(a, b), best), Number.NEGATIVE_INFINITY);
  const bottom = rows.reduce((best, row) => row.reduce((a, b) => Math.min(a, b), best), Number.POSITIVE_INFINITY);
  return ((2 * (top - bottom)) / columns.length) ** 2;
}

function columnMeans(rows: readonly (readonly number[])[]): number[] {
  const totals = new Array<number>(rows[0]?.length ?? 0).fill(0);
  for (const row of rows) for (const [e, value] of row.entries()) totals[e] = at(totals, e) + value;
  return totals.map((total) => total / rows.length);
}

function residualSquares(rows: readonly (readonly number[])[], seeds: readonly number[], columns: number[]): number {
  const grand = average(columns);
  let total = 0;
  for (const [i, row] of rows.entries()) {
    for (const [e, value] of row.entries()) total += (value - at(seeds, i) - at(columns, e) + grand) ** 2;
  }
  return total;
}

/** Lowest and highest, without a call of a million arguments: that overflows the stack. */
export function extremes(values: readonly number[]): { low: number; high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

function range(values: readonly number[]): number {
  const { low, high } = extremes(values);
  return high - low;
}

/** The largest size, at least 1: what differences are equal relative to. */
function largest(values: readonly number[]): number {
  const { low, high } = extremes(values);
  return Math.max(1, -low, high);
}

function at(values: readonly number[], index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`There is no value ${index} among ${values.length}.`);
  return value;
}
