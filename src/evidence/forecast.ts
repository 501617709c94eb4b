import type { Contract } from '../domain/contract.ts';
import type { Arm, Forecast, NoiseRuns, Registration } from '../domain/evidence.ts';
import { duration, figure } from './figures.ts';
import { runIdOf } from './register.ts';
import { loadAttempts } from './runEvidence.ts';
import { detectableGain, share } from './sizes.ts';
import { average, sampleVariance } from './statistics.ts';

/** Runs of the past that are looked at; they are read from disk before anything else can happen. */
const MOST_RUNS = 60;

/** What earlier runs of a baseline, in comparisons or alone, tell of the next comparison: its spread and its price.
 *  @param past earlier registrations, and baselines that were run alone */
export async function lookBack(
  { workspace, contract }: { readonly workspace: string; readonly contract: Pick<Contract, 'metrics' | 'budget'> },
  baseline: Arm,
  metric: string,
  past: { readonly registrations: readonly Registration[]; readonly noise: readonly NoiseRuns[] },
): Promise<Past> {
  const same = (arm: Arm): boolean =>
    arm.tree === baseline.tree && JSON.stringify(arm.args ?? []) === JSON.stringify(baseline.args ?? []);
  const ids = [
    ...past.registrations.filter((one) => one.metric === metric && !one.final && same(one.baseline)),
    ...past.noise.filter((one) => same(one.baseline)),
  ].flatMap(({ id, baseline: arm, seeds }) =>
    seeds.map((seed) => (attempt: number) => runIdOf(id, seed, arm.name, attempt)),
  );
  const values: number[] = [];
  const seconds: number[] = [];
  for (const idOf of ids.slice(-MOST_RUNS)) {
    const last = (await loadAttempts(workspace, idOf, contract)).at(-1);
    const value = last?.scores?.metrics[metric];
    if (typeof value !== 'number' || !last?.evaluation) continue;
    values.push(value);
    seconds.push(last.run.resources.wallSeconds + last.evaluation.resources.wallSeconds);
  }
  return {
    deviation: values.length > 1 ? Math.sqrt(sampleVariance(values)) : null,
    secondsPerRun: seconds.length > 0 ? average(seconds) : null,
    mostSecondsPerRun: contract.budget.wall,
  };
}

/** The same with what a registration can show and will cost, before anything is spent (trust.md 7). */
export function forecastOf(registration: Registration, past: Past): Forecast {
  return { ...past, words: inWords(registration, past) };
}

type Past = Omit<Forecast, 'words'>;

function inWords(registration: Registration, { deviation, secondsPerRun, mostSecondsPerRun }: Past): string {
  const { seeds, pooled = [], variants, tryNumber, alpha, minimumEffect, metric, leastSeeds } = registration;
  const n = seeds.length + pooled.flatMap((one) => one.seeds).length;
  const runs = seeds.length * (variants.length + 1);
  const price =
    secondsPerRun === null
      ? `at most ${duration(runs * mostSecondsPerRun)} by the budget`
      : `about ${duration(runs * secondsPerRun)}`;
  const cost = `${runs} runs, ${price}`;
  if (n < leastSeeds) {
    return `${n === 1 ? '1 seed' : `${n} seeds`} cannot support any gain at try ${tryNumber}: at least ${leastSeeds} are needed (${cost}).`;
  }
  const level = (alpha * share(tryNumber)) / variants.length;
  const gain = deviation === null ? null : detectableGain(Math.SQRT2 * deviation, n, level, minimumEffect);
  const effect = registration.detectableEffect;
  const shown =
    gain === null
      ? `an effect of ${figure(effect)} standard deviations of the difference`
      : `a gain of ${figure(gain)} ${metric}`;
  return `Four times in five, ${n} seeds find ${shown}; ${leastSeeds} are the least that could support (${cost}).`;
}
