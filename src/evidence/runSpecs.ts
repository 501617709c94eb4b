import { existsSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { type Contract, concealed, containerOf } from '../domain/contract.ts';
import type { Arm } from '../domain/evidence.ts';
import type { ConfinementLevel, ContainerPlace, RunPurpose, RunSpec, SlurmRequest } from '../domain/run.ts';
import type { Repository } from '../git/repository.ts';
import { withPlainPython } from '../runs/plainPython.ts';
import { environmentFolder, inRun, outInside, runFolder } from '../runs/runFolder.ts';
import type { Arms } from './arms.ts';
import { fillCommand, splitWords } from './command.ts';
import { filledSha256 } from './exports.ts';

/** What every run of a measurement has in common. */
export interface RunSetting {
  readonly workspace: string;
  readonly session: string;
  readonly repository: Pick<Repository, 'top' | 'folder'>;
  readonly contract: Contract;
  readonly confinement: ConfinementLevel;
  /** Where that is `container`. */
  readonly container?: ContainerPlace;
  /** Where runs run in jobs of a cluster. */
  readonly slurm?: SlurmRequest;
  readonly arms: Arms;
}

export interface ArmRun {
  readonly id: string;
  readonly arm: Arm;
  readonly seed: number;
  readonly purpose: Extract<RunPurpose, 'run' | 'pilot' | 'trivial' | 'control'>;
  readonly command: string;
  /** Seconds; the contract's budget where it is not given. */
  readonly wallSeconds?: number;
}

/** A run whose output is scored. */
export interface ScoredRun {
  readonly id: string;
  readonly arm: Arm;
  readonly seed: number;
}

/** Processes that one run may have at a time: data loaders fork freely, a fork bomb does not stop by itself. */
const MOST_PROCESSES = 512;

/** One arm, one seed: sees the arm without hidden files, inputs read-only. */
export async function armSpec(setting: RunSetting, run: ArmRun): Promise<RunSpec> {
  const { arms, contract } = setting;
  const spec = {
    ...common(setting, run.id, run.arm, run.seed),
    env: await interpreterOf(setting, run.arm.lock),
    purpose: run.purpose,
    ...(await sourceAt(await arms.source(run.arm))),
    out: null,
    inputs: [...arms.inputs],
    revealed: [],
    masked: concealed(contract).map((path) => join(setting.workspace, path)),
    limits: limits(contract, run.wallSeconds ?? contract.budget.wall),
  };
  return { ...spec, argv: argvOf(setting, spec, run.command, run.arm.args) };
}

/** Scores what a run wrote: the baseline's files and the hidden ones, the run's `out/` read-only, the arm out of reach. */
export async function evaluationSpec(setting: RunSetting, id: string, run: ScoredRun): Promise<RunSpec> {
  const spec = await scoringSpec(setting, id, run);
  const argv = argvOf(setting, spec, setting.contract.evaluate);
  const asked = new Set(setting.contract.hidden);
  const masked = concealed(setting.contract).filter((path) => !asked.has(path));
  return {
    ...spec,
    revealed: [...setting.arms.hidden],
    masked: masked.map((path) => join(setting.workspace, path)),
    argv,
  };
}

/** The same without hidden files: what agents and pilots may look at. */
export async function validationSpec(
  setting: RunSetting,
  id: string,
  run: ScoredRun,
  command: string,
): Promise<RunSpec> {
  const spec = { ...(await scoringSpec(setting, id, run)), purpose: 'validate' as const };
  return { ...spec, argv: argvOf(setting, spec, command) };
}

async function scoringSpec(setting: RunSetting, id: string, run: ScoredRun) {
  const { arms, contract, workspace } = setting;
  return {
    ...common(setting, id, run.arm, run.seed),
    env: await interpreterOf(setting, arms.evaluatorLock),
    purpose: 'evaluate' as const,
    ...(await sourceAt(arms.evaluator)),
    out: { path: inRun.out(runFolder(workspace, run.id)), readOnly: true },
    after: run.id,
    inputs: [...arms.evaluatorInputs],
    revealed: [],
    masked: concealed(contract).map((path) => join(workspace, path)),
    limits: limits(contract, contract.budget.wall),
  };
}

async function sourceAt(source: string): Promise<Pick<RunSpec, 'source' | 'sourceSha256'>> {
  const sourceSha256 = await filledSha256(source);
  return { source, ...(sourceSha256 !== undefined && { sourceSha256 }) };
}

function common(setting: RunSetting, id: string, arm: Arm, seed: number) {
  const { contract, repository, session, confinement, container, slurm } = setting;
  return {
    version: 1 as const,
    id,
    session,
    arm: { name: arm.name, commit: arm.commit, tree: arm.tree },
    seed,
    mountAt: repository.top,
    folder: repository.folder,
    watched: [...contract.protected],
    network: contract.network,
    gpus: contract.budget.gpus,
    cpus: contract.budget.cpus,
    confinement,
    ...(container && { container }),
    ...(slurm && { slurm: { ...slurm, job: id } }),
  };
}

function argvOf(
  setting: RunSetting,
  spec: Omit<RunSpec, 'argv'>,
  command: string,
  args: readonly string[] = [],
): string[] {
  return fillCommand(splitWords(command), { seed: spec.seed ?? 0, out: outInside(spec, setting.workspace), args });
}

function limits(contract: Contract, wallSeconds: number): RunSpec['limits'] {
  const { memory } = contract.budget;
  return { wallSeconds, memoryBytes: memory, processes: MOST_PROCESSES, outputBytes: contract.output_limit };
}

/** `python: .venv` (a virtual environment) or the path of an interpreter, put first on PATH; before it an environment that
 *  was made over it. Without `python`, what python3 is in the workspace; in a container, what the image says.
 *  @param lock names that environment */
export async function interpreterOf(
  { contract, workspace }: Pick<RunSetting, 'contract' | 'workspace'>,
  lock?: string,
): Promise<Record<string, string>> {
  if (containerOf(contract) !== null) return {};
  const chosen = chosenInterpreter({ contract, workspace }) ?? { PATH: await withPlainPython(searchPath(), workspace) };
  if (lock === undefined) return chosen;
  const environment = environmentFolder(workspace, lock);
  return { PATH: [join(environment, 'bin'), chosen.PATH].join(delimiter), VIRTUAL_ENV: environment };
}

function chosenInterpreter({
  contract,
  workspace,
}: Pick<RunSetting, 'contract' | 'workspace'>): { PATH: string; VIRTUAL_ENV?: string } | null {
  if (contract.python === undefined) return null;
  const path = join(contract.python.startsWith('/') ? '/' : workspace, contract.python);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (!existsSync(path)) return null;
  const folder = isFolder ? join(path, 'bin') : dirname(path);
  return { PATH: [folder, searchPath()].join(delimiter), ...(isFolder ? { VIRTUAL_ENV: path } : {}) };
}

function searchPath(): string {
  return process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin';
}
