import type { Measurement } from '../../domain/evidence.ts';

/** The measured numbers that a review may name, by the names it writes in braces. The tool writes the numbers, so
 *  that no review can hold one that was not measured. */
export function figuresOf(measurement: Measurement): ReadonlyMap<string, string> {
  const base = present(measurement.baseline.values);
  if (measurement.variants.length === 0) return new Map();
  return new Map([
    ...measurement.variants.flatMap((variant, i) =>
      // The first variant's names are plain: most comparisons have one.
      variantFigures(measurement, variant).map(([name, value]): [string, string] => [
        i === 0 ? name : `${name}_${i + 1}`,
        value,
      ]),
    ),
    ['baseline_mean', figure(measurement.baseline.mean)],
    ['baseline_lowest', figure(base.length > 0 ? Math.min(...base) : null)],
    ['baseline_highest', figure(base.length > 0 ? Math.max(...base) : null)],
    ['baseline_spread', figure(spread(base))],
  ]);
}

function variantFigures(
  { baseline, registration }: Measurement,
  { difference, values, mean }: Measurement['variants'][number],
): [string, string][] {
  const own = present(values);
  const sign = registration.goal === 'maximize' ? 1 : -1;
  const pairs = values.flatMap((value, i) => {
    const other = baseline.values[i];
    return typeof value === 'number' && typeof other === 'number'
      ? [{ gain: sign * (value - other), pair: i + 1 }]
      : [];
  });
  const sorted = pairs.toSorted((one, other) => one.gain - other.gain);
  return [
    ['gain', figure(difference.mean)],
    ['low', figure(difference.low)],
    ['high', figure(difference.high)],
    ['p', figure(difference.pStar)],
    ['adjusted_p', figure(difference.adjustedP)],
    ['pairs', String(difference.n)],
    ['pairs_won', String(pairs.filter(({ gain }) => gain > 0).length)],
    ['worst_pair', inPair(sorted[0])],
    ['best_pair', inPair(sorted.at(-1))],
    ['variant_mean', figure(mean)],
    ['variant_spread', figure(spread(own))],
    ['variant_lowest', figure(own.length > 0 ? Math.min(...own) : null)],
    ['variant_highest', figure(own.length > 0 ? Math.max(...own) : null)],
  ];
}

/** A gain with the number of its pair, by which outputs are read. */
function inPair(one: { gain: number; pair: number } | undefined): string {
  return one ? `${figure(one.gain)} in pair ${one.pair}` : figure(null);
}

const NAMED = /\{([a-z_]+[0-9]*)\}/g;

/** Puts the numbers in the place of their names.
 *  @returns the text, and the names that are none of the figures' */
export function fillFigures(text: string, figures: ReadonlyMap<string, string>): { text: string; unknown: string[] } {
  const unknown: string[] = [];
  const filled = text.replaceAll(NAMED, (whole, name: string) => {
    const value = figures.get(name);
    if (value === undefined) unknown.push(name);
    return value ?? whole;
  });
  return { text: filled, unknown };
}

/** Four significant digits; what is missing is said. */
export function figure(value: number | null): string {
  return value === null ? 'missing' : String(Number(value.toPrecision(4)));
}

/** Standard deviation over seeds. */
function spread(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

function present(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}
