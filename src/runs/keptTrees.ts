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
import { copyTree, removeTree } from './treeFiles.ts';

/** Smaller trees are copied sooner than they are looked over. Files. */
const LEAST_FILES = 500;

/** A tree in which a run wrote to more folders than this is copied anew. */
const MOST_FOLDERS = 32;

/** A time of last reading in the future: reading a file then leaves no trace (on a mount with `relatime`, or none). */
const NEVER_READ = new Date('2037-01-01T00:00:00Z');

/** No kernel's clock for times of change is coarser: a change after so long is seen. Milliseconds. */
const CLOCK = 20;

/** What a folder held before its run: the state of its files, and its folders with what they held. */
interface Noted {
  readonly files: ReadonlyMap<string, string>;
  readonly folders: ReadonlyMap<string, { readonly state: string; readonly mode: number; readonly within: Noted }>;
}

/**
 * Large trees that runs have left, for later runs of the same arm: a repository of 50,000 files is copied once an arm
 * and not once a run. A run finds nothing of those before it: each file and folder must be as it was noted, up to the
 * time of change (ctime), which no program can set back; what an earlier run added, changed or removed is mended from
 * the source, in a folder made anew. The notes are this process's alone, so a tree that it did not lay out is not used.
 */
export class KeptTrees {
  readonly #noted = new Map<string, Noted>();
  readonly #kept = new Map<string, { at: string; noted: Noted }>();

  readonly #leastFiles: number;

  /** @param leastFiles trees with fewer are not kept */
  constructor(leastFiles = LEAST_FILES) {
    this.#leastFiles = leastFiles;
  }

  /** Moves what an earlier run with this source left to `tree`, mended.
   *  @param without paths of the source that are never copied
   *  @returns false where there is none, or copying is the better way: nothing is at `tree` then */
  async take(spec: RunSpec, tree: string, without: ReadonlySet<string>): Promise<boolean> {
    const key = keyOf(spec);
    const found = this.#kept.get(key);
    this.#kept.delete(key);
    if (!found || !existsSync(found.at)) return false;
    chmodSync(found.at, 0o700);
    const isMended = await mend(found.at, spec.source, found.noted, { without, left: MOST_FOLDERS });
    if (isMended) renew(found.at, tree, lstatSync(spec.source).mode | 0o700);
    else await removeTree(found.at);
    return isMended;
  }

  /** Notes what a run will find; its tree is laid out and nothing writes to it. */
  async note(tree: string): Promise<void> {
    if (countFiles(tree, this.#leastFiles) < this.#leastFiles) return;
    this.#noted.set(tree, await noteFolder(tree));
    await sleep(CLOCK);
  }

  /** Keeps the tree of a run that has ended, unless the disk could then not hold what the next one may write.
   *  @param session the session's folder, in which it is kept */
  async keep(spec: RunSpec, tree: string, session: string): Promise<void> {
    const noted = this.#noted.get(tree);
    this.#noted.delete(tree);
    if (!noted) return;
    const { bavail, bsize } = statfsSync(tree);
    if (bavail * bsize < spec.limits.outputBytes) return await this.empty();
    const key = keyOf(spec);
    const at = join(treesIn(session), key);
    await removeTree(at);
    mkdirSync(dirname(at), { recursive: true });
    renameSync(tree, at);
    this.#kept.set(key, { at, noted });
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

/** Files in a folder and below; stops counting at `enough`. */
function countFiles(path: string, enough: number): number {
  let count = 0;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    count += entry.isDirectory() ? countFiles(join(path, entry.name), enough - count) : 1;
    if (count >= enough) break;
  }
  return count;
}

async function noteFolder(path: string): Promise<Noted> {
  const files = new Map<string, string>();
  const folders = new Map<string, { state: string; mode: number; within: Noted }>();
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

interface Allowance {
  readonly without: ReadonlySet<string>;
  /** Folders that may still be made anew. */
  left: number;
}

/** Makes a folder hold what was noted.
 *  @returns false where more has changed than is worth mending */
async function mend(path: string, source: string, noted: Noted, allowed: Allowance): Promise<boolean> {
  await mendFiles(path, source, noted, allowed);
  for (const [name, { state, mode, within }] of noted.folders) {
    const entry = join(path, name);
    const kind = lstatSync(entry, { throwIfNoEntry: false });
    if (!kind?.isDirectory() || kind.mode !== mode) return false;
    if (!(await mend(entry, join(source, name), within, allowed))) return false;
    // What a run wrote to, or has just been mended.
    if (stateOf(lstatSync(entry)) === state) continue;
    if (allowed.left === 0) return false;
    allowed.left -= 1;
    renew(entry, `${entry}.renewed`, mode);
    renameSync(`${entry}.renewed`, entry);
  }
  await turn();
  return true;
}

async function mendFiles(path: string, source: string, noted: Noted, { without }: Allowance): Promise<void> {
  const missing = new Set(noted.files.keys());
  for (const name of readdirSync(path)) {
    if (noted.folders.has(name)) continue;
    const entry = join(path, name);
    if (stateOf(lstatSync(entry)) === noted.files.get(name)) missing.delete(name);
    else await removeTree(entry);
  }
  for (const name of missing) {
    const from = join(source, name);
    // A mount point is in no source; whoever lays out the run makes it.
    if (lstatSync(from, { throwIfNoEntry: false })) await copyTree(from, join(path, name), { without });
  }
}

/** Moves what a folder holds into a new one: a folder can carry more than its entries. */
function renew(from: string, to: string, mode: number): void {
  mkdirSync(to, { mode });
  for (const name of readdirSync(from)) renameSync(join(from, name), join(to, name));
  rmdirSync(from);
}
