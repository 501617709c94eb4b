import { primaryMetric } from '../domain/contract.ts';
import type { NoiseCard } from '../domain/evidence.ts';
import { type ArmResult, runArm } from './armRuns.ts';
import { prepareArms } from './arms.ts';
import { EvidenceError } from './evidenceError.ts';
import { duration, figure } from './figures.ts';
import type { MeasureRequest } from './measure.ts';
import { RunAhead } from './runAhead.ts';
import { detectableGain, share } from './sizes.ts';
import { average, sampleVariance } from './statistics.ts';

export interface NoiseRequest
  extends Omit<MeasureRequest, 'variants' | 'hypothesis' | 'agentWritten' | 'earlier' | 'alone' | 'registration'> {
  readonly seeds: readonly number[];
  /** Begins the ids of its runs; the same id goes on where it ended. */
  readonly id: string;
}

const SEED_COUNTS = [5, 8, 10];

/** Runs the baseline alone and says what a comparison with it could show (trust.md 7, 8).
 *  @throws EvidenceError `request` where fewer than two seeds gave a score, with the first reason */
export async function noiseCard(request: NoiseRequest): Promise<NoiseCard> {
  const { contract, baseline } = request;
  if (request.seeds.length < 2) {
    throw new EvidenceError(
      'request',
      "mlr.yaml `seeds`: one seed shows no noise; set it to 5 or more for the baseline's noise.",
    );
  }
  await request.repository.keep(request.session, { [baseline.name]: baseline.commit });
  const ports = { ...request, arms: await prepareArms(request) };
  for (const text of ports.arms.absent) await request.on({ type: 'notice', text });
  const results: ArmResult[] = [];
  const ahead = new RunAhead(
    ports,
    request.id,
    request.seeds.map((seed) => ({ seed, arms: [baseline] })),
  );
  for (const [i, seed] of request.seeds.entries()) {
    await ahead.reach(i);
    results.push(await runArm(ports, request.id, baseline, seed));
    // Two failures and no score: the baseline is broken, and further seeds would cost time to say the same.
    if (results.length >= 2 && results.every(({ failure }) => failure !== null)) {
      await ahead.end(results);
      throw tooFewScores(results);
    }
  }
  const { name } = primaryMetric(contract);
  const values = results.map(({ scores }) => scores?.metrics[name] ?? null);
  const known = values.filter((value) => value !== null);
  if (known.length < 2) throw tooFewScores(results);
  const deviation = Math.sqrt(sampleVariance(known));
  const secondsPerRun = average(
    results.map(({ runs, evaluations }) =>
      [runs.at(-1), evaluations.at(-1)].reduce((total, run) => total + (run?.resources.wallSeconds ?? 0), 0),
    ),
  );
  const plans = SEED_COUNTS.map((seeds) => ({
    seeds,
    detectable: detectableGain(Math.SQRT2 * deviation, seeds, contract.alpha * share(1), contract.minimum_effect),
    runs: 2 * seeds,
    seconds: 2 * seeds * secondsPerRun,
  }));
  const base = { metric: name, revision: baseline.revision, seeds: [...request.seeds], values };
  return { ...base, mean: average(known), deviation, noiseFloor: Math.SQRT2 * deviation, secondsPerRun, plans };
}

function tooFewScores(results: readonly ArmResult[]): EvidenceError {
  const failed = results.find(({ failure }) => failure !== null);
  const last = [...(failed?.runs ?? []), ...(failed?.evaluations ?? [])].at(-1);
  const printed = last?.state === 'failed' && last.printed !== undefined ? ` It printed: ${last.printed}.` : '';
  const why = `${failed?.failure}${printed} Read its output (mlr follow ${last?.id}), mend the baseline and measure again.`;
  return new EvidenceError('request', `The baseline's noise needs two seeds with a score: ${why}`);
}

/** The card in words, as Markdown. */
export function renderNoiseCard(card: NoiseCard): string {
  const rows = card.plans.map(
    ({ seeds, detectable, runs, seconds }) => `| ${seeds} | ${figure(detectable)} | ${runs} | ${duration(seconds)} |`,
  );
  return [
    `Baseline ${card.revision}: ${card.metric} ${figure(card.mean)} on average over ${card.seeds.length} seeds, standard deviation ${figure(card.deviation)}; two runs of the same code differ by about ${figure(card.noiseFloor)}.`,
    '',
    '| seeds | smallest gain found with 80 % power | runs | time |',
    '|---:|---:|---:|---:|',
    ...rows,
  ].join('\n');
}
