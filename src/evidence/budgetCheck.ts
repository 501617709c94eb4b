import type { Arm, Check } from '../domain/evidence.ts';
import type { EndedRun } from '../domain/run.ts';
import { allArms, type CheckRequest, perArm, resultsOf } from './checkRequest.ts';
import { figure } from './figures.ts';
import { average } from './statistics.ts';

/** Median time or memory of a variant over the baseline's from which on it is told beside the verdict. */
const WORTH_TELLING = 1.5;

/** No run exceeded its budget, nor a variant what `parity` allows beyond the baseline; what a gain costs is told. */
export function checkBudget(request: CheckRequest): Check[] {
  const { registration, contract } = request;
  const { wall, memory } = contract.budget;
  const fine = `every run within ${wall} s and ${Math.round(memory / 2 ** 20)} MiB`;
  const fault = (arm: Arm): string | null => overBudget(request, arm) ?? overParity(request, arm);
  const kept = perArm('budget-parity', 'void', allArms(request), { fault, fine });
  return [...kept, ...registration.variants.flatMap((arm) => told(request, arm))];
}

function overBudget(request: CheckRequest, arm: Arm): string | null {
  const exceeded = (run: EndedRun): boolean =>
    run.state === 'failed' && (run.failure === 'wall' || run.failure === 'memory');
  const run = resultsOf(request, arm)
    .flatMap(({ runs }) => runs)
    .find(exceeded);
  return run?.state === 'failed' ? `run ${run.id} exceeded its budget: ${run.reason}` : null;
}

/** Where the contract sets `parity`: dearer than so many times the baseline in every block. */
function overParity(request: CheckRequest, arm: Arm): string | null {
  const { registration, contract } = request;
  if (arm.name === registration.baseline.name) return null;
  for (const { key, what, name } of RESOURCES) {
    const most = contract.parity?.[key];
    const ratios = ratiosOf(request, arm, what);
    if (most === undefined || ratios.length === 0 || ratios.some((ratio) => ratio <= most)) continue;
    return `it takes ${figure(Number(Math.min(...ratios).toPrecision(2)))} times the baseline's ${name} or more in every block, where \`parity\` allows ${most}`;
  }
  return null;
}

function told(request: CheckRequest, arm: Arm): Check[] {
  return RESOURCES.flatMap(({ what, name }): Check[] => {
    const ratio = median(ratiosOf(request, arm, what));
    if (ratio === null || ratio <= WORTH_TELLING) return [];
    const detail = `it takes ${figure(Number(ratio.toPrecision(2)))} times the baseline's ${name}`;
    return [{ name: 'budget-parity', kind: 'note', passed: false, detail, revision: arm.revision }];
  });
}

const RESOURCES = [
  { key: 'wall', what: 'wallSeconds', name: 'time' },
  { key: 'memory', what: 'memoryBytes', name: 'memory' },
] as const;

/** What a variant took over what the baseline took, for every seed that both have. */
function ratiosOf(request: CheckRequest, arm: Arm, what: (typeof RESOURCES)[number]['what']): number[] {
  const amounts = (one: Arm): Map<number, number> =>
    new Map(resultsOf(request, one).map(({ seed, runs }) => [seed, runs.at(-1)?.resources[what] ?? 0]));
  const before = amounts(request.registration.baseline);
  return [...amounts(arm)].flatMap(([seed, amount]) => {
    const reference = before.get(seed) ?? 0;
    return reference > 0 ? [amount / reference] : [];
  });
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? null) : average(sorted.slice(middle - 1, middle + 1));
}
