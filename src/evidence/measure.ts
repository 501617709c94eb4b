import { type Contract, primaryMetric } from '../domain/contract.ts';
import type { Arm, Measurement, NoiseRuns, Registration } from '../domain/evidence.ts';
import type { ConfinementLevel, ContainerPlace, SlurmRequest } from '../domain/run.ts';
import type { Repository } from '../git/repository.ts';
import { type ArmResult, type MeasureEvent, type RunPorts, type RunSubmission, scoreAgain } from './armRuns.ts';
import { prepareArms } from './arms.ts';
import { type Block, compareBlocks, isFutile, seedOf, seedsMeasureNothing } from './blocks.ts';
import type { CheckRequest } from './checkRequest.ts';
import { lastingFaults, runChecks } from './checks.ts';
import { runControls } from './controls.ts';
import { EvidenceError } from './evidenceError.ts';
import { forecastOf, lookBack } from './forecast.ts';
import { plannedBlocks, runBlock } from './plannedBlocks.ts';
import { NO_POOL, type Pool, poolBlocks } from './pooling.ts';
import { register } from './register.ts';
import { RunAhead } from './runAhead.ts';
import { average } from './statistics.ts';
import { runTrivial } from './trivialRuns.ts';
import { judge } from './verdict.ts';

export interface MeasureRequest {
  readonly session: string;
  /** The workspace folder, absolute. */
  readonly workspace: string;
  readonly repository: Repository;
  readonly queue: RunSubmission;
  /** The baseline's contract. */
  readonly contract: Contract;
  readonly baseline: Arm;
  readonly variants: readonly Arm[];
  readonly hypothesis: string;
  readonly confinement: ConfinementLevel;
  /** Where that is `container`. */
  readonly container?: ContainerPlace;
  /** Where runs run in jobs of a cluster. */
  readonly slurm?: SlurmRequest;
  /** How many runs may be submitted before the first of them is looked at. */
  readonly ahead?: number;
  /** The steps of the session's plan, where it has one. */
  readonly plan?: readonly string[];
  /** Whether an agent wrote a variant: then seeds are always drawn. */
  readonly agentWritten: boolean;
  /** What of the hidden files agents were shown before the variants were written, in words; absent: nothing. */
  readonly seenByAgents?: readonly string[];
  /** Every earlier registration of this workspace, across sessions: for tries, and for seeds that were used. */
  readonly earlier: () => Promise<EarlierRegistrations>;
  /** Does one thing while nobody else in this workspace registers: tries are counted one after the other. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  /** A registration to go on with; finished runs of it are not repeated. */
  readonly registration?: Registration;
  /** Score on the locked test set: `contract` is then the locked one. */
  readonly final?: boolean;
  /** Train with shuffled labels too, and measure the baseline against itself. */
  readonly controls?: boolean;
  /** Run every seed even where no completion could support. */
  readonly allSeeds?: boolean;
  /** End after the first block with a run that failed by itself, so that somebody can mend it. */
  readonly stopAtFailure?: boolean;
  on(event: MeasureEvent): Promise<void>;
  readonly signal: AbortSignal;
}

export interface EarlierRegistrations {
  readonly registrations: readonly Registration[];
  /** Ids of those that are being measured at this moment. */
  readonly live: ReadonlySet<string>;
  readonly noise: readonly NoiseRuns[];
}

/** A run that failed by itself, or whose evaluation did, with the sentence that says how. */
export interface MeasureFailure {
  readonly run: ArmResult['runs'][number];
  readonly arm: Arm;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly reason: string;
}

export type MeasureOutcome =
  | { readonly kind: 'measured'; readonly registration: Registration; readonly measurement: Measurement }
  | { readonly kind: 'failed'; readonly registration: Registration; readonly failures: readonly MeasureFailure[] };

/** Compares variants with the baseline by paired runs over fresh seeds and judges what they show, without any model.
 *  Asked again with its registration it goes on where it ended.
 *  @throws EvidenceError `arm`, `request`; GitError; RunError; the signal's reason */
