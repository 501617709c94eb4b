import type { Measurement } from '../../domain/evidence.ts';
import { figure, figuresOf } from './figures.ts';

/** A measurement for whoever explains it: verdict and reason, each arm's values, the statistics, every check. */
export function measurementInWords(measurement: Measurement): string {
  const { registration, metric, goal, baseline, variants, checks } = measurement;
  const seeds = registration.seedsFrom === 'drawn' ? 'drawn after the code was fixed' : registration.seedsFrom;
  const pooled = registration.pooled ?? [];
  const count = measurement.seeds?.length ?? registration.seeds.length;
  return [
    `Verdict: ${measurement.verdict}. ${measurement.reason}`,
    `Hypothesis as registered: ${registration.hypothesis}`,
    `Metric: ${metric}, to ${goal}. Smallest gain worth having: ${registration.minimumEffect}. Alpha: ${registration.alpha}.`,
    `Seeds: ${count}, ${seeds}. This is try ${measurement.tried} on this test set.`,
    ...(pooled.length === 0
      ? []
      : [`Blocks of ${pooled.length} earlier registrations of the same arms count here too.`]),
    'Values in the order of the seeds: those at the same place are a pair.',
    `Baseline, mean ${figure(baseline.mean)}: ${baseline.values.map(figure).join(', ')}`,
    ...variants.map(variantInWords),
    'Each end of the interval is a one-sided bound at alpha. Unit "seed and example": it covers the luck of seeds and of test examples; "seed": of seeds alone. The adjusted p is p divided by the share of alpha that this try has: two thirds for the first, less for later ones, so that all tries together err in at most alpha.',
    [
      'Figures, by the names to write:',
      ...[...figuresOf(measurement)].map(([name, value]) => `{${name}} = ${value}`),
    ].join('\n'),
    ['Checks:', ...checks.map(checkInWords)].join('\n'),
  ].join('\n\n');
}

function variantInWords({
  revision,
  values,
  mean,
  difference,
  verdict,
  reason,
}: Measurement['variants'][number]): string {
  const { low, high, pStar, adjustedP, unit, n } = difference;
  return [
    `Variant ${revision}, mean ${figure(mean)}: ${values.map(figure).join(', ')}`,
    `Difference to the baseline (more is better): ${figure(difference.mean)}, interval ${figure(low)} to ${figure(high)}, p ${figure(pStar)}, adjusted for tries ${figure(adjustedP)}; ${n} pairs, unit: ${unit}`,
    `Its verdict: ${verdict}. ${reason}`,
  ].join('\n');
}

function checkInWords({ name, kind, passed, detail }: Measurement['checks'][number]): string {
  if (passed === null) return `- ${name}: not run. ${detail}`;
  return `- ${name}: ${passed ? 'passed' : `FAILED (${kind})`}. ${detail}`;
}
