import { columnMeans, differencesOf, extremes, type Row, residualSquares, widestColumn } from './exampleTable.ts';
import { flipP } from './flipTest.ts';
import { upperQuantile, upperTail } from './studentT.ts';

/** One arm's scores, larger is better: a metric per seed and, where `evaluate` printed them, one score per seed and example. */
export interface Scores {
  readonly values: readonly number[];
  readonly examples?: readonly Row[];
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
  const examples = baseline.examples && variant.examples ? differencesOf(baseline.examples, variant.examples) : null;
  const seedless = isConstant(baseline) && isConstant(variant);
  if (seedless && examples === null) {
    return nothing(mean, differences.length, 'seeds measure nothing and there are no examples');
  }
  const columns = examples === null ? null : columnMeans(examples);
  const units = seedless && columns !== null ? columns : differences;
  const { variance, freedom } =
    seedless && columns !== null
      ? { variance: sampleVariance(columns) / columns.length, freedom: columns.length - 1 }
      : spread(differences, examples, columns);
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
  examples: readonly Row[] | null,
  columns = examples && columnMeans(examples),
): { variance: number; freedom: number } {
  const n = seedMeans.length;
  if (examples === null || columns === null) return { variance: sampleVariance(seedMeans) / n, freedom: n - 1 };
  const count = columns.length;
  const overSeeds = sampleVariance(seedMeans) / n;
  const overExamples = sampleVariance(columns) / count;
  const cells = (n - 1) * (count - 1);
  const residual = residualSquares(examples, seedMeans, columns) / cells / (n * count);
  const variance = Math.max(overSeeds + overExamples - residual, overSeeds, overExamples);
  const weight = overSeeds ** 2 / (n - 1) + overExamples ** 2 / (count - 1) + residual ** 2 / cells;
  return { variance, freedom: Math.max(weight > 0 ? variance ** 2 / weight : 0, Math.min(n, count) - 1) };
}

export function average(values: Row): number {
  let total = 0;
  for (let i = 0; i < values.length; i += 1) total += values[i] ?? Number.NaN;
  return total / values.length;
}

/** Unbiased sample variance. */
export function sampleVariance(values: Row): number {
  const mean = average(values);
  let squares = 0;
  for (let i = 0; i < values.length; i += 1) squares += ((values[i] ?? Number.NaN) - mean) ** 2;
  return squares / (values.length - 1);
}

/** Whether an arm scores the same, to 1e-9, whatever the seed. */
export function isConstant({ values, examples }: Scores): boolean {
  if (range(values) > EQUAL * largest(values)) return false;
  return (examples ?? []).length === 0 || widestColumn(examples ?? []) <= EQUAL;
}

interface Evidence {
  readonly mean: number;
  readonly units: Row;
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
  const half = upperQuantile(alpha, freedom) * Math.sqrt(variance);
  // Arms that differ by the same amount in every seed refute a gain only when that amount is a loss.
  const still = variance <= (EQUAL * largest(baseline.values)) ** 2 && mean >= -1e-12;
  const opposite = (): number =>
    Math.max(flipP(shortfalls(units, minimumEffect)), upperTail(minimumEffect - mean, variance, freedom));
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

/** By how much each unit stays below the minimum effect. */
function shortfalls(units: Row, minimumEffect: number): number[] {
  const short: number[] = [];
  for (let i = 0; i < units.length; i += 1) short.push(minimumEffect - (units[i] ?? Number.NaN));
  return short;
}

function nothing(mean: number, n: number, note: string): Comparison {
  const none = { low: null, high: null, pT: null, error: null, freedom: null, deviation: null, examples: null };
  return { mean, n, unit: 'none', p: 1, pStar: 1, pRefuted: 1, note, ...none };
}

function assertPaired(baseline: Scores, variant: Scores): void {
  const [before, after] = [baseline.examples ?? [], variant.examples ?? []];
  const paired =
    baseline.values.length === variant.values.length &&
    before.length === after.length &&
    before.every((row, i) => row.length === after[i]?.length);
  if (!paired) throw new RangeError('The arms do not have the same seeds and examples.');
}

/** (2·range of scores / E)² where fewer than ten examples differ between the arms, else 0. */
function lumpFloor(columns: Row, baseline: Scores, variant: Scores): number {
  let differing = 0;
  for (let e = 0; e < columns.length && differing < FEW_DIFFERENCES; e += 1) if (columns[e] !== 0) differing += 1;
  if (differing >= FEW_DIFFERENCES) return 0;
  const rows = [...(baseline.examples ?? []), ...(variant.examples ?? [])].map(extremes);
  const top = extremes(rows.map(({ high }) => high)).high;
  const bottom = extremes(rows.map(({ low }) => low)).low;
  return ((2 * (top - bottom)) / columns.length) ** 2;
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
