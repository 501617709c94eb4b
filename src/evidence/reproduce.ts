import type { Arm, Claim, Measurement, Reproduction } from '../domain/evidence.ts';
import { readStream } from '../runs/outputLog.ts';
import { inRun, runFolder } from '../runs/runFolder.ts';
import { type ArmResult, attempt, type RunPorts, runArm } from './armRuns.ts';
import { claimsOf } from './claims.ts';
import { readOutputs, restoreOutput } from './keptOutputs.ts';
import { isMeasured, readScores } from './metrics.ts';
import { shuffled } from './register.ts';
import { blocksOf, loadEvidence, type RunEvidence } from './runEvidence.ts';
import { evaluationSpec } from './runSpecs.ts';
import type { Member } from './tarArchive.ts';

export interface ReproductionRequest {
  /** Where its runs are started: with the contract of the report, and arms that are its commits' files. */
  readonly ports: RunPorts;
  readonly measurement: Measurement;
  /** What is run for each arm of the report: its commit's files, or those that the report encloses. */
  readonly arms: readonly Arm[];
  /** The records that the report rests on. */
  readonly reported: readonly RunEvidence[];
  readonly claims: readonly Claim[];
  /** Begins the ids of its runs; the same id goes on where it ended. */
  readonly id: string;
  /** The report's folder. */
  readonly folder: string;
  /** Largest difference that counts as the same, as a share of the metric's size (of 1 for p-values and counts). */
  readonly tolerance: number;
  /** So many random pairs only; null for all. */
  readonly pairs: number | null;
}

type Rerun = Reproduction['runs'][number];

/** Runs every arm of a report again with the same seeds and compares each claim. A run that fails, times out or is left
 *  out is never reproduced. Times and memory are not compared: they are the machine's.
 *  @throws the signal's reason; RunError where no run can be started */
export async function reproduce(request: ReproductionRequest): Promise<Reproduction> {
  const { ports, measurement, arms, reported, id, pairs, tolerance } = request;
  const blocks = blocksOf(measurement, reported);
  const seeds = blocks.flatMap((block) => [...block.values()].slice(0, 1).map(({ seed }) => seed));
  const chosen = new Set(pairs === null ? seeds.map(String) : shuffled(seeds.map(String), id).slice(0, pairs));
  const runs: Rerun[] = [];
  for (const block of blocks) {
    for (const [name, before] of block) {
      const arm = arms.find((one) => one.name === name);
      if (arm === undefined || !chosen.has(String(before.seed))) continue;
      runs.push(rerunOf(before, await runArm(ports, id, arm, before.seed)));
    }
  }
  const problem = runs.find((run) => run.problem !== null)?.problem ?? null;
  const found = await claimsAgain(request, runs);
  const { claims, notCompared } = compareClaims(request, runs, found);
  const same = claims.length > 0 && claims.every(({ within }) => within);
  return { reproduced: same && problem === null, tolerance, claims, notCompared, runs, problem };
}

/** Scores the outputs that a report keeps once more; a run whose output is not kept is named, and not compared.
 *  @throws the signal's reason; RunError where no evaluation can be started; ReportError where the outputs cannot be read */
export async function scoreKept(request: ReproductionRequest): Promise<Reproduction> {
  const { arms, reported, folder, tolerance } = request;
  const outputs = await readOutputs(folder);
  const runs: Rerun[] = [];
  for (const { run, scores } of reported) {
    const arm = arms.find((one) => one.name === run.arm?.name);
    if (arm === undefined || scores === null) continue;
    const files = run.output?.files === 0 ? [] : (outputs.get(run.id) ?? null);
    runs.push(await scoreAgain(request, run, arm, files));
  }
  const problem = runs.find((run) => run.problem !== null)?.problem ?? null;
  const { claims, notCompared } = compareClaims(request, runs, []);
  const same = claims.length > 0 && claims.every(({ within }) => within);
  return { reproduced: same && problem === null, tolerance, claims, notCompared, runs, problem };
}

