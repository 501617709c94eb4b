import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import type { Binding, RunSpec } from '../domain/run.ts';
import { isInside, lstatIfThere, placeInside } from './armPaths.ts';
import { maskedPlaces, type RunPaths } from './confinement.ts';
import { keptTrees } from './keptTrees.ts';
import { temporaryPlace } from './memoryFolders.ts';
import { RunError } from './runError.ts';
import { inRun, sessionFolder } from './runFolder.ts';
import { copyTree, hashTree, removeTree } from './treeFiles.ts';

/** An input larger than this is linked, not copied, where nothing can be mounted. Bytes. */
const COPIED_UP_TO = 2 ** 30;

/**
 * Lays out what a run needs: its own copy of the arm without what it must not see, its inputs, private folders.
 * @throws RunError `spec` where a path leaves the run's folder or does not exist.
 */
export async function arrange(spec: RunSpec, folder: string): Promise<RunPaths> {
  const paths = {
    tree: inRun.tree(folder),
    out: spec.out?.path ?? inRun.out(folder),
    home: inRun.home(folder),
    tmp: temporaryFolder(spec.id),
  };
  await clearAway(spec.id, folder);
  for (const made of [paths.out, paths.home]) await mkdir(made, { recursive: true });
  await mkdir(paths.tmp, { mode: 0o700 });
  if (spec.confinement !== 'none') await mkdir(join(paths.tmp, 'home'));
  await copyArm(spec, paths.tree);
  const masked = await truePaths(spec.masked);
  await removeMasked(spec, masked, paths.tree);
  for (const binding of [...spec.inputs, ...spec.revealed]) await present(spec, binding, masked, paths.tree);
  await keptTrees.note(paths.tree);
  return paths;
}

/** Clears away after a run that has ended; a later one may use its copy of the arm. */
export async function putAway(spec: RunSpec, folder: string): Promise<void> {
  const workspace = join(folder, '..', '..', '..');
  await keptTrees.keep(spec, inRun.tree(folder), sessionFolder(workspace, spec.session));
  await clearAway(spec.id, folder);
}

/** Masked paths, with those that links lead to. */
export async function truePaths(masked: readonly string[]): Promise<string[]> {
  const found = masked.filter((path) => existsSync(path));
  return [...new Set([...masked, ...(await Promise.all(found.map((path) => realpath(path))))])];
}

/** Removes what a run needs only while it runs. */
export async function clearAway(id: string, folder: string): Promise<void> {
  for (const path of [inRun.tree(folder), inRun.home(folder), temporaryFolder(id)]) await removeTree(path);
}

/** Short, because the path of a Unix socket has room for 107 bytes; derived, so that whoever clears up finds it. */
export function temporaryFolder(id: string): string {
  return join(temporaryPlace(), `mlr-${createHash('sha256').update(id).digest('hex').slice(0, 12)}`);
}

async function copyArm(spec: RunSpec, tree: string): Promise<void> {
  if (!existsSync(spec.source))
    throw new RunError('spec', `The arm's files are missing: ${spec.source} does not exist.`);
  const never = new Set([join(spec.source, '.git'), join(spec.source, spec.folder, '.mlr')]);
  if (!(await keptTrees.take(spec, tree))) {
    await assertUnaltered(spec);
    await copyTree(spec.source, tree, { without: never });
  }
  const folder = await placeInside(tree, spec.folder);
  await mkdir(folder, { recursive: true });
  if (spec.confinement !== 'none')
    await mkdir(await placeInside(tree, join(spec.folder, '.mlr-out')), { recursive: true });
}

/** @throws RunError `altered` where somebody has changed what was exported */
async function assertUnaltered({ source, sourceSha256 }: RunSpec): Promise<void> {
  if (sourceSha256 === undefined || (await hashTree(source)) === sourceSha256) return;
  throw new RunError(
    'altered',
    `${source} was altered since it was exported: begin again, and change nothing below .mlr.`,
  );
}

/** What is masked below the repository is absent from the copy; what is masked elsewhere only a mount can hide. */
async function removeMasked(spec: RunSpec, masked: readonly string[], tree: string): Promise<void> {
  for (const path of masked) {
    if (path === spec.mountAt || !isInside(spec.mountAt, path)) continue;
    const there = join(tree, relative(spec.mountAt, path));
    if (!(await lstatIfThere(there))) continue;
    // Through a link of the arm this could be the original: that is never touched.
    if (isInside(await realpath(tree), await realpath(dirname(there)))) await rm(there, { recursive: true });
  }
}

async function present(spec: RunSpec, binding: Binding, masked: readonly string[], tree: string): Promise<void> {
  const kind = await stat(binding.from).catch(() => null);
  if (kind === null)
    throw new RunError('spec', `The input ${binding.from} does not exist; check \`inputs\` in mlr.yaml.`);
  if (isAbsolute(binding.as)) {
    if (spec.confinement === 'none' && binding.as !== binding.from) {
      throw new RunError('confinement', `${binding.as} can only be shown to a confined run; give a relative path.`);
    }
    return;
  }
  const place = await placeInside(tree, join(spec.folder, binding.as));
  if (spec.confinement !== 'none') await mountPoint(place, kind.isDirectory());
  else await copyInput(spec, binding, masked, place);
}

async function mountPoint(place: string, isFolder: boolean): Promise<void> {
  const kind = await lstatIfThere(place);
  if (kind && kind.isDirectory() !== isFolder) await rm(place, { recursive: true });
  if (isFolder) await mkdir(place, { recursive: true });
  else if (kind?.isDirectory() !== false) await writeFile(place, '');
}

async function copyInput(spec: RunSpec, input: Binding, masked: readonly string[], place: string): Promise<void> {
  await rm(place, { recursive: true, force: true });
  const from = await realpath(input.from);
  if ((await bytesBelow(from, COPIED_UP_TO)) > COPIED_UP_TO) return await symlink(from, place);
  const absent = new Set(maskedPlaces({ ...input, from }, masked, join(spec.mountAt, spec.folder)).map((m) => m.from));
  await copyTree(from, place, { follow: true, without: spec.revealed.includes(input) ? new Set() : absent });
}

/** Bytes of a file or of all files below a folder; stops counting beyond `enough`. */
async function bytesBelow(path: string, enough: number): Promise<number> {
  const kind = await lstat(path);
  if (!kind.isDirectory()) return kind.size;
  let sum = 0;
  for (const name of await readdir(path)) {
    sum += await bytesBelow(join(path, name), enough - sum);
    if (sum > enough) break;
  }
  return sum;
}
