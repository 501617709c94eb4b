import type { Arm, Claim, Measurement } from '../domain/evidence.ts';
import { type Block, compareBlocks, pairedScores } from './blocks.ts';
import { ReportError } from './reportError.ts';
import { blocksOf, type RunEvidence, seedsOf } from './runEvidence.ts';
import { expectedMaximum } from './sizes.ts';
import { average, type Comparison, sampleVariance } from './statistics.ts';
import { judge } from './verdict.ts';

/** Rounding allowance between a number as it was recorded and as it is recomputed, relative to its size. */
const AGREES = 1e-9;

/** Every number that a report of this measurement may show, recomputed from the records of its runs. */
export function claimsOf(measurement: Measurement, evidence: readonly RunEvidence[]): Claim[] {
  const { registration } = measurement;
  const blocks = blocksOf(measurement, evidence);
  const primary = registration.metric;
  const single = evidence.flatMap(({ run, scores }) =>
    Object.entries(scores?.metrics ?? {}).map(([metric, value]) =>
      claim(`run/${run.id}/${metric}`, [run.id], metric, 'value of the run', value),
    ),
  );
  const arms = [registration.baseline, ...registration.variants].flatMap((arm) => armClaims(arm, primary, blocks));
  return [...single, ...arms, ...differenceClaims(measurement, blocks), ...costClaims(evidence)];
}

/** Compares a measurement with what its records give.
 *  @throws ReportError naming the first number that does not match, or a verdict that does not follow */
export function assertClaims(
  measurement: Measurement,
  claims: readonly Claim[],
  evidence: readonly RunEvidence[],
): void {
  const known = new Map(claims.map((one) => [one.id, one.value]));
  const check = (id: string, recorded: number | null): void => {
    const value = known.get(id) ?? null;
    if (agree(value, recorded)) return;
    throw new ReportError(
      `The number ${id} does not match its runs: it is recorded as ${recorded}, and they give ${value}.`,
    );
  };
  for (const { id, metrics } of measurement.runs) {
    for (const [metric, value] of Object.entries(metrics)) check(`run/${id}/${metric}`, value);
  }
  const { baseline, variants } = measurement.registration;
  const sides = [
    { arm: baseline, side: measurement.baseline },
    ...measurement.variants.map((side, i) => ({ arm: variants[i], side })),
  ];
  for (const { arm, side } of sides) {
    check(`${arm?.name}/mean`, side.mean);
    checkValues(measurement, arm, side.values, known);
  }
  for (const [i, { difference }] of measurement.variants.entries()) {
    for (const part of DIFFERENCE_PARTS) check(`${variants[i]?.name}/difference/${part}`, difference[part]);
  }
  assertVerdict(measurement, evidence);
}

const DIFFERENCE_PARTS = ['mean', 'low', 'high', 'p', 'pT', 'pStar', 'adjustedP'] as const;

/** How each part of a difference comes about, in words. */
const AGGREGATIONS: Readonly<Record<(typeof DIFFERENCE_PARTS)[number], string>> = {
  mean: 'mean of paired differences, signed so that larger is better',
  low: 'lower end of the (1 - 2*alpha) t interval',
  high: 'upper end of the (1 - 2*alpha) t interval',
  p: 'one-sided sign-flip test',
  pT: 'one-sided t test',
  pStar: 'larger of p and pT',
  adjustedP: 'pStar after Holm, over the share of this try',
};

function differenceClaims(measurement: Measurement, blocks: readonly Block[]): Claim[] {
  const { registration } = measurement;
  const judged = rejudge(measurement, blocks);
  return registration.variants.flatMap((arm, i) => {
    const runs = [...runsOf(registration.baseline, blocks), ...runsOf(arm, blocks)];
    const difference = judged.variants[i]?.difference;
    const parts = DIFFERENCE_PARTS.map((part) =>
      claim(
        `${arm.name}/difference/${part}`,
        runs,
        registration.metric,
        AGGREGATIONS[part],
        difference?.[part] ?? null,
      ),
    );
    const paired = pairedScores(registration, blocks, arm);
    const each = paired?.variant.values.map((value, s) => value - (paired.baseline.values[s] ?? 0)) ?? [];
    const won = each.length > 0 ? each.filter((d) => d > 0).length : null;
    const worst = each.length > 0 ? each.reduce((a, b) => Math.min(a, b)) : null;
    const comparison = compareBlocks(registration, blocks, arm);
    return [
      ...parts,
      claim(
        `${arm.name}/difference/deviation`,
        runs,
        registration.metric,
        'standard deviation of paired differences',
        comparison?.deviation ?? null,
      ),
      claim(
        `${arm.name}/difference/ofNoise`,
        runs,
        registration.metric,
        'that, as a share of the noise floor',
        ofNoise(comparison, registration, blocks),
      ),
      claim(
        `${arm.name}/difference/luck`,
        runs,
        registration.metric,
        'sqrt(B) times the mean of the largest of K standard normals, K the comparisons on this test set',
        luck(comparison, registration.tryNumber - 1 + registration.variants.length),
      ),
      claim(`${arm.name}/difference/worst`, runs, registration.metric, 'smallest paired difference', worst),
      claim(`${arm.name}/difference/won`, runs, registration.metric, 'seeds with a positive difference', won),
    ];
  });
}