/** @param files what the run wrote; null where the report does not keep it */
async function scoreAgain(
  { ports, id }: ReproductionRequest,
  run: RunEvidence['run'],
  arm: Arm,
  files: readonly Member[] | null,
): Promise<Rerun> {
  const own = `${id}-${run.id}`;
  const scored = { id: own, arm, seed: run.seed ?? 0 };
  const rerun = { id: own, of: run.id, revision: arm.revision, seed: scored.seed };
  if (files === null) {
    const problem = `The output of ${run.id} is not kept in the report, so it cannot be scored again; \`--rerun\` makes it anew.`;
    return { ...rerun, exit: null, metrics: {}, problem };
  }
  await restoreOutput(inRun.out(runFolder(ports.workspace, own)), files);
  const again = await attempt(ports, (n) => evaluationSpec(ports, `${own}-evaluate${n > 1 ? `-${n}` : ''}`, scored));
  const last = again.at(-1);
  if (last?.state !== 'finished') {
    return { ...rerun, exit: last?.exit ?? null, metrics: {}, problem: `The evaluation of ${run.id} did not finish.` };
  }
  const text = await readStream(ports.workspace, last.id, 'stdout');
  return { ...rerun, exit: last.exit, metrics: readScores(text, ports.contract, run).metrics, problem: null };
}

function rerunOf(before: ArmResult, { runs, scores, failure, arm, seed }: ArmResult): Rerun {
  const run = runs.at(-1);
  return {
    id: run?.id ?? '',
    of: before.runs.at(-1)?.id ?? '',
    revision: arm.revision,
    seed,
    exit: run?.exit ?? null,
    metrics: { ...scores?.metrics },
    problem: failure,
  };
}

/** What the new runs give for the claims over several runs; none where only some pairs were run. */
async function claimsAgain(
  { ports, measurement, arms, pairs }: ReproductionRequest,
  runs: readonly Rerun[],
): Promise<Claim[]> {
  if (pairs !== null) return [];
  const [baseline = measurement.registration.baseline, ...variants] = arms;
  const registration = { ...measurement.registration, baseline, variants };
  const again = {
    ...measurement,
    registration,
    runs: runs.map(({ id, revision, seed, exit, metrics }) => ({ id, revision, seed, exit, metrics })),
  };
  return claimsOf(again, await loadEvidence(ports.workspace, again, ports.contract));
}

function compareClaims(
  { claims, measurement, tolerance, pairs }: ReproductionRequest,
  runs: readonly Rerun[],
  found: readonly Claim[],
): Pick<Reproduction, 'claims' | 'notCompared'> {
  const values = new Map(found.map(({ id, value }) => [id, value]));
  for (const { of, metrics } of runs) {
    for (const [metric, value] of Object.entries(metrics)) values.set(`run/${of}/${metric}`, value);
  }
  const rerun = new Set(runs.map(({ of }) => of));
  const size = Math.max(...measurement.runs.map(({ metrics }) => Math.abs(metrics[measurement.metric] ?? 0)), 1e-300);
  const compared: Reproduction['claims'] = [];
  const notCompared: string[] = [];
  for (const { id, runs: of, metric, value } of claims) {
    if (of.length === 0 || value === null) continue;
    const repeated = id.startsWith('run/') && of.every((run) => rerun.has(run));
    const partial = !repeated && (pairs !== null || found.length === 0);
    if (partial || NOT_REPEATED.test(id) || isMeasured(metric)) {
      notCompared.push(id);
      continue;
    }
    const now = values.get(id) ?? null;
    const scale = UNITLESS.test(id) ? 1 : Math.max(size, Math.abs(value));
    const within = now !== null && Math.abs(now - value) <= tolerance * scale;
    compared.push({ id, reported: value, found: now, within });
  }
  return { claims: compared, notCompared };
}

/** Claims of the machine, and of controls, whose runs are not made again. */
const NOT_REPEATED = /^(?:cost|control)\//;

/** Claims that are no amounts of the metric. */
const UNITLESS = /\/difference\/(?:p|pT|pStar|adjustedP|won|ofNoise)$/;
