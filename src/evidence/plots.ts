import * as Plot from '@observablehq/plot';
import type { Arm, Measurement } from '../domain/evidence.ts';
import { armColumn, armTitle } from './armNames.ts';
import { figure, MOST_POINTS, signed } from './figures.ts';
import { type Panel, type Picture, svgCard } from './svgCard.ts';

/** Beyond this a coordinate would overflow. */
const LARGEST = 1e150;
/** Golden ratio: successive multiples of it spread evenly, so that jitter needs no lot. */
const GOLDEN = 0.618_033_988_75;

/** One arm as it is drawn: a metric per seed, in the order of the seeds; null where a run gave none. */
interface Series extends Panel {
  readonly values: readonly (number | null)[];
  readonly mean: number | null;
}

/** Paired differences of every variant, smallest first, with their mean and interval. Larger is better. */
export function differencePlot(measurement: Measurement): Picture {
  const { registration, variants, baseline, metric, goal } = measurement;
  const sign = goal === 'maximize' ? 1 : -1;
  const panels = variants.map((side, i) => {
    const { name, column } = titled(registration.variants[i] ?? { name: side.revision, revision: side.revision });
    const all = side.values.flatMap((value, s) => {
      const before = baseline.values[s] ?? null;
      return value === null || before === null ? [] : [clamp(sign * (value - before))];
    });
    const sorted = thinned(all.sort((a, b) => a - b));
    const points = sorted.map((gain, at) => ({ name, gain, rank: (at + 0.5) / sorted.length }));
    return { name, column, all, points, difference: side.difference };
  });
  const intervals = panels.flatMap(({ name, difference: { mean, low, high } }) =>
    mean === null ? [] : [{ name, mean: clamp(mean), low: clamp(low ?? mean), high: clamp(high ?? mean) }],
  );
  const minimum = registration.minimumEffect;
  const seen = [0, minimum, ...panels.flatMap(({ all }) => ends(all)), ...intervals.flatMap((i) => [i.low, i.high])];
  const percent = figure(100 * (1 - 2 * registration.alpha));
  const marks: Plot.Markish[] = [
    Plot.rect(intervals, { fx: 'name', x1: 0, x2: 1, y1: 'low', y2: 'high', className: 'band' }),
    Plot.ruleY([0], { className: 'zero' }),
    ...(minimum > 0 ? [Plot.ruleY([minimum], { className: 'minimum', strokeDasharray: '4 4' })] : []),
    Plot.ruleY(intervals, { fx: 'name', y: 'mean', className: 'mean', strokeWidth: 2 }),
    Plot.dot(
      panels.flatMap(({ points }) => points),
      { fx: 'name', x: 'rank', y: 'gain', r: 3.5, className: 'variant' },
    ),
  ];
  return svgCard({
    title: `Paired differences in ${metric}, variant against baseline, larger is better`,
    description: panels.map(({ name, all, difference }) => describeGains(name, all, difference, percent)).join(' '),
    legend: `dots: one seed each, smallest first; line: mean; band: ${percent} % interval${minimum > 0 ? `; dashes: minimum effect ${figure(minimum)}` : ''}`,
    marks,
    panels,
    range: padded(seen),
  });
}

/** Every run's metric, a column an arm, with the arm's mean. */
export function scorePlot(measurement: Measurement): Picture {
  const { registration, variants, baseline, metric, goal } = measurement;
  const arms: Series[] = [
    { ...titled(registration.baseline), values: baseline.values, mean: baseline.mean },
    ...variants.map(({ values, mean, revision }, i) => {
      return { ...titled(registration.variants[i] ?? { name: revision, revision }), values, mean };
    }),
  ];
  const drawn = arms.map((arm, at) => {
    const known = arm.values.filter((value) => value !== null).map(clamp);
    const points = thinned(known).map((score, i) => {
      return { name: arm.name, score, across: 0.5 + 0.6 * (((i + 1) * GOLDEN) % 1) - 0.3 };
    });
    return { ...arm, known, points, className: at === 0 ? 'baseline' : 'variant' };
  });
  const means = drawn.flatMap(({ name, mean }) => (mean === null ? [] : [{ name, mean: clamp(mean) }]));
  return svgCard({
    title: `${metric} of every run (${goal})`,
    description: drawn
      .map((arm) =>
        describeScores(
          arm.name,
          arm.values.filter((value) => value !== null),
          arm.mean,
          arm.values.length,
        ),
      )
      .join(' '),
    legend: 'dots: one run each; line: mean',
    marks: [
      ...drawn.map(({ points, className }) =>
        Plot.dot(points, { fx: 'name', x: 'across', y: 'score', r: 3.5, className }),
      ),
      Plot.ruleY(means, { fx: 'name', y: 'mean', className: 'mean', strokeWidth: 2 }),
    ],
    panels: drawn,
    range: padded(drawn.flatMap(({ known }) => ends(known))),
  });
}

function describeGains(
  name: string,
  all: readonly number[],
  { mean, low, high }: Measurement['variants'][number]['difference'],
  percent: string,
): string {
  if (all.length === 0 || mean === null) return `${name}: no complete pair of runs.`;
  const shown = all.length > MOST_POINTS ? ` (${MOST_POINTS} of them shown)` : '';
  const interval = low === null ? '' : `, ${percent} % interval ${signed(low)} to ${signed(high)}`;
  const won = all.filter((gain) => gain > 0).length;
  return `${name}: mean gain ${signed(mean)}${interval}, better in ${won} of ${all.length} seeds${shown}.`;
}

function describeScores(name: string, known: readonly number[], mean: number | null, seeds: number): string {
  if (known.length === 0) return `${name}: no run gave a score.`;
  const [low = 0, high = 0] = ends(known);
  const lost = seeds > known.length ? ', the others without a score' : '';
  const shown = known.length > MOST_POINTS ? `, ${MOST_POINTS} of them shown` : '';
  return `${name}: mean ${figure(mean)}, from ${figure(low)} to ${figure(high)} over ${known.length} runs${lost}${shown}.`;
}

/** An even share of a list, its ends among them. */
function thinned(values: readonly number[]): number[] {
  if (values.length <= MOST_POINTS) return [...values];
  const step = (values.length - 1) / (MOST_POINTS - 1);
  return Array.from({ length: MOST_POINTS }, (_, i) => values[Math.round(i * step)] ?? 0);
}

/** Smallest and largest; a spread of a long list would overflow the stack. */
function ends(values: readonly number[]): number[] {
  if (values.length === 0) return [];
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return [low, values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)];
}

/** A range with room around it, also where all values are one. */
function padded(values: readonly number[]): [number, number] {
  const [low = 0, high = 1] = ends(values);
  const room = high > low ? (high - low) * 0.08 : Math.max(1e-6, Math.abs(low) * 0.05);
  return [low - room, high + room];
}

function clamp(value: number): number {
  return Math.max(-LARGEST, Math.min(LARGEST, value));
}

function titled(arm: Pick<Arm, 'name' | 'revision'>): Panel {
  return { name: armTitle(arm), column: armColumn(arm) };
}
