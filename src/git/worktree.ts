import { readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { commitTree, resolveRevision } from './commits.ts';
import { GitError } from './gitError.ts';
import { git, gitAnswer } from './gitProcess.ts';
import { branchRef, objectId } from './names.ts';
import type { Place } from './place.ts';
import { workingTree } from './snapshot.ts';

/** Checks a commit out into a new folder on a new branch mlr/<slug>.
 *  @returns the branch: the one asked for, or with -2, -3, … where it exists already
 *  @throws GitError `bad-name`, `failed` where the folder is not empty */
export async function addWorktree(place: Place, folder: string, branch: string, commit: string): Promise<string> {
  const free = await freeBranch(place, branch);
  const target = resolve(folder);
  await git({ at: place, args: ['worktree', 'add', '--quiet', '--no-track', '-b', free, target, objectId(commit)] });
  const wanted = await realpath(target);
  for (const record of await records(place)) {
    if (record.top === wanted) await writeFile(join(record.gitDir, ourMark), `${free}\n`);
  }
  return free;
}

/** Removes a worktree's folder and its registration; its branch stays. A folder that is gone already is fine.
 *  @throws GitError `no-worktree` for a folder that is no worktree of ours */
export async function removeWorktree(place: Place, folder: string): Promise<void> {
  const { top, gitDir } = await worktreeAt(place, folder);
  // `git worktree remove` would refuse where an agent has damaged the .git file.
  await rm(top, { recursive: true, force: true });
  await rm(gitDir, { recursive: true, force: true });
}

/** Forgets those of our worktrees whose folders are gone. `git worktree prune` would also forget the user's own that lie on a
 *  disk not mounted now. */
export async function pruneWorktrees(place: Place): Promise<void> {
  for (const { top, gitDir, ours } of await records(place)) {
    const gone = (await stat(top).catch(() => null)) === null;
    if (ours && gone) await rm(gitDir, { recursive: true, force: true });
  }
}

/** Commits everything that was changed in a worktree onto its branch.
 *  @returns null when nothing was changed
 *  @throws GitError `no-worktree` when the folder is none, or its HEAD is not on a branch mlr/<slug> */
export async function commitWorktree(
  place: Place,
  folder: string,
  message: string,
): Promise<{ commit: string; tree: string } | null> {
  const worktree = await worktreeAt(place, folder);
  const ref = await ourBranch(worktree);
  const head = await resolveRevision(worktree, ref);
  const tree = await workingTree(worktree, head.tree);
  if (tree === head.tree) return null;
  const commit = await commitTree(place, tree, [head.commit], message);
  await git({ at: place, args: ['update-ref', ref, commit, head.commit] });
  await git({ at: worktree, args: ['read-tree', '--reset', commit] });
  return { commit, tree };
}

/** The tree that a worktree's files make as they stand; nothing is committed.
 *  @throws GitError `no-worktree` */
export async function worktreeTree(place: Place, folder: string): Promise<string> {
  const worktree = await worktreeAt(place, folder);
  const head = await git({ at: worktree, args: ['rev-parse', 'HEAD^{tree}'] });
  return workingTree(worktree, head.stdout.toString('utf8').trim());
}

/** Moves a worktree's branch to a commit and makes its files that commit's; what it held besides is gone, but for ignored files.
 *  @throws GitError `no-worktree` when the folder is none, or its HEAD is not on a branch mlr/<slug> */
export async function resetWorktree(place: Place, folder: string, commit: string): Promise<void> {
  const worktree = await worktreeAt(place, folder);
  await ourBranch(worktree);
  await git({ at: worktree, args: ['reset', '--quiet', '--hard', objectId(commit)] });
  await git({ at: worktree, args: ['clean', '--quiet', '-ffd'] });
}

/** The branch a worktree is on; were it one of the user's, we would move it.
 *  @throws GitError `no-worktree` */
async function ourBranch(worktree: Place): Promise<string> {
  const symbolic = await gitAnswer({ at: worktree, args: ['symbolic-ref', '--quiet', 'HEAD'] });
  const ref = symbolic.stdout.toString('utf8').trim();
  if (ref.startsWith('refs/heads/mlr/')) return ref;
  throw new GitError(
    'no-worktree',
    `${worktree.top} is on ${ref || 'no branch'}; an agent's worktree must stay on its branch mlr/<slug>`,
  );
}

async function freeBranch(place: Place, branch: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? branch : `${branch}-${number}`;
    const taken = await gitAnswer({ at: place, args: ['show-ref', '--verify', '--quiet', branchRef(name)] });
    if (taken.exit !== 0) return name;
  }
}

/** Finds a worktree of ours by the repository's own records. The .git file inside it is not asked: an agent's command could have
 *  replaced it by a repository whose configuration starts programs. */
async function worktreeAt(place: Place, folder: string): Promise<Place> {
  const wanted = await realOrWould(resolve(folder));
  const found = (await records(place)).find((record) => record.ours && record.top === wanted);
  if (found) return { top: found.top, gitDir: found.gitDir, commonDir: place.commonDir };
  throw new GitError('no-worktree', `${folder} is not a worktree that MLR Copilot made of ${place.top}`);
}

interface WorktreeRecord {
  readonly top: string;
  readonly gitDir: string;
  /** Made by us, not by the user. */
  readonly ours: boolean;
}

async function records(place: Place): Promise<WorktreeRecord[]> {
  const folder = join(place.commonDir, 'worktrees');
  const found: WorktreeRecord[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const gitDir = join(folder, name);
    const link = (await readFile(join(gitDir, 'gitdir'), 'utf8').catch(() => '')).replace(/\n$/, '');
    if (link === '') continue;
    const ours = (await stat(join(gitDir, ourMark)).catch(() => null)) !== null;
    found.push({ top: await realOrWould(dirname(resolve(gitDir, link))), gitDir, ours });
  }
  return found;
}

/** A file in a worktree's record that says the worktree is ours, whatever branch it is on now. */
const ourMark = 'mlr-branch';

async function realOrWould(path: string): Promise<string> {
  return realpath(path).catch(async () =>
    join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path)),
  );
}
