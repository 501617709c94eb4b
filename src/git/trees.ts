import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nearestTree } from './commits.ts';
import { GitError } from './gitError.ts';
import { git, gitAnswer } from './gitProcess.ts';
import { objectId, repositoryPath } from './names.ts';
import type { Place } from './place.ts';
import { Remembered } from './remembered.ts';

/** One file of a tree. A submodule has mode 160000, a commit id as its blob, and size 0. */
export interface TreeFile {
  readonly path: string;
  /** git's six digits: 100644, 100755, 120000 (symbolic link), 160000 (submodule). */
  readonly mode: string;
  readonly blob: string;
  /** Bytes. */
  readonly size: number;
}

/** A file as a tree is written from it. */
export interface TreeEntry {
  readonly path: string;
  readonly mode: string;
  readonly blob: string;
}

/** What a tree shall hold at a path: a content (mode as the base tree has it, or 100644), nothing, or what is stored already. */
export type TreeChange =
  | { readonly path: string; readonly content: Buffer | null; readonly mode?: string }
  | { readonly path: string; readonly blob: string; readonly mode: string };

export const regularMode = '100644';
export const submoduleMode = '160000';

/** Paths are bytes to git. Inside this folder they travel as one character a byte, so that names that are no UTF-8 survive. */
export function pathBytes(path: string): string {
  return Buffer.from(path, 'utf8').toString('latin1');
}

export function pathText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Whole lists, which are large. */
const lists = new Remembered<TreeFile[]>(4);

/** Every file below a tree or commit, paths as bytes; with `path`, that file or what lies below that folder.
 *  @throws GitError `no-such-revision` */
export async function listTree(place: Place, revision: string, path?: string): Promise<TreeFile[]> {
  const treeish = await nearestTree(place, revision);
  const args = ['ls-tree', '-r', '-l', '-z', '--full-tree', objectId(treeish)];
  if (path === undefined) return [...(await lists.of(place, treeish, () => readTree(place, treeish, args)))];
  const known = await lists.known(place, treeish);
  if (known === undefined) return await readTree(place, treeish, [...args, '--', repositoryPath(path)]);
  const bytes = pathBytes(repositoryPath(path));
  return known.filter((file) => file.path === bytes || file.path.startsWith(`${bytes}/`));
}

async function readTree(place: Place, treeish: string, args: string[]): Promise<TreeFile[]> {
  const answer = await gitAnswer({ at: place, args });
  if (answer.exit !== 0)
    throw new GitError('no-such-revision', `${treeish} is not a tree or commit of ${place.top}`, answer.stderr);
  return zeroSeparated(answer.stdout).map(parseTreeLine);
}

/** Writes the tree that holds exactly these files (paths as bytes) and returns its id. */
export async function writeTree(place: Place, entries: readonly TreeEntry[]): Promise<string> {
  return withOwnIndex(async (index) => {
    await fillIndex(place, index, entries);
    return (await git({ at: place, args: ['write-tree'], env: { GIT_INDEX_FILE: index } })).stdout
      .toString('latin1')
      .trim();
  });
}

/** Adds these files (paths as bytes) to an index file that need not exist; mode '0' removes one. */
export async function fillIndex(place: Place, index: string, entries: readonly TreeEntry[]): Promise<void> {
  const lines = entries.map(({ mode, blob, path }) => `${mode} ${blob} 0\t${path}\0`);
  await git({
    at: place,
    args: ['update-index', '-z', '--index-info'],
    input: Buffer.from(lines.join(''), 'latin1'),
    env: { GIT_INDEX_FILE: index },
  });
}

/** The base tree with some files put, replaced or removed; contents are stored as they are, without filters.
 *  @throws GitError `bad-path`, `failed` where a file and a folder claim one name */
export async function writeTreeWith(place: Place, baseTree: string, changes: readonly TreeChange[]): Promise<string> {
  const entries = new Map<string, TreeEntry>((await listTree(place, baseTree)).map((file) => [file.path, file]));
  const contents = changes.flatMap((change) =>
    'content' in change && change.content !== null ? [change.content] : [],
  );
  const blobs = await writeBlobs(place, contents);
  for (const change of changes) {
    const path = pathBytes(repositoryPath(change.path));
    if ('content' in change && change.content === null) entries.delete(path);
    else entries.set(path, { path, ...sideOf(change, entries.get(path), blobs) });
  }
  return writeTree(place, [...entries.values()]);
}

/** Contents take the next of the blobs stored for them. */
function sideOf(change: TreeChange, before: TreeEntry | undefined, blobs: string[]): { mode: string; blob: string } {
  if ('blob' in change) return { mode: change.mode, blob: objectId(change.blob) };
  const blob = blobs.shift();
  if (blob === undefined) throw new GitError('failed', 'git stored fewer files than it was given');
  return { mode: change.mode ?? before?.mode ?? regularMode, blob };
}

/** Stores contents as blobs, and returns their ids in the same order. */
export async function writeBlobs(place: Place, contents: readonly Buffer[]): Promise<string[]> {
  if (contents.length === 0) return [];
  return withOwnFolder(async (folder) => {
    const files = contents.map((_, at) => join(folder, String(at)));
    await Promise.all(contents.map((content, at) => writeFile(files[at] ?? folder, content)));
    const answer = await git({
      at: place,
      args: ['hash-object', '-w', '--no-filters', '--stdin-paths'],
      input: Buffer.from(`${files.join('\n')}\n`),
    });
    return answer.stdout.toString('latin1').trim().split('\n');
  });
}

/** Contents that are read again and again, a contract say. */
const smallBlobs = new Remembered<Buffer>(16);
const SMALL_BYTES = 65_536;

/** The content of a tree's file, a copy of its own.
 *  @throws GitError `no-such-object` */
export async function readTreeFile(place: Place, { blob, size }: TreeFile): Promise<Buffer> {
  if (size > SMALL_BYTES) return await readBlob(place, blob);
  return Buffer.from(await smallBlobs.of(place, blob, () => readBlob(place, blob)));
}

/** @throws GitError `no-such-object` */
export async function readBlob(place: Place, id: string): Promise<Buffer> {
  const answer = await gitAnswer({ at: place, args: ['cat-file', 'blob', objectId(id)] });
  if (answer.exit === 0) return answer.stdout;
  throw new GitError('no-such-object', `${id} is not a file stored in ${place.top}`, answer.stderr);
}

/** Runs with the name of an index file of our own, which does not exist yet. */
export async function withOwnIndex<Result>(use: (index: string) => Promise<Result>): Promise<Result> {
  return withOwnFolder((folder) => use(join(folder, 'index')));
}

export async function withOwnFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'mlr-git-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function zeroSeparated(output: Buffer): string[] {
  return output.toString('latin1').split('\0').slice(0, -1);
}

function parseTreeLine(line: string): TreeFile {
  const match = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t([\s\S]*)$/.exec(line);
  if (!match) throw new GitError('failed', `git listed a tree in an unknown form: ${line.slice(0, 80)}`);
  const [, mode = '', blob = '', size = '', path = ''] = match;
  return { path, mode, blob, size: size === '-' ? 0 : Number(size) };
}
