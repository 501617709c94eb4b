import { GitError } from './gitError.ts';

/** The hidden ref that keeps a commit of a session alive.
 *  @throws GitError `bad-name` */
export function sessionRef(session: string, arm: string): string {
  return `refs/mlr/${refPart(session, 'session')}/${refPart(arm, 'arm')}`;
}

/** The full ref of one of our own branches, mlr/<slug>; no other branch is ever written.
 *  @throws GitError `bad-name` for any other branch */
export function branchRef(branch: string): string {
  const slug = branch.startsWith('mlr/') ? branch.slice('mlr/'.length) : '';
  const well = slug.split('/').every((part) => refPartPattern.test(part) && !refPartTaboo.test(part));
  if (!well)
    throw new GitError('bad-name', `${JSON.stringify(branch)} is not one of our branches; they are named mlr/<slug>`);
  return `refs/heads/${branch}`;
}

/** @throws GitError `no-such-object` for what is not a full object id */
export function objectId(id: string): string {
  if (/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(id)) return id;
  throw new GitError('no-such-object', `${JSON.stringify(id)} is not a git object id`);
}

/** A path of a repository in git's own spelling: relative to its top, with slashes, leaving nothing.
 *  @throws GitError `bad-path` */
export function repositoryPath(path: string): string {
  const parts = path.split('/');
  const bad =
    path === '' ||
    path.includes('\0') ||
    parts.some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git');
  if (bad) throw new GitError('bad-path', `${JSON.stringify(path)} is not a path inside the repository`);
  return path;
}

const refPartPattern = /^[A-Za-z0-9_][A-Za-z0-9._+-]*$/;
const refPartTaboo = /\.\.|\.lock$|\.$/;

function refPart(name: string, what: string): string {
  if (refPartPattern.test(name) && !refPartTaboo.test(name)) return name;
  throw new GitError(
    'bad-name',
    `${JSON.stringify(name)} cannot name a ${what}; use letters, digits, dot, dash and underscore`,
  );
}
