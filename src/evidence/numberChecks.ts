import type { Arm, Check } from '../domain/evidence.ts';
import { pairedScores } from './blocks.ts';
import { allArms, type CheckRequest, perArm, resultsOf } from './checkRequest.ts';
import { figure } from './figures.ts';
import { isConstant, sampleVariance } from './statistics.ts';

/** A variant that spreads less than this share of the baseline's spread is worth a note. */
const LITTLE_SPREAD = 0.1;

/** Checks on scores and resources: what seeds do, and what was printed as examples. */
export function checkNumbers(request: CheckRequest): Check[] {
  return [...seedEffect(request), ...examplesUsed(request)];
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
