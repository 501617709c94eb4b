import type { Measurement } from '../../domain/evidence.ts';
import { clipped } from '../prompt.ts';
import type { Room } from '../room.ts';
import { figure, figuresOf } from './figures.ts';

/** Of what a check saw, such as the columns that it compared. Characters. */
const DETAIL = 300;
const CONTROLS = ['a-a', 'label-shuffle'];
const ABOUT_CONTROLS =
  'Controls are runs of their own, started with --controls: a-a measures the baseline against itself, where a gain would be a false alarm; label-shuffle trains on shuffled labels, where an honest gain is lost. Not run, they say nothing for or against the result.';

/** A measurement for whoever explains it: verdict and reason, each arm's values, the statistics, every check. Where
 *  there is little room, what passed is told by its name alone.
 *  @param told the hypothesis that its reader was told already */
export function measurementInWords(measurement: Measurement, told: string, room: Room = 'ample'): string {
  const { registration, metric, goal, baseline, variants, checks } = measurement;
  const seeds = registration.seedsFrom === 'drawn' ? 'drawn after the code was fixed' : registration.seedsFrom;
  const pooled = registration.pooled ?? [];
  const count = seedsOf(measurement).length;
  return [
    `Verdict: ${measurement.verdict}. ${measurement.reason}`,
    `Hypothesis as registered: ${registration.hypothesis === told ? 'that of the idea, word for word' : registration.hypothesis}`,
    `Metric: ${metric}, to ${goal}. Smallest gain worth having: ${registration.minimumEffect}. Alpha: ${registration.alpha}.`,
    `Seeds: ${count}, ${seeds}. This is try ${measurement.tried} on this test set.`,
    ...(pooled.length === 0
      ? []
      : [`Blocks of ${pooled.length} earlier registrations of the same arms count here too.`]),
    pairsInWords(measurement),
    `Baseline, mean ${figure(baseline.mean)}`,
    ...variants.map((variant) => variantInWords(variant, variants.length > 1)),
    'The p is that of a gain above 0; the smallest gain worth having is held against the mean gain alone. Each end of the interval is a one-sided bound at alpha. Unit "seed and example": it covers the luck of seeds and of test examples; "seed": of seeds alone. The adjusted p is p divided by the share of alpha that this try has: two thirds for the first, less for later ones, so that all tries together err in at most alpha.',
    [
      'Figures, by the names to write:',
      ...[...figuresOf(measurement)].map(([name, value]) => `{${name}} = ${value}`),
    ].join('\n'),
    ['Checks:', ...checksInWords(checks, room)].join('\n'),
    ...(checks.some(({ name }) => CONTROLS.includes(name)) ? [ABOUT_CONTROLS] : []),
  ].join('\n\n');
}

function variantInWords(
  { revision, mean, difference, verdict, reason }: Measurement['variants'][number],
  isOneOfSeveral: boolean,
): string {
  const { low, high, pStar, adjustedP, unit, n } = difference;
  return [
    `Variant ${revision}, mean ${figure(mean)}`,
    `Difference to the baseline (more is better): ${figure(difference.mean)}, interval ${figure(low)} to ${figure(high)}, p ${figure(pStar)}, adjusted for tries ${figure(adjustedP)}; ${n} pairs, unit: ${unit}`,
    ...(isOneOfSeveral ? [`Its verdict: ${verdict}. ${reason}`] : []),
  ].join('\n');
}

function checksInWords(checks: Measurement['checks'], room: Room): string[] {
  if (room === 'ample') return checks.map(checkInWords);
  const names = (passed: boolean | null) => checks.filter((one) => one.passed === passed).map(({ name }) => name);
  return [
    ...checks.filter(({ passed }) => passed === false).map(checkInWords),
    `- passed: ${names(true).join(', ')}`,
    `- not run: ${names(null).join(', ')}`,
  ];
}

function checkInWords({ name, kind, passed, detail: whole, revision }: Measurement['checks'][number]): string {
  const detail = clipped(whole, DETAIL);
  if (passed === null) return `- ${name}: not run. ${detail}`;
  if (!passed && kind === 'note') {
    return `- ${name}, a note${revision === undefined ? '' : ` on ${revision}`} that counts neither for nor against: ${detail}`;
  }
  return `- ${name}: ${passed ? 'passed' : `FAILED (${kind})`}. ${detail}`;
}

/** The seeds of the pairs, in the order of the arms' values; those of pooled registrations too. */
export function seedsOf({ seeds, registration }: Measurement): readonly number[] {
  return seeds ?? registration.seeds;
}

function pairsInWords(measurement: Measurement): string {
  const { baseline, variants } = measurement;
  const named = variants.map(({ revision, values }) => ({
    name: variants.length === 1 ? 'variant' : revision,
    values,
  }));
  const arms = [{ name: 'baseline', values: baseline.values }, ...named];
  const lines = seedsOf(measurement).map((seed, i) => {
    const values = arms.map(({ name, values: own }) => `${name} ${figure(own[i] ?? null)}`);
    return `${i + 1}: seed ${seed}; ${values.join(', ')}`;
  });
  return ['Pairs, each of one seed:', ...lines].join('\n');
}
