import type { Contract } from '../domain/contract.ts';
import type { Arm } from '../domain/evidence.ts';
import type { ConfinementLevel, ContainerPlace, EndedRun, SlurmRequest } from '../domain/run.ts';
import type { Repository } from '../git/repository.ts';
import { readOutput } from '../runs/outputLog.ts';
import { inRun, runFolder } from '../runs/runFolder.ts';
import type { RunQueue } from '../runs/runQueue.ts';
import { asShown } from '../runs/traceback.ts';
import { attempt } from './armRuns.ts';
import { prepareArms } from './arms.ts';
import { duration } from './figures.ts';
import { armSpec, type RunSetting, validationSpec } from './runSpecs.ts';

export interface PilotRequest {
  readonly session: string;
  readonly workspace: string;
  readonly repository: Repository;
  readonly queue: Pick<RunQueue, 'submit' | 'wait'>;
  readonly contract: Contract;
  readonly confinement: ConfinementLevel;
  /** Where that is `container`. */
  readonly container?: ContainerPlace;
  /** Where runs run in jobs of a cluster. */
  readonly slurm?: SlurmRequest;
  readonly arm: Arm;
  /** Names the pilot within its session. The same name and tree are run once. */
  readonly name: string;
  /** The seed of a run that failed: `run` itself is tried with it, instead of the pilot. */
  readonly failedSeed?: number;
  readonly signal: AbortSignal;
}

export interface PilotResult {
  /** Whether the arm runs at all; says nothing of how well. */
  readonly ok: boolean;
  /** Why not, in a sentence; '' where it runs. */
  readonly reason: string;
  readonly run: EndedRun;
  /** Path of what it printed. */
  readonly log: string;
  /** How it ended, the end of its output and, where the contract has `validate`, of that; no test score. */
  readonly text: string;
}

/** Without a `pilot` command, `run` is ended after so long: an arm that still runs then does run. Seconds. */
const PROOF_SECONDS = 120;
/** Pilots have a seed of their own, which no registration draws: those are drawn from millions, and recorded. */
const PILOT_SEED = 0;
/** Shown of the output's end. Bytes. */
const TAIL = 6000;
/** What is read of a validation's output before the scores of its examples are left out. Bytes. */
const LONGEST_SCORES = 16 * 1024 ** 2;

/** Proves cheaply that an arm runs, in the confinement of the measurement; neither test scores nor hidden files are seen.
 *  @throws EvidenceError `arm`; RunError; the signal's reason */
export async function pilot(request: PilotRequest): Promise<PilotResult> {
  const { contract, arm, workspace } = request;
  const setting: RunSetting = { ...request, arms: await prepareArms({ ...request, baseline: arm }) };
  const ports = { ...request, on: async () => undefined };
  const own = request.name.startsWith(request.session) ? request.name : `${request.session}-${request.name}`;
  const packages = arm.lock === undefined ? '' : `-${arm.lock.slice(0, 6)}`;
  const id = `${own}-${arm.tree.slice(0, 8)}${packages}-${request.failedSeed ?? 'pilot'}`;
  const { failedSeed } = request;
  const command = failedSeed === undefined ? (contract.pilot ?? contract.run) : contract.run;
  const seed = failedSeed ?? PILOT_SEED;
  const proves = contract.pilot === undefined && failedSeed === undefined;
  const wallSeconds = proves ? Math.min(PROOF_SECONDS, contract.budget.wall) : contract.budget.wall;
  const runs = await attempt(ports, (n) =>
    armSpec(setting, { id: again(id, n), arm, seed, purpose: 'pilot', command, wallSeconds }),
  );
  const run = lastOf(runs);
  const stillRan = proves && run.state === 'failed' && run.failure === 'wall';
  const reason = run.state === 'finished' || stillRan ? '' : reasonOf(run);
  const printed = await readOutput(workspace, run.id, { from: -TAIL });
  const text = [headline(run, reason, stillRan, failedSeed), asShown(printed).trim()];
  if (run.state === 'finished' && contract.validate !== undefined) {
    text.push(await validate(setting, ports, run, contract.validate, arm));
  }
  return { ok: reason === '', reason, run, log: inRun.log(runFolder(workspace, run.id)), text: text.join('\n\n') };
}

async function validate(
  setting: RunSetting,
  ports: Parameters<typeof attempt>[0],
  run: EndedRun,
  command: string,
  arm: Arm,
): Promise<string> {
  const scored = { id: run.id, arm, seed: run.seed ?? PILOT_SEED };
  const runs = await attempt(ports, (n) => validationSpec(setting, again(`${run.id}-validate`, n), scored, command));
  const ended = lastOf(runs);
  // The scores of single examples may take far more room than what is shown, with the metric before them.
  const printed = withoutExamples(await readOutput(setting.workspace, ended.id, { from: -LONGEST_SCORES }));
  const how = ended.state === 'finished' ? 'validate printed:' : `validate failed: ${reasonOf(ended)}`;
  return `${how}\n${printed.trim().slice(-TAIL)}`;
}

/** Per-example scores are for the statistics; to a reader they are a wall of numbers. */
function withoutExamples(printed: string): string {
  return printed.replace(/("(?:examples|jackknife|groups)"\s*:\s*)\[[^\]]*\]/g, '$1[…]');
}

function headline(run: EndedRun, reason: string, stillRan: boolean, failedSeed?: number): string {
  const time = duration(run.resources.wallSeconds);
  const what = failedSeed === undefined ? 'The pilot' : `The run with seed ${failedSeed}`;
  if (reason !== '') return `${what} failed after ${time}: ${reason}`;
  return stillRan
    ? `It still ran after ${time} and was ended, which proves that it runs.`
    : `${what} finished in ${time}.`;
}

function reasonOf(run: EndedRun): string {
  if (run.state === 'failed') return run.reason;
  return run.state === 'stopped' ? `It was stopped by ${run.by}.` : '';
}

function again(id: string, attemptNumber: number): string {
  return attemptNumber > 1 ? `${id}-${attemptNumber}` : id;
}

function lastOf(runs: readonly EndedRun[]): EndedRun {
  const run = runs.at(-1);
  if (run === undefined) throw new RangeError('A pilot was attempted no time.');
  return run;
}