export async function measure(request: MeasureRequest): Promise<MeasureOutcome> {
  const kept = [request.baseline, ...request.variants].map(({ name, commit }) => [name, commit] as const);
  await request.repository.keep(request.session, Object.fromEntries(kept));
  const arms = await prepareArms(request);
  if (!request.registration) for (const text of arms.absent) await request.on({ type: 'notice', text });
  const registration = await request.alone(async () => {
    const own = request.registration ?? (await registerAnew(request, arms.testSet));
    assertSameArms(own, request);
    await request.on({ type: 'registered', registration: own });
    return own;
  });
  const ports: RunPorts = { ...request, arms };
  const ahead = new RunAhead(ports, registration.id, plannedBlocks(registration));
  const walked = await walk(request, ports, registration, ahead).catch(async (error: unknown) => {
    // What it stumbled over is told, and not what that keeps from being stopped.
    await ahead.abandon().catch(() => undefined);
    throw error;
  });
  const { blocks, pool, stopped, failures } = walked;
  await ahead.end(blocks.flatMap((block) => [...block.values()]));
  if (failures.length > 0) return { kind: 'failed', registration, failures };
  const again = await evaluateAgain(ports, blocks.slice(pool.blocks.length));
  const trivial = stopped ? null : await runTrivial(ports, registration, blocks);
  const control = again === null ? null : await runControls(ports, registration, blocks, trivial);
  const measurement = await conclude(request, registration, { arms, blocks, pool, stopped, again, trivial, control });
  await request.on({ type: 'measured', measurement });
  return { kind: 'measured', registration, measurement };
}

async function registerAnew(request: MeasureRequest, testSet: CheckRequest['arms']['testSet']): Promise<Registration> {
  const { registrations: earlier, live, noise } = await request.earlier();
  const { name } = primaryMetric(request.contract);
  const past = await lookBack(request, request.baseline, name, { registrations: earlier, noise });
  const used = noise.flatMap(({ seeds }) => seeds);
  const made = register({ ...request, earlier, live, used, testSet });
  return { ...made, forecast: forecastOf(made, past) };
}

interface Walked {
  /** Those of pooled registrations first. */
  readonly blocks: readonly Block[];
  readonly pool: Pool;
  readonly stopped: boolean;
}

async function walk(
  request: MeasureRequest,
  ports: RunPorts,
  registration: Registration,
  ahead: RunAhead,
): Promise<Walked & { failures: readonly MeasureFailure[] }> {
  const dropped = new Set<string>();
  const own: Block[] = [];
  let pool = NO_POOL;
  const walked = (stopped: boolean, failures: readonly MeasureFailure[] = []) => {
    return { blocks: [...pool.blocks, ...own], pool, stopped, failures };
  };
  for (const [i, planned] of plannedBlocks(registration).entries()) {
    await ahead.reach(i);
    const block = await runBlock(ports, registration.id, planned, dropped);
    own.push(block);
    const first = own.length === 1 ? block.get(registration.baseline.name)?.runs.at(-1) : undefined;
    if (first !== undefined) pool = await poolBlocks(ports, registration, first);
    const failed = [...block.values()].filter((result) => result.failure !== null);
    const toBlame = failed.filter((result) => result.own);
    if (request.stopAtFailure && toBlame.length > 0) return walked(false, toBlame.map(describeFailure));
    for (const { arm } of failed) {
      dropped.add(arm.name);
      await ahead.drop(arm.name);
    }
    const left = registration.variants.filter((arm) => !dropped.has(arm.name));
    // An invalid arm stays invalid: its further seeds would be spent for nothing.
    if (dropped.has(registration.baseline.name) || left.length === 0) break;
    await sayWhatSeedsTell(request, registration, own, left);
    if (request.allSeeds || own.length === registration.seeds.length) continue;
    const { blocks } = walked(false);
    if (await isDecided(request, { ports, registration, blocks, pool }, left)) return walked(true);
  }
  return walked(false);
}

/** Whether the seeds that are left would be spent for nothing: every variant is invalid already by what none of them can
 *  change (looked at after the first block), or no completion could support it. */
