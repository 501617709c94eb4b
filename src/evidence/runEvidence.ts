import type { Contract } from '../domain/contract.ts';
import type { Arm, Measurement } from '../domain/evidence.ts';
import { type EndedRun, hasEnded } from '../domain/run.ts';
import { readStream } from '../runs/outputLog.ts';
import { readRecord, runFolder } from '../runs/runFolder.ts';
import { type ArmResult, failureOf } from './armRuns.ts';
import type { Block } from './blocks.ts';
import { type RunScores, readScores, scoreLine } from './metrics.ts';
import { ReportError } from './reportError.ts';

/** A run's own record and what its evaluation printed, read again from disk: what every number is recomputed from. */
export interface RunEvidence {
  readonly run: EndedRun;
  readonly evaluation: EndedRun | null;
  readonly scores: RunScores | null;
  /** The last line that its evaluation printed, which the scores are read from (`scoreLine`). */
  readonly printed: string | null;
}

/** Reads the records that a measurement names.
 *  @throws ReportError naming a run whose record is missing */
export async function loadEvidence(
  workspace: string,
  measurement: { readonly runs: readonly { readonly id: string }[] },
  contract: Pick<Contract, 'metrics'>,
): Promise<RunEvidence[]> {
  const found: RunEvidence[] = [];
  // A few at a time: each holds files open, and there may be ten thousand seeds.
  for (let at = 0; at < measurement.runs.length; at += AT_ONCE) {
    const some = measurement.runs.slice(at, at + AT_ONCE);
    found.push(...(await Promise.all(some.map(({ id }) => loadRun(workspace, id, contract)))));
  }
  return found;
}

/** Records that are read at the same time. */
const AT_ONCE = 32;

/** Every attempt at a run that there is on disk, the first one first; none where it was never started.
 *  @param idOf the run's id at its n-th attempt, from 1 */
export async function loadAttempts(
  workspace: string,
  idOf: (attempt: number) => string,
  contract: Pick<Contract, 'metrics'>,
): Promise<RunEvidence[]> {
  const found: RunEvidence[] = [];
  for (let attempt = 1; (await ended(workspace, idOf(attempt))) !== null; attempt += 1) {
    found.push(await loadRun(workspace, idOf(attempt), contract));
  }
  return found;
}

/** The seed of every value of a measurement, those of pooled registrations first. */
export function seedsOf({ seeds, registration }: Pick<Measurement, 'seeds' | 'registration'>): readonly number[] {
  return seeds ?? registration.seeds;
}

/** The blocks that the records make: for every seed the last run of each arm. */
export function blocksOf(measurement: Measurement, evidence: readonly RunEvidence[]): Block[] {
  const { registration } = measurement;
  const arms = [registration.baseline, ...registration.variants];
  const bySeed = new Map<number | null, RunEvidence[]>();
  for (const one of evidence) {
    const own = bySeed.get(one.run.seed);
    if (own) own.push(one);
    else bySeed.set(one.run.seed, [one]);
  }
  return seedsOf(measurement)
    .map((seed) => {
      const entries = arms.flatMap((arm): [string, ArmResult][] => {
        // By tree, not commit: a pooled run of a snapshot has a commit of its own.
        const own = (bySeed.get(seed) ?? []).filter(
          ({ run }) => run.arm?.tree === arm.tree && run.arm.name === arm.name,
        );
        const result = armResult(arm, seed, own);
        return result === null ? [] : [[arm.name, result]];
      });
      return new Map(entries);
    })
    .filter((block) => block.size > 0);
}

/** One arm's share of a block, from all attempts at it; null where there is none. */
export function armResult(arm: Arm, seed: number, own: readonly RunEvidence[]): ArmResult | null {
  const counted = own.at(-1);
  if (counted === undefined) return null;
  const { failure, own: blame } = failureOf(counted.run, 'The run');
  const evaluations = own.flatMap(({ evaluation }) => evaluation ?? []);
  const problem = failure ?? counted.scores?.problem ?? (counted.scores === null ? 'There is no score.' : null);
  return {
    arm,
    seed,
    runs: own.map(({ run }) => run),
    evaluations,
    scores: counted.scores,
    failure: problem,
    own: blame,
  };
}

/** The scores that a printed line gives; none where the evaluation did not finish. */
export function scored(
  printed: string | null,
  contract: Pick<Contract, 'metrics'>,
  run: EndedRun,
): Pick<RunEvidence, 'scores' | 'printed'> {
  return { printed, scores: printed === null ? null : readScores(printed, contract, run) };
}

async function loadRun(workspace: string, id: string, contract: Pick<Contract, 'metrics'>): Promise<RunEvidence> {
  const run = await ended(workspace, id);
  if (run === null)
    throw new ReportError(
      `The record of run ${id} is missing from ${runFolder(workspace, id)}: nothing can be reported of it.`,
    );
  for (const evaluated of [`${id}-evaluate-2`, `${id}-evaluate`]) {
    const evaluation = await ended(workspace, evaluated);
    if (evaluation === null) continue;
    const finished = run.state === 'finished' && evaluation.state === 'finished';
    const stdout = finished ? await readStream(workspace, evaluated, 'stdout') : '';
    const printed = finished ? scoreLine(stdout) : null;
    return { run, evaluation, ...scored(printed, contract, run) };
  }
  return { run, evaluation: null, ...scored(null, contract, run) };
}

async function ended(workspace: string, id: string): Promise<EndedRun | null> {
  const record = await readRecord(runFolder(workspace, id));
  return record !== null && hasEnded(record) ? record : null;
}
