import { copyFile, stat, utimes } from 'node:fs/promises';
import { resolve } from 'node:path';
import { commitTree, resolveRevision } from './commits.ts';
import { changedPaths } from './diff.ts';
import { git } from './gitProcess.ts';
import { repositoryPath, sessionRef } from './names.ts';
import type { Place } from './place.ts';
import {
  fillIndex,
  listTree,
  pathBytes,
  pathText,
  submoduleMode,
  type TreeEntry,
  withOwnIndex,
  zeroSeparated,
} from './trees.ts';

export interface SnapshotOptions {
  /** Untracked files or folders, relative to the repository's top, that are not taken: large inputs, say. */
  readonly leaveOut?: readonly string[];
}

export interface Snapshot {
  readonly commit: string;
  readonly tree: string;
  /** Paths that differ from HEAD. */
  readonly changed: string[];
}

/** Commits the working tree as it is (tracked changes, untracked files that are not ignored; never .mlr/) to
 *  refs/mlr/<session>/worktree. The user's index, files, branches and stash stay untouched.
 *  @returns null when the working tree holds what HEAD holds
 *  @throws GitError `bad-name` for a session that cannot name a ref, `failed` for a file that cannot be read */
export async function snapshot(place: Place, session: string, options: SnapshotOptions = {}): Promise<Snapshot | null> {
  const ref = sessionRef(session, 'worktree');
  const head = await resolveRevision(place, 'HEAD');
  const tree = await workingTree(place, head.tree, options);
  if (tree === head.tree) return null;
  const commit = await commitTree(place, tree, [head.commit], `Working tree on ${head.commit}`);
  await git({ at: place, args: ['update-ref', ref, commit] });
  return { commit, tree, changed: await changedPaths(place, head.tree, tree) };
}

/** The tree of the files in a working tree. Submodules stay as they are staged;
 *  repositories inside it that git does not track are left out.
 *  Starting from a copy of the working tree's index spares hashing what has not changed. */
export async function workingTree(place: Place, headTree: string, options: SnapshotOptions = {}): Promise<string> {
  const left = (options.leaveOut ?? []).map((path) => pathBytes(repositoryPath(path.replace(/\/+$/, ''))));
  return withOwnIndex(async (index) => {
    const env = { GIT_INDEX_FILE: index };
    const run = (args: string[]) => git({ at: place, args, env, exits: [0, 1] });
    await copyIndex(place, index, headTree);
    await run(['update-index', '-q', '--refresh']);
    const facts = zeroSeparated((await run(['diff-files', '--name-status', '-z', '--ignore-submodules=all'])).stdout);
    const untracked = zeroSeparated((await run(['ls-files', '--others', '--exclude-standard', '-z'])).stdout);
    const { deleted, edited } = sorted(facts, headTree.length);
    if (deleted.length > 0) await fillIndex(place, index, deleted);
    const taken = untracked.filter((file) => !left.some((path) => file === path || file.startsWith(`${path}/`)));
    await addFiles(place, index, [...edited, ...taken]);
    await restoreOurs(place, index, headTree);
    return (await git({ at: place, args: ['write-tree'], env })).stdout.toString('latin1').trim();
  });
}

/** What differs from the index: pairs of a status letter and a path. A path below a folder that became a link counts as deleted,
 *  and git would refuse to look there. */
function sorted(facts: readonly string[], idLength: number): { deleted: TreeEntry[]; edited: string[] } {
  const deleted: TreeEntry[] = [];
  const edited: string[] = [];
  for (let at = 0; at + 1 < facts.length; at += 2) {
    const path = facts[at + 1] ?? '';
    if (facts[at] === 'D') deleted.push({ mode: '0', blob: '0'.repeat(idLength), path });
    else edited.push(path);
  }
  return { deleted, edited };
}

async function addFiles(place: Place, index: string, paths: readonly string[]): Promise<void> {
  // A repository inside this one is listed as a folder, with a slash at its end.
  const files = paths.filter((path) => !path.endsWith('/') && !isOurs(path));
  if (files.length === 0) return;
  await git({
    at: place,
    env: { GIT_INDEX_FILE: index },
    args: ['update-index', '--add', '--remove', '--replace', '-z', '--stdin'],
    input: Buffer.from(files.map((path) => `${path}\0`).join(''), 'latin1'),
  });
}

async function copyIndex(place: Place, index: string, headTree: string): Promise<void> {
  const original = resolve(place.gitDir, 'index');
  try {
    const { mtimeMs } = await stat(original);
    await copyFile(original, index);
    // git trusts a file's time only where it is older than the index's. A copy that is newer than the original would hide
    // an edit made in the same second as the last `git add`.
    const second = Math.floor(mtimeMs / 1000);
    await utimes(index, second, second);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    await fillIndex(place, index, await listTree(place, headTree));
  }
}

/** What the user may have staged of .mlr/ is no part of an experiment: put back what HEAD has of it. */
async function restoreOurs(place: Place, index: string, headTree: string): Promise<void> {
  const env = { GIT_INDEX_FILE: index };
  const staged = zeroSeparated((await git({ at: place, args: ['ls-files', '--stage', '-z'], env })).stdout).map(
    parseStaged,
  );
  const ours = (entry: TreeEntry) => isOurs(entry.path);
  const before = (await listTree(place, headTree)).filter(ours);
  const removed = staged.filter(ours).map((entry) => ({ ...entry, mode: '0' }));
  if (removed.length + before.length > 0) await fillIndex(place, index, [...removed, ...before]);
}

function parseStaged(line: string): TreeEntry {
  const [facts = '', ...path] = line.split('\t');
  const [mode = submoduleMode, blob = ''] = facts.split(' ');
  return { mode, blob, path: path.join('\t') };
}

/** Sessions, runs and reports of this program lie in folders named .mlr. */
function isOurs(path: string): boolean {
  return pathText(path).split('/').includes('.mlr');
}