function ofNoise(
  comparison: Comparison | null,
  { baseline, metric }: Measurement['registration'],
  blocks: readonly Block[],
): number | null {
  const floor = armClaims(baseline, metric, blocks).find(({ id }) => id.endsWith('/noiseFloor'))?.value;
  return floor && comparison?.deviation != null ? comparison.deviation / floor : null;
}

/** The gain that the luck of one test set alone gives the best of several comparisons; null without examples. */
function luck(comparison: Comparison | null, comparisons: number): number | null {
  if (!comparison?.examples || comparisons < 2) return null;
  return Math.sqrt(comparison.examples.variance) * expectedMaximum(comparisons);
}

function costClaims(evidence: readonly RunEvidence[]): Claim[] {
  const all = evidence.flatMap(({ run, evaluation }) => (evaluation ? [run, evaluation] : [run]));
  const ids = all.map(({ id }) => id);
  const seconds = all.reduce((total, run) => total + run.resources.wallSeconds, 0);
  const memory = Math.max(0, ...all.map((run) => run.resources.memoryBytes));
  return [
    claim('cost/seconds', ids, 'seconds', 'sum over runs and evaluations', seconds),
    claim('cost/memory', ids, 'memory', 'largest peak of a run or evaluation, in bytes', memory),
  ];
}

function armClaims(arm: Arm, metric: string, blocks: readonly Block[]): Claim[] {
  const values = blocks.flatMap((block) => block.get(arm.name)?.scores?.metrics[metric] ?? []);
  const runs = runsOf(arm, blocks);
  const deviation = values.length > 1 ? Math.sqrt(sampleVariance(values)) : null;
  return [
    claim(`${arm.name}/mean`, runs, metric, 'mean over seeds', values.length > 0 ? average(values) : null),
    claim(`${arm.name}/deviation`, runs, metric, 'standard deviation over seeds', deviation),
    claim(
      `${arm.name}/noiseFloor`,
      runs,
      metric,
      'sqrt(2) times the standard deviation over seeds',
      deviation && Math.SQRT2 * deviation,
    ),
  ];
}

/** The verdicts as they follow from the records of the runs and the checks. */
export function rejudge(measurement: Measurement, blocks: readonly Block[]) {
  const { registration, checks } = measurement;
  const complete = blocks.every((block) => [...block.values()].every((result) => result.failure === null));
  const stopped = complete && blocks.length < seedsOf(measurement).length;
  const evidence = registration.variants.map((arm) => ({
    revision: arm.revision,
    comparison: compareBlocks(registration, blocks, arm),
    stopped,
  }));
  return judge(registration, evidence, checks);
}

function assertVerdict(measurement: Measurement, evidence: readonly RunEvidence[]): void {
  const judged = rejudge(measurement, blocksOf(measurement, evidence));
  const assertSame = (what: string, recorded: string, follows: string | undefined): void => {
    if (recorded === follows) return;
    throw new ReportError(`The ${what} is recorded as ${recorded}, and its runs give ${follows ?? 'none'}.`);
  };
  assertSame('verdict', measurement.verdict, judged.verdict);
  for (const [i, one] of measurement.variants.entries()) {
    assertSame(`verdict of ${one.revision}`, one.verdict, judged.variants[i]?.verdict);
  }
}

function checkValues(
  measurement: Measurement,
  arm: Arm | undefined,
  values: readonly (number | null)[],
  known: ReadonlyMap<string, number | null>,
): void {
  const { registration, runs } = measurement;
  const last = new Map(runs.filter((one) => one.revision === arm?.revision).map((one) => [one.seed, one]));
  for (const [i, seed] of seedsOf(measurement).entries()) {
    const run = last.get(seed);
    const value = run === undefined ? null : (known.get(`run/${run.id}/${registration.metric}`) ?? null);
    if (agree(value, values[i] ?? null)) continue;
    throw new ReportError(
      `The value of ${arm?.revision} for seed ${seed} does not match run ${run?.id ?? '(none)'}: it is recorded as ${values[i]}, and the run gave ${value}.`,
    );
  }
}

function runsOf(arm: Arm, blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => block.get(arm.name)?.runs.at(-1)?.id ?? []);
}

function claim(id: string, runs: string[], metric: string, aggregation: string, value: number | null): Claim {
  return { id, runs, metric, aggregation, value: value !== null && Number.isFinite(value) ? value : null };
}

function agree(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= AGREES * Math.max(1, Math.abs(a), Math.abs(b));
}
