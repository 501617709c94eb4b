import type { Arm, Check } from '../domain/evidence.ts';
import { checkBudget } from './budgetCheck.ts';
import { allArms, type CheckRequest, notRun, perArm, resultsOf } from './checkRequest.ts';
import { checkControls } from './controlsCheck.ts';
import { checkPredictions } from './coverageCheck.ts';
import { checkFiles } from './fileChecks.ts';
import { checkHidden } from './hiddenCheck.ts';
import { isMeasured } from './metrics.ts';
import { checkNumbers } from './numberChecks.ts';
import { checkOverlap } from './overlapCheck.ts';
import { checkPlan } from './planCheck.ts';
import { checkTrivial } from './trivialCheck.ts';

/** The checks of a measurement that stand beside its statistics (trust.md, validity checks). A check that passed for
 *  every arm is one entry; one that failed names the arm's revision, or none where all are concerned. */
export async function runChecks(request: CheckRequest): Promise<Check[]> {
  const checks = [
    await checkFiles(request),
    await checkHidden(request),
    pooled(request),
    evaluatorSeparate(request),
    evaluatorStable(request),
    runsComplete(request),
    metricFinite(request),
    ...[armsDiffer(request), checkBudget(request), cleanTree(request)],
    await checkOverlap(request),
    await checkPredictions(request),
    await checkTrivial(request),
    checkNumbers(request),
    checkControls(request),
    await checkPlan(request),
  ].flat();
  return checks.map((check) => withAcceptance(check, request.registration.accepted));
}

/** What one block shows and no further seed can heal. */
const LASTING = new Set([
  'protected-unchanged',
  'inputs-unchanged',
  'hidden-unseen',
  'train-test-overlap',
  'output-format',
  'metric-finite',
  'coverage',
]);

/** The failed checks that make a measurement invalid however many seeds follow. */
export async function lastingFaults(request: CheckRequest): Promise<Check[]> {
  const checks = [
    await checkFiles(request),
    await checkHidden(request),
    metricFinite(request),
    await checkOverlap(request),
    await checkPredictions(request),
  ].flat();
  return checks.filter(({ name, kind, passed }) => kind === 'void' && passed === false && LASTING.has(name));
}

/** A doubt that was accepted before anything was seen stays in the list, with the reason beside it. */
function withAcceptance(check: Check, accepted: Readonly<Record<string, string>>): Check {
  const reason = accepted[check.name];
  if (check.kind !== 'doubt' || check.passed !== false || reason === undefined) return check;
  return { ...check, detail: `${check.detail}; accepted beforehand: ${reason}` };
}

/** Which earlier blocks of the same arms count, so that a reader sees what the numbers rest on. */
function pooled({ registration, pool }: CheckRequest): Check[] {
  if (registration.pooled === undefined) return [];
  const { blocks, leftOut } = pool;
  const aside = leftOut.length > 0 ? `; left out: ${leftOut.slice(0, 5).join(', ')}` : '';
  const detail = `${blocks.length} complete blocks of earlier registrations of the same arms count here${aside}`;
  return [{ name: 'pooled', kind: 'note', passed: leftOut.length === 0, detail }];
}

function evaluatorSeparate(request: CheckRequest): Check[] {
  const evaluations = allArms(request).flatMap((arm) =>
    resultsOf(request, arm).flatMap((result) => result.evaluations),
  );
  if (evaluations.length === 0) return notRun('evaluator-separate', 'void', 'no run came to its evaluation');
  const strange = evaluations.find((run) => run.purpose !== 'evaluate');
  const detail = strange
    ? `${strange.id} is no evaluation`
    : `${evaluations.length} evaluations ran as processes of their own on the baseline's files`;
  return [{ name: 'evaluator-separate', kind: 'void', passed: strange === undefined, detail }];
}

function evaluatorStable({ again }: CheckRequest): Check[] {
  if (again === null) return notRun('evaluator-stable', 'void', 'nothing was scored');
  const { first, second } = again;
  if (second === null)
    return notRun('evaluator-stable', 'void', 'a second evaluation of the same output did not finish');
  const same =
    JSON.stringify([first.scores?.metrics, first.scores?.units]) === JSON.stringify([second.metrics, second.units]);
  const detail = same
    ? 'a second evaluation of the first run gave the same numbers'
    : `a second evaluation of seed ${first.seed} of ${first.arm.name} gave other numbers: does \`evaluate\` draw lots or read the clock?`;
  return [{ name: 'evaluator-stable', kind: 'void', passed: same, detail }];
}

function runsComplete(request: CheckRequest): Check[] {
  const { registration, stopped, blocks } = request;
  const all = request.pool.blocks.length + registration.seeds.length;
  const planned = stopped ? blocks.length : all;
  // Measuring ends with the baseline, or with the last variant: arms that were not to blame are not blamed.
  const someFailed = allArms(request).some((arm) => resultsOf(request, arm).some((result) => result.failure !== null));
  const fault = (arm: Arm): string | null => {
    const results = resultsOf(request, arm);
    const broken = results.find((result) => result.scores === null);
    if (broken) return `seed ${broken.seed}: ${broken.failure ?? 'no score'}`;
    if (results.length === planned || someFailed) return null;
    return `${results.length} of ${planned} seeds were run`;
  };
  const left = stopped ? `; ${further(all - planned)} not run: whatever came of it, nothing could be supported` : '';
  return perArm('runs-complete', 'void', allArms(request), { fault, fine: `${planned} seeds for every arm${left}` });
}

function further(seeds: number): string {
  return seeds === 1 ? '1 further seed was' : `${seeds} further seeds were`;
}

function metricFinite(request: CheckRequest): Check[] {
  const scored = allArms(request)
    .flatMap((arm) => resultsOf(request, arm))
    .filter((result) => result.scores !== null);
  if (scored.length === 0) return notRun('metric-finite', 'void', 'nothing was scored');
  const fault = (arm: Arm): string | null => {
    const bad = resultsOf(request, arm).find((result) => result.scores?.problem != null);
    return bad ? `seed ${bad.seed}: ${bad.scores?.problem}` : null;
  };
  return perArm('metric-finite', 'void', allArms(request), {
    fault,
    fine: `${scored.length} runs gave finite metrics`,
  });
}

function armsDiffer(request: CheckRequest): Check[] {
  const { registration } = request;
  if (isMeasured(registration.metric))
    return notRun('arms-differ', 'void', `${registration.metric} may differ where outputs do not`);
  const outputs = (arm: Arm): Map<number, string | null> => {
    const scored = resultsOf(request, arm).filter((result) => result.scores !== null);
    return new Map(scored.map(({ seed, runs }) => [seed, runs.at(-1)?.output?.sha256 ?? null]));
  };
  const before = outputs(registration.baseline);
  const fault = (arm: Arm): string | null => {
    const after = [...outputs(arm)];
    const alike = after.length > 0 && after.every(([seed, hash]) => hash !== null && hash === before.get(seed));
    const which = request.stopped ? 'every seed that was run' : 'every seed';
    return alike ? `its outputs are the baseline's, byte for byte, for ${which}: the change has no effect` : null;
  };
  return perArm('arms-differ', 'void', registration.variants, { fault, fine: "outputs differ from the baseline's" });
}

function cleanTree(request: CheckRequest): Check[] {
  const dirty = allArms(request).filter((arm) => arm.revision === 'worktree');
  const detail =
    dirty.length > 0 ? 'the dirty tree was committed to a hidden ref and that was measured' : 'every arm is a commit';
  return [{ name: 'clean-tree', kind: 'void', passed: true, detail }];
}
