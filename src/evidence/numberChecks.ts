import type { Arm, Check } from '../domain/evidence.ts';
import type { ArmResult } from './armRuns.ts';
import { pairedScores } from './blocks.ts';
import { allArms, type CheckRequest, perArm, resultsOf } from './checkRequest.ts';
import { figure } from './figures.ts';
import { average, isConstant, sampleVariance } from './statistics.ts';

/** Median time or memory of a variant over the baseline's from which on it is told beside the verdict. */
const WORTH_TELLING = 1.5;
/** A variant that spreads less than this share of the baseline's spread is worth a note. */
const LITTLE_SPREAD = 0.1;

/** Checks on scores and resources: what seeds do, what was printed as examples, what the gain costs. */
export function checkNumbers(request: CheckRequest): Check[] {
  return [...coverage(request), ...seedEffect(request), ...examplesUsed(request), ...cost(request)];
}

function coverage(request: CheckRequest): Check[] {
  const counts = allArms(request).flatMap((arm) =>
    resultsOf(request, arm).flatMap(({ scores }) => (scores?.examples ? [scores.examples.length] : [])),
  );
  const [first] = counts;
  if (first === undefined) {
    return [
      { name: 'coverage', kind: 'void', passed: null, detail: '`evaluate` prints no `examples` that could be counted' },
    ];
  }
  const odd = counts.find((count) => count !== first);
  const detail =
    odd === undefined
      ? `${first} examples were scored in every run`
      : `one run scored ${first} examples, another ${odd}`;
  return [{ name: 'coverage', kind: 'void', passed: odd === undefined, detail }];
}

function seedEffect(request: CheckRequest): Check[] {
  const { registration, blocks } = request;
  const spreads = new Map(registration.variants.map((arm) => [arm.name, pairedScores(registration, blocks, arm)]));
  if (blocks.length < 2)
    return [{ name: 'seed-effect', kind: 'doubt', passed: null, detail: 'it takes two seeds to see what a seed does' }];
  const fault = (arm: Arm): string | null => {
    const scores = spreads.get(arm.name);
    if (!scores || !isConstant(scores.variant)) return null;
    return `the same ${registration.metric} for every seed: a deterministic learner, or a script that ignores its seed`;
  };
  const found = perArm('seed-effect', 'doubt', registration.variants, {
    fault,
    fine: 'the metric changes with the seed',
  });
  const little = registration.variants.flatMap((arm): Check[] => {
    const scores = spreads.get(arm.name);
    if (!scores || isConstant(scores.variant)) return [];
    const ratio = Math.sqrt(sampleVariance(scores.variant.values) / sampleVariance(scores.baseline.values));
    if (!(ratio < LITTLE_SPREAD)) return [];
    const detail = `its spread over seeds is ${figure(ratio)} of the baseline's`;
    return [{ name: 'seed-effect', kind: 'note', passed: false, detail, revision: arm.revision }];
  });
  return [...found, ...little];
}

/** Examples that were printed and are not used are named. */
function examplesUsed(request: CheckRequest): Check[] {
  const refused = allArms(request).flatMap((arm) =>
    resultsOf(request, arm).flatMap((result) => (result.scores?.examplesProblem ? [result] : [])),
  );
  const [one] = refused;
  if (one === undefined) return [];
  const detail = `not used (seed ${one.seed}): ${one.scores?.examplesProblem}`;
  return [{ name: 'examples', kind: 'note', passed: false, detail, revision: one.arm.revision }];
}

function cost(request: CheckRequest): Check[] {
  const { registration } = request;
  const baseline = resultsOf(request, registration.baseline);
  return registration.variants.flatMap((arm): Check[] => {
    const own = resultsOf(request, arm);
    const ratios = [
      ['time', medianRatio(own, baseline, 'wallSeconds')],
      ['memory', medianRatio(own, baseline, 'memoryBytes')],
    ] as const;
    return ratios.flatMap(([what, ratio]): Check[] => {
      if (ratio === null || ratio <= WORTH_TELLING) return [];
      const detail = `it takes ${figure(Number(ratio.toPrecision(2)))} times the baseline's ${what}`;
      return [{ name: 'budget-parity', kind: 'note', passed: false, detail, revision: arm.revision }];
    });
  });
}

type Resource = 'wallSeconds' | 'memoryBytes';

function medianRatio(own: readonly ArmResult[], baseline: readonly ArmResult[], what: Resource): number | null {
  const amount = (result: ArmResult | undefined): number => result?.runs.at(-1)?.resources[what] ?? 0;
  const ratios = own.flatMap((result) => {
    const before = amount(baseline.find((one) => one.seed === result.seed));
    return before > 0 ? [amount(result) / before] : [];
  });
  const sorted = ratios.sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? null) : average(sorted.slice(middle - 1, middle + 1));
}