async function isDecided(
  request: MeasureRequest,
  { ports, ...seen }: { ports: RunPorts } & Pick<CheckRequest, 'registration' | 'blocks' | 'pool'>,
  variants: readonly Arm[],
): Promise<boolean> {
  const { registration, blocks, pool } = seen;
  const planned = pool.blocks.length + registration.seeds.length;
  if (variants.every((arm) => isFutile(registration, blocks, arm, planned))) return true;
  if (blocks.length > pool.blocks.length + 1) return false;
  const sofar = { ...request, ...seen, arms: ports.arms, stopped: true, again: null, trivial: null, control: null };
  const faults = await lastingFaults(sofar);
  const isInvalid = (arm: Arm): boolean =>
    faults.some(({ revision }) => revision === undefined || revision === arm.revision);
  if (!isInvalid(registration.baseline) && !variants.every(isInvalid)) return false;
  const left = registration.seeds.length - 1;
  await request.on({
    type: 'notice',
    text: `The first seed shows already that this comparison can carry no claim, so the other ${left === 1 ? 'one is' : `${left} are`} not run.`,
  });
  return true;
}

/** After the second seed a person can still mend an evaluation by which seeds will decide nothing. */
async function sayWhatSeedsTell(
  request: MeasureRequest,
  registration: Registration,
  blocks: readonly Block[],
  variants: readonly Arm[],
): Promise<void> {
  if (blocks.length !== 2) return;
  for (const arm of variants) {
    const text = seedsMeasureNothing(registration, blocks, arm);
    if (text !== null) await request.on({ type: 'notice', text });
  }
}

async function evaluateAgain(ports: RunPorts, blocks: readonly Block[]): Promise<CheckRequest['again']> {
  const first = blocks.flatMap((block) => [...block.values()]).find((result) => result.scores !== null);
  return first === undefined ? null : { first, second: await scoreAgain(ports, first) };
}

async function conclude(
  request: MeasureRequest,
  registration: Registration,
  {
    arms,
    blocks,
    pool,
    stopped,
    again,
    trivial,
    control,
  }: Walked & Pick<CheckRequest, 'arms' | 'again' | 'trivial' | 'control'>,
): Promise<Measurement> {
  const checks = await runChecks({ ...request, arms, registration, blocks, pool, stopped, again, trivial, control });
  const seeds = [...pool.blocks.map(seedOf), ...registration.seeds];
  const evidence = registration.variants.map((arm) => ({
    revision: arm.revision,
    comparison: compareBlocks(registration, blocks, arm),
    stopped,
  }));
  const judgement = judge(registration, evidence, checks);
  const side = (arm: Arm) => {
    const values = seeds.map((_, i) => blocks[i]?.get(arm.name)?.scores?.metrics[registration.metric] ?? null);
    const known = values.filter((value) => value !== null);
    return { revision: arm.revision, values, mean: known.length > 0 ? average(known) : null };
  };
  return {
    session: request.session,
    verdict: judgement.verdict,
    reason: judgement.reason,
    metric: registration.metric,
    goal: registration.goal,
    seeds,
    baseline: side(registration.baseline),
    variants: registration.variants.map((arm, i) => {
      const judged = judgement.variants[i];
      if (judged === undefined) throw new RangeError(`${arm.revision} was not judged.`);
      const { verdict, reason, difference } = judged;
      return { ...side(arm), difference, verdict, reason };
    }),
    checks,
    ...(control && { controls: control.controls }),
    tried: registration.tryNumber,
    runs: blocks.flatMap((block) => [...block.values()].flatMap(listRuns)),
    registration,
  };
}

function listRuns({ arm, seed, runs, scores }: ArmResult): Measurement['runs'] {
  return runs.map((run, i) => {
    const counts = i === runs.length - 1;
    return { id: run.id, revision: arm.revision, seed, exit: run.exit, metrics: counts ? { ...scores?.metrics } : {} };
  });
}

function describeFailure({ arm, runs, evaluations, scores, failure }: ArmResult): MeasureFailure {
  const run = evaluations.at(-1) ?? runs.at(-1);
  if (run === undefined) throw new RangeError(`The run of ${arm.name} was attempted no time.`);
  return { run, arm, metrics: scores?.metrics ?? {}, reason: failure ?? '' };
}

function assertSameArms(registration: Registration, { baseline, variants }: MeasureRequest): void {
  const trees = (all: readonly Arm[]): string =>
    JSON.stringify(all.map(({ name, commit, args }) => [name, commit, args]));
  if (trees([baseline, ...variants]) === trees([registration.baseline, ...registration.variants])) return;
  throw new EvidenceError(
    'request',
    `Registration ${registration.id} is of other commits: register anew instead of going on.`,
  );
}
