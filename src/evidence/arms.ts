import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { type Contract, concealed } from '../domain/contract.ts';
import type { Arm } from '../domain/evidence.ts';
import type { Binding } from '../domain/run.ts';
import type { Repository } from '../git/repository.ts';
import { FileHashes } from '../runs/fileHashes.ts';
import { absentContent, pointersIn } from './absentContent.ts';
import { inputPaths, isWithin } from './contractPaths.ts';
import { EvidenceError } from './evidenceError.ts';
import { fillOnce } from './exports.ts';

/** Where arms are exported, and by which contract. */
export interface ArmSetting {
  /** The workspace folder, absolute. */
  readonly workspace: string;
  readonly session: string;
  readonly repository: Repository;
  readonly contract: Contract;
  readonly baseline: Arm;
  /** Where hidden files lie, by their path or name; in the baseline or the workspace where it is not given. */
  readonly hiddenFrom?: string;
  on?(event: { readonly type: 'notice'; readonly text: string }): Promise<void>;
}

/** What runs of one contract see: each arm's own files, and the baseline's copy of everything that must be the same. */
export interface Arms {
  /** The arm's files without hidden files and without inputs that come from the baseline. */
  source(arm: Arm): Promise<string>;
  /** Read-only inputs of a run: the baseline's where git tracks them, else the workspace's. */
  readonly inputs: readonly Binding[];
  /** The baseline's files, whole but for what is hidden: where `evaluate` runs. */
  readonly evaluator: string;
  /** Names the baseline's environment, in which every arm is scored; undefined for the chosen interpreter. */
  readonly evaluatorLock?: string;
  /** What `evaluate` needs beyond: untracked inputs, and the hidden files. */
  readonly evaluatorInputs: readonly Binding[];
  readonly hidden: readonly Binding[];
  /** Every file that is kept from runs: those, and the test set that is not asked now. */
  readonly concealed: readonly Binding[];
  /** SHA-256 by path of hidden and protected files: what makes a test set. */
  readonly testSet: Readonly<Record<string, string | null>>;
  /** What the baseline names and does not hold (submodules, files that Git LFS did not fetch), in sentences. */
  readonly absent: readonly string[];
}

/** Exports the baseline and finds where inputs and hidden files come from. Exports are kept under
 *  `.mlr/sessions/<session>/arms/` and used again; those of an earlier process only where nobody has altered them.
 *  @throws EvidenceError `arm` where an input or a hidden file is in neither the baseline nor the workspace */
export async function prepareArms(setting: ArmSetting): Promise<Arms> {
  const { workspace, repository, contract, baseline } = setting;
  const tracked = (await repository.listFiles(baseline.tree)).map((file) => file.path);
  const inTree = (path: string): string => [repository.folder, path].filter(Boolean).join('/');
  const isTracked = (path: string): boolean => tracked.some((file) => isWithin(file, inTree(path)));
  const evaluator = await exported(setting, baseline.tree, concealed(contract));
  const pointers = await pointersIn(repository, baseline.tree, evaluator);
  const isPointer = (path: string): boolean => pointers.some((file) => isWithin(file, inTree(path)));
  const inputs = await Promise.all(
    contract.inputs.map(async (input): Promise<Binding & { tracked: boolean }> => {
      if (typeof input !== 'string') return { from: expand(input.from, workspace), as: input.as, tracked: false };
      const [as = input] = inputPaths({ inputs: [input] });
      const own = join(workspace, as);
      const whole = isTracked(as) && !isPointer(as) && !(await holdsMore(own, inTree(as), tracked));
      return { from: whole ? join(evaluator, repository.folder, as) : own, as, tracked: whole };
    }),
  );
  const shared = inputs.filter(({ as }) => !contract.varies.some((path) => isWithin(as, path) || isWithin(path, as)));
  const secrets = await Promise.all(concealed(contract).map((path) => hiddenFile(setting, path, isTracked(path))));
  const hidden = secrets.filter(({ as }) => contract.hidden.some((path) => tidy(path) === as));
  const caches = contract.caches
    .map((path) => expand(path, workspace))
    .filter(existsSync)
    .map((path) => ({ from: path, as: path }));
  for (const { from } of [...inputs, ...secrets]) {
    if (!existsSync(from)) throw missing(from);
  }
  const plain = ({ from, as }: Binding): Binding => ({ from, as });
  return {
    inputs: [...shared.map(plain), ...caches],
    evaluator,
    ...(baseline.lock !== undefined && { evaluatorLock: baseline.lock }),
    evaluatorInputs: [...inputs.filter((input) => !input.tracked).map(plain), ...caches],
    hidden,
    concealed: secrets,
    absent: await absentContent(repository, baseline.tree, pointers, contract),
    testSet: await hashAll([
      ...hidden.map(({ from, as }) => [as, from] as const),
      ...contract.protected.map((path) => [path, join(evaluator, repository.folder, path)] as const),
    ]),
    source: (arm) =>
      exported(setting, arm.tree, [
        ...concealed(contract),
        ...shared.filter((input) => input.tracked).map(({ as }) => as),
      ]),
  };
}

