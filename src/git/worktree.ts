import { readdir, readFile, realpath } from 'node:fs/promises';
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
  await git({
    at: place,
    args: ['worktree', 'add', '--quiet', '--no-track', '-b', free, resolve(folder), objectId(commit)],
  });
  return free;
}

/** Removes a worktree's folder and its registration; its branch stays. A folder that is gone already is fine.
 *  @throws GitError `no-worktree` for a folder that is no worktree of ours */
export async function removeWorktree(place: Place, folder: string): Promise<void> {
  const { top } = await worktreeAt(place, folder);
  await git({ at: place, args: ['worktree', 'remove', '--force', '--force', top] });
}

/** Forgets worktrees whose folders are gone. */
export async function pruneWorktrees(place: Place): Promise<void> {
  await git({ at: place, args: ['worktree', 'prune'] });
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
  const symbolic = await gitAnswer({ at: worktree, args: ['symbolic-ref', '--quiet', 'HEAD'] });
  const ref = symbolic.stdout.toString('utf8').trim();
  if (!ref.startsWith('refs/heads/mlr/')) {
    throw new GitError(
      'no-worktree',
      `${folder} is on ${ref || 'no branch'}; an agent's worktree must stay on its branch mlr/<slug>`,
    );
  }
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

/** Moves a worktree's branch to a commit and makes its files that commit's; what it held besides is gone.
 *  @throws GitError `no-worktree` */
export async function resetWorktree(place: Place, folder: string, commit: string): Promise<void> {
  const worktree = await worktreeAt(place, folder);
  await git({ at: worktree, args: ['reset', '--quiet', '--hard', objectId(commit)] });
  await git({ at: worktree, args: ['clean', '--quiet', '-ffd'] });
}

async function freeBranch(place: Place, branch: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? branch : `${branch}-${number}`;
    const taken = await gitAnswer({ at: place, args: ['show-ref', '--verify', '--quiet', branchRef(name)] });
    if (taken.exit !== 0) return name;
  }
}

/** Finds a worktree by the repository's own records. The .git file inside it is not asked: an agent's command could have
 *  replaced it by a repository whose configuration starts programs. */
async function worktreeAt(place: Place, folder: string): Promise<Place> {
  const records = join(place.commonDir, 'worktrees');
  const wanted = await realOrWould(resolve(folder));
  for (const name of await readdir(records).catch(() => [])) {
    const link = await readFile(join(records, name, 'gitdir'), 'utf8').catch(() => '');
    if (link.trim() === '') continue;
    const top = await realOrWould(dirname(resolve(records, name, link.trim())));
    if (top === wanted) return { top, gitDir: join(records, name), commonDir: place.commonDir };
  }
  throw new GitError('no-worktree', `${folder} is not a worktree of ${place.top}`);
}

async function realOrWould(path: string): Promise<string> {
  return realpath(path).catch(async () =>
    join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path)),
  );
}
