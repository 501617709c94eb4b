import type { Difference, Measurement } from '../domain/evidence.ts';

/** What stands beside every p (trust.md 8): seeds won and the worst of them, the noise floor, how much was tried. */
export function comparisonLines(m: Measurement): string[] {
  const floor = noiseFloor(m.baseline.values);
  const each = m.variants.flatMap((variant) => {
    const gains = gainsOf(m, variant.values);
    if (gains.length < 2) return [];
    const won = gains.filter((gain) => gain > 0).length;
    const worst = gains.reduce((a, b) => Math.min(a, b));
    const name = m.variants.length > 1 ? `${variant.revision}: ` : '';
    const spread = ratio(deviation(gains), floor);
    return [
      `  ${name}${won} of ${gains.length} seeds won, the worst by ${signed(worst)}; differences spread by ${spread}`,
    ];
  });
  const noise =
    floor === null ? [] : [`  two runs of the baseline's own code differ by about ${figure(floor)} (noise floor)`];
  return [...each, ...noise, ...triedLine(m)];
}

function triedLine({ registration, variants }: Measurement): string[] {
  const { tryNumber, final } = registration;
  const set = final
    ? `the locked test set, touched ${tryNumber === 1 ? 'once' : `${tryNumber} times`}`
    : `try ${tryNumber} on this test set`;
  const parts = [`${set}, ${variants.length} ${variants.length === 1 ? 'variant' : 'variants'}`];
  const examples = variants.flatMap(({ difference }) => difference.examples ?? []).at(0);
  if (examples !== undefined) parts.push(`${examples} examples`);
  const luck = variants.map(({ difference }) => difference.luck ?? 0).reduce((a, b) => Math.max(a, b), 0);
  const comparisons = tryNumber - 1 + variants.length;
  if (luck > 0) parts.push(`by luck alone the best of ${comparisons} comparisons would gain ${figure(luck)}`);
  return [`  ${parts.join('; ')}`];
}

/** Differences of the seeds that both arms completed, larger is better. */
function gainsOf({ baseline, goal }: Measurement, values: readonly Difference['mean'][]): number[] {
  const sign = goal === 'maximize' ? 1 : -1;
  return values.flatMap((value, i) => {
    const before = baseline.values[i] ?? null;
    return value === null || before === null ? [] : [sign * (value - before)];
  });
}

function noiseFloor(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < 2 ? null : Math.SQRT2 * deviation(known);
}

function ratio(spread: number, floor: number | null): string {
  if (!floor) return figure(spread);
  const share = spread / floor;
  return `${figure(spread)}, ${figure(Number(share.toPrecision(2)))} of the noise floor${share < 1 ? ' (pairing helps)' : ''}`;
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  return Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / (values.length - 1));
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Number(Math.abs(value).toPrecision(3))}`;
}