async function exported(setting: ArmSetting, tree: string, without: readonly string[]): Promise<string> {
  const { repository } = setting;
  const leaveOut = [
    ...new Set(without.map((path) => [repository.folder, tidy(path)].filter(Boolean).join('/'))),
  ].sort();
  const name = createHash('sha256').update(JSON.stringify(leaveOut)).digest('hex').slice(0, 8);
  const folder = join(armsFolder(setting), `${tree}-${name}`);
  await fillOnce(
    folder,
    (draft) => repository.exportTree(tree, draft, { leaveOut }),
    () => sayAltered(setting, folder),
  );
  return folder;
}

/** Said to whoever goes on: runs before the alteration had the right files, and later ones get them. */
async function sayAltered({ workspace, on }: ArmSetting, folder: string): Promise<void> {
  const text = `${relative(workspace, folder)} was altered since it was exported, and was exported from git again.`;
  await on?.({ type: 'notice', text });
}

async function hiddenFile(setting: ArmSetting, given: string, isTracked: boolean): Promise<Binding> {
  const path = tidy(given);
  if (setting.hiddenFrom !== undefined) {
    const whole = join(setting.hiddenFrom, path);
    return { from: existsSync(whole) ? whole : join(setting.hiddenFrom, basename(path)), as: path };
  }
  if (!isTracked) return { from: join(setting.workspace, path), as: path };
  const { repository, baseline } = setting;
  const root = [repository.folder, path].filter(Boolean).join('/');
  const folder = join(
    armsFolder(setting),
    `${baseline.tree}-hidden-${createHash('sha256').update(path).digest('hex').slice(0, 8)}`,
  );
  const fill = async (draft: string): Promise<void> => {
    for (const file of await repository.listFiles(baseline.tree)) {
      if (!isWithin(file.path, root)) continue;
      const found = await repository.checkedOutFile(baseline.tree, file.path);
      const target = join(draft, file.path);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      if (found) await writeFile(target, found.content);
    }
  };
  await fillOnce(folder, fill, () => sayAltered(setting, folder));
  return { from: join(folder, root), as: path };
}

/** Whether a folder of the workspace holds files that the tree does not: data beside a tracked README. */
async function holdsMore(path: string, inTree: string, tracked: readonly string[]): Promise<boolean> {
  const kind = await stat(path).catch(() => null);
  if (!kind?.isDirectory()) return false;
  const known = new Set(tracked);
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.some((entry) => {
    const below = join(entry.parentPath, entry.name).slice(path.length + 1);
    return !entry.isDirectory() && !below.split('/').includes('__pycache__') && !known.has(`${inTree}/${below}`);
  });
}

async function hashAll(files: readonly (readonly [string, string])[]): Promise<Record<string, string | null>> {
  const hashes = new FileHashes();
  const rows = await Promise.all(files.map(async ([name, path]) => [name, await hashes.of(path, true)] as const));
  return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function armsFolder({ workspace, session }: ArmSetting): string {
  return join(workspace, '.mlr', 'sessions', session, 'arms');
}

function expand(path: string, workspace: string): string {
  const home = path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
  return isAbsolute(home) ? home : join(workspace, home);
}

function tidy(path: string): string {
  return path.replace(/^\.\//, '').replace(/\/+$/, '');
}

function missing(from: string): EvidenceError {
  return new EvidenceError('arm', `${from} does not exist; mlr.yaml names it under \`inputs\` or \`hidden\`.`);
}
