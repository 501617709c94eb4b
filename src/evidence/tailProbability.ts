/** Below this, ln n! is summed once and kept; above, Stirling's series is exact to the last digits. */
const SUMMED = 256;
const summed = logFactorials();

/** −log2 P(Binomial(trials, chance) ≥ hits): how surprising so many agreements are, in bits. */
export function binomialSurprise(trials: number, chance: number, hits: number): number {
  if (hits <= 0 || chance >= 1) return 0;
  if (chance <= 0) return Number.POSITIVE_INFINITY;
  const first =
    logChoose(trials, hits) + hits * Math.log(chance) + (trials - hits) * Math.log1p(-Math.min(chance, 1 - 1e-16));
  const odds = chance / (1 - chance);
  const sum = relativeTail(trials - hits, (i) => ((trials - hits - i) / (hits + i + 1)) * odds);
  return Math.max(0, -(first + Math.log(sum)) / Math.LN2);
}

/** A share as a count of a total. */
export interface Share {
  readonly count: number;
  readonly of: number;
}

/** Fisher's exact test, one-sided: the probability that the first share is at least so large if both are of one kind. */
export function fisherUpper(first: Share, second: Share): number {
  const marked = first.count + second.count;
  const most = Math.min(first.of, marked);
  const log =
    logChoose(first.of, first.count) + logChoose(second.of, second.count) - logChoose(first.of + second.of, marked);
  const sum = relativeTail(most - first.count, (i) => {
    const a = first.count + i;
    const b = second.count - i;
    return ((first.of - a) * b) / ((a + 1) * (second.of - b + 1));
  });
  return Math.min(1, Math.exp(log + Math.log(sum)));
}

/** 1 + r0 + r0·r1 + …, the tail in units of its first term. */
function relativeTail(terms: number, ratio: (i: number) => number): number {
  let term = 1;
  let sum = 1;
  for (let i = 0; i < terms && term > sum * 1e-17; i += 1) {
    term *= ratio(i);
    sum += term;
    // Below the mean terms grow at first: then the probability is near one, and its exact value decides nothing.
    if (sum > 1e300) break;
  }
  return sum;
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

function logFactorial(n: number): number {
  const known = summed[n];
  if (known !== undefined) return known;
  const x = n + 1;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3);
}

function logFactorials(): number[] {
  const logs = [0];
  for (let n = 1; n < SUMMED; n += 1) logs.push((logs[n - 1] ?? 0) + Math.log(n));
  return logs;
}
