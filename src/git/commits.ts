import { GitError } from './gitError.ts';
import { git, gitAnswer } from './gitProcess.ts';
import { branchRef, objectId, sessionRef } from './names.ts';
import type { Place } from './place.ts';
import { Remembered } from './remembered.ts';

/** A revision as the user wrote it, and what it names. */
export interface Revision {
  readonly revision: string;
  readonly commit: string;
  readonly tree: string;
  /** First line of the commit's message. */
  readonly subject: string;
}

/** @throws GitError `no-such-revision` */
export async function resolveRevision(place: Place, revision: string): Promise<Revision> {
  const none = (detail: string) => {
    const message = `${JSON.stringify(revision)} names no commit of ${place.top}; give a branch, a tag or a commit id (git log shows them)`;
    return new GitError('no-such-revision', message, detail);
  };
  // No ref may begin with a dash, so such a revision can only be meant as an option.
  if (revision === '' || revision.startsWith('-') || /[\0\n]/.test(revision)) throw none('');
  // What a whole id of a commit names was told before, and stays.
  const known = await described.known(place, revision);
  if (known) return { revision, commit: revision, ...known };
  const found = await gitAnswer({ at: place, args: ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`] });
  const commit = found.stdout.toString('latin1').trim();
  if (found.exit !== 0 || !/^[0-9a-f]+$/.test(commit)) throw none(found.stderr);
  return { revision, commit, ...(await described.of(place, commit, () => describe(place, commit))) };
}

const described = new Remembered<{ tree: string; subject: string }>();
const trees = new Remembered<string>();

async function describe(place: Place, commit: string): Promise<{ tree: string; subject: string }> {
  const format = ['--no-show-signature', '--no-color', '--encoding=UTF-8', '--format=%T%x00%s'];
  const answer = await git({ at: place, args: ['log', '-1', ...format, commit, '--'] });
  const [tree = '', subject = ''] = answer.stdout.toString('utf8').trimEnd().split('\0');
  for (const id of [commit, tree]) void trees.of(place, id, async () => tree);
  return { tree, subject };
}

/** Commits a tree, by us, without touching any ref. */
export async function commitTree(
  place: Place,
  tree: string,
  parents: readonly string[],
  message: string,
): Promise<string> {
  const args = ['commit-tree', objectId(tree), ...parents.flatMap((parent) => ['-p', objectId(parent)]), '-F', '-'];
  const answer = await git({
    at: place,
    args,
    input: Buffer.from(message.endsWith('\n') ? message : `${message}\n`),
  });
  return answer.stdout.toString('latin1').trim();
}

/** Keeps commits alive as refs/mlr/<session>/<arm>, by arm.
 *  @throws GitError `bad-name` */
export async function keep(place: Place, session: string, commits: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(commits).map(([arm, id]) => `update ${sessionRef(session, arm)} ${objectId(id)}\n`);
  await git({ at: place, args: ['update-ref', '--stdin'], input: Buffer.from(lines.join('')) });
}

/** Points one of our branches, mlr/<slug>, at a commit, whatever it held before.
 *  @throws GitError `bad-name` for a branch that is not ours */
export async function setBranch(place: Place, branch: string, commit: string): Promise<void> {
  await git({ at: place, args: ['update-ref', branchRef(branch), objectId(commit)] });
}

/** The tree of a commit, or the tree itself.
 *  @throws GitError `no-such-revision` */
export function treeOf(place: Place, treeish: string): Promise<string> {
  return trees.of(place, treeish, () => findTree(place, treeish));
}

/** A tree's id for that of its commit, where it was told lately: what is known of the one is known of the other. */
export async function nearestTree(place: Place, treeish: string): Promise<string> {
  return (await trees.known(place, treeish)) ?? treeish;
}

async function findTree(place: Place, treeish: string): Promise<string> {
  const answer = await gitAnswer({
    at: place,
    args: ['rev-parse', '--verify', '--quiet', `${objectId(treeish)}^{tree}`],
  });
  if (answer.exit === 0) return answer.stdout.toString('latin1').trim();
  throw new GitError('no-such-revision', `${treeish} is not a tree or commit of ${place.top}`, answer.stderr);
}
