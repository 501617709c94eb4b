import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  type Stats,
  statfsSync,
  utimesSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { RunSpec } from '../domain/run.ts';
import { removeTree } from './treeFiles.ts';

/** Trees that are smaller in both are copied sooner than they are looked over. Files, and bytes. */
const LEAST_FILES = 500;
const LEAST_BYTES = 64 * 2 ** 20;

/** A tree in which a run wrote to more folders than this is copied anew. */
const MOST_FOLDERS = 32;

/** A time of last reading in the future: reading a file then leaves no trace (on a mount with `relatime`, or none). */
const NEVER_READ = new Date('2037-01-01T00:00:00Z');

/** No kernel's clock for times of change is coarser: a change after so long is seen. Milliseconds. */
const CLOCK = 20;

/** What a folder held before its run: the state of its files, and its folders with what they held. */
interface Noted {
  readonly files: ReadonlyMap<string, string>;
  readonly folders: ReadonlyMap<string, NotedFolder>;
}

interface NotedFolder {
  readonly state: string;
  readonly mode: number;
  readonly within: Noted;
}

/**
 * Large trees that runs have left, for later runs of the same arm: a repository of 50,000 files is copied once an arm
 * and not once a run. A run finds nothing of those before it: each file and folder must be as it was noted, up to the
 * time of change (ctime), which no program can set back. What an earlier run added is removed and its folder made anew;
 * where it changed or removed something the tree is given up. The notes are this process's alone, so a tree that it did
 * not lay out is not used.
 */
export class KeptTrees {
  readonly #noted = new Map<string, { noted: Noted; mode: number }>();
  readonly #kept = new Map<string, { at: string; noted: Noted; mode: number }>();

  readonly #leastFiles: number;

  /** @param leastFiles trees with fewer are not kept */
  constructor(leastFiles = LEAST_FILES) {
    this.#leastFiles = leastFiles;
  }

  /** Moves what an earlier run with this source left to `tree`, mended.
   *  @returns false where there is none, or copying is the better way: nothing is at `tree` then */
  async take(spec: RunSpec, tree: string): Promise<boolean> {
    const key = keyOf(spec);
    const found = this.#kept.get(key);
    this.#kept.delete(key);
    if (!found || !existsSync(found.at)) return false;
    chmodSync(found.at, 0o700);
    const isMended = await mend(found.at, found.noted, { folders: MOST_FOLDERS });
    if (isMended) renew(found.at, tree, found.mode);
    else await removeTree(found.at);
    return isMended;
  }

  /** Whether a tree like this is kept when its run has ended. */
  keeps(tree: string): boolean {
    const large = { files: this.#leastFiles, bytes: LEAST_BYTES };
    lessen(large, tree);
    return large.files <= 0 || large.bytes <= 0;
  }

  /** Notes what a run will find; its tree is laid out and nothing writes to it. */
  async note(tree: string): Promise<void> {
    if (!this.keeps(tree)) return;
    this.#noted.set(tree, { noted: await noteFolder(tree), mode: lstatSync(tree).mode });
    await sleep(CLOCK);
  }

  /** Keeps the tree of a run that has ended, unless the disk could then not hold what the next one may write.
   *  @param session the session's folder, in which it is kept */
  async keep(spec: RunSpec, tree: string, session: string): Promise<void> {
    const found = this.#noted.get(tree);
    this.#noted.delete(tree);
    if (!found) return;
    const { bavail, bsize } = statfsSync(tree);
    if (bavail * bsize < spec.limits.outputBytes) return await this.empty();
    const key = keyOf(spec);
    const at = join(treesIn(session), key);
    await removeTree(at);
    mkdirSync(dirname(at), { recursive: true });
    renameSync(tree, at);
    this.#kept.set(key, { at, ...found });
  }

  /** Removes all that is kept. */
  async empty(): Promise<void> {
    for (const { at } of this.#kept.values()) await removeTree(at);
    this.#kept.clear();
  }
}

/** Those of this process. */
export const keptTrees = new KeptTrees();

/** Where a session's trees are between its runs. */
export function treesIn(session: string): string {
  return join(session, 'trees');
}

/** The same for runs that are laid out alike from the same files. */
function keyOf({ source, folder, mountAt, confinement, masked, inputs, revealed }: RunSpec): string {
  const layout = JSON.stringify([source, folder, mountAt, confinement, masked, inputs, revealed]);
  return createHash('sha256').update(layout).digest('hex').slice(0, 16);
}

/** Takes the files and bytes of a folder off what makes it large, until one of them is used up. */
function lessen(left: { files: number; bytes: number }, path: string): void {
  for (const name of readdirSync(path)) {
    const kind = lstatSync(join(path, name));
    if (kind.isDirectory()) lessen(left, join(path, name));
    else {
      left.files -= 1;
      left.bytes -= kind.size;
    }
    if (left.files <= 0 || left.bytes <= 0) return;
  }
}

async function noteFolder(path: string): Promise<Noted> {
  const files = new Map<string, string>();
  const folders = new Map<string, NotedFolder>();
  for (const name of readdirSync(path)) {
    const entry = join(path, name);
    const kind = unread(entry);
    if (kind.isDirectory()) {
      const within = await noteFolder(entry);
      folders.set(name, { state: stateOf(kind), mode: kind.mode, within });
    } else files.set(name, stateOf(kind));
  }
  await turn();
  return { files, folders };
}

/** Of a link no time can be set without following it. */
function unread(path: string): Stats {
  const kind = lstatSync(path);
  if (kind.isSymbolicLink() || kind.atimeMs === NEVER_READ.getTime()) return kind;
  utimesSync(path, NEVER_READ, kind.mtime);
  return lstatSync(path);
}

function stateOf(kind: Stats): string {
  const read = kind.isSymbolicLink() ? 0 : kind.atimeMs;
  return [kind.mode, kind.uid, kind.gid, kind.ino, kind.size, kind.mtimeMs, kind.ctimeMs, read].join(' ');
}

/** Makes a folder hold what was noted, by removing what was added.
 *  @param left how many folders may still be made anew
 *  @returns false where something noted is gone or otherwise, or too many folders were written to */
async function mend(path: string, noted: Noted, left: { folders: number }): Promise<boolean> {
  const names = new Set(readdirSync(path));
  for (const [name, state] of noted.files) {
    if (!names.delete(name) || stateOf(lstatSync(join(path, name))) !== state) return false;
  }
  for (const [name, folder] of noted.folders) {
    if (!names.delete(name) || !(await mendFolder(join(path, name), folder, left))) return false;
  }
  for (const name of names) await removeTree(join(path, name));
  await turn();
  return true;
}

async function mendFolder(path: string, { state, mode, within }: NotedFolder, left: { folders: number }) {
  const kind = lstatSync(path);
  if (!kind.isDirectory() || kind.mode !== mode || !(await mend(path, within, left))) return false;
  // What a run wrote to, or has just been mended.
  if (stateOf(lstatSync(path)) === state) return true;
  if (left.folders === 0) return false;
  left.folders -= 1;
  renew(path, `${path}.renewed`, mode);
  renameSync(`${path}.renewed`, path);
  return true;
}

/** Moves what a folder holds into a new one: a folder can carry more than its entries. */
function renew(from: string, to: string, mode: number): void {
  mkdirSync(to, { mode });
  for (const name of readdirSync(from)) renameSync(join(from, name), join(to, name));
  rmdirSync(from);
}
