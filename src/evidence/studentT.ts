import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';

/** Quantiles at whole degrees of freedom, by the level and then by those: searched for once, they are asked for in every
 *  comparison of as many seeds. */
const whole = new Map<number, Map<number, number>>();

/** The t that Student's T exceeds with probability alpha. */
export function upperQuantile(alpha: number, freedom: number): number {
  if (!Number.isInteger(freedom)) return -tQuantile(alpha, freedom);
  const known = whole.get(alpha) ?? new Map<number, number>();
  whole.set(alpha, known);
  const quantile = known.get(freedom) ?? -tQuantile(alpha, freedom);
  known.set(freedom, quantile);
  return quantile;
}

/** P(T ≥ mean / √variance) for Student's t; without variance 0 for a gain and 1 otherwise. */
export function upperTail(mean: number, variance: number, freedom: number): number {
  if (variance > 0) return tCdf(-mean / Math.sqrt(variance), freedom);
  return mean > 0 ? 0 : 1;
}
