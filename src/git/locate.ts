import { realpath, stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { GitError } from './gitError.ts';
import { git, gitAnswer } from './gitProcess.ts';
import type { Place } from './place.ts';

/** Finds the repository that holds a folder, and the folder's path in it ('' at the top, slashes on every platform).
 *  @throws GitError `no-git`, `too-old`, `no-repository`, `not-owned`, `bare`, `no-commit` */
export async function locate(workspaceFolder: string): Promise<{ place: Place; folder: string }> {
  if (!(await stat(workspaceFolder).catch(() => null))?.isDirectory()) {
    throw new GitError('no-repository', `${workspaceFolder} is not a folder; open an existing one`);
  }
  const cwd = await realpath(workspaceFolder);
  const [, usual] = await Promise.all([refuseOldGit(cwd), allAtOnce(cwd)]);
  const place = usual ?? (await oneByOne(cwd));
  return { place, folder: relative(place.top, cwd).split(sep).join('/') };
}

/** Search paths whose git is new enough: a process that opens many repositories asks once. */
const approved = new Set<string>();

async function refuseOldGit(cwd: string): Promise<void> {
  const searched = process.env.PATH ?? '';
  if (approved.has(searched)) return;
  const said = await text(cwd, ['version']);
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(said) ?? [];
  const isOld = Number(major) < 2 || (Number(major) === 2 && Number(minor) < 30);
  if (isOld) throw new GitError('too-old', `${said} is too old; install git 2.30 or newer`);
  approved.add(searched);
}

/** A repository as it mostly is, with a commit, asked in one call; null where something is unusual: then `oneByOne` says
 *  what. */
async function allAtOnce(cwd: string): Promise<Place | null> {
  const questions = [
    ...['--is-inside-work-tree', '--absolute-git-dir', '--show-toplevel', '--git-common-dir'],
    'HEAD^{commit}',
  ];
  const { exit, stdout } = await gitAnswer({ at: cwd, args: ['rev-parse', ...questions] });
  const [inside, gitDir, top, commonDir, commit, ...more] = withoutLineEnd(stdout.toString('utf8')).split(/\r?\n/);
  // A path with a line break in it makes more lines.
  if (exit !== 0 || inside !== 'true' || !gitDir || !top || !commonDir || !commit || more.length > 0) return null;
  return {
    gitDir: await realpath(gitDir),
    top: await realpath(top),
    commonDir: await realpath(resolve(cwd, commonDir)),
  };
}

/** @throws GitError `no-repository`, `not-owned`, `bare`, `no-commit` */
async function oneByOne(cwd: string): Promise<Place> {
  const gitDir = await findGitDir(cwd);
  const inside = await text(cwd, ['rev-parse', '--is-inside-work-tree']);
  if (inside !== 'true') {
    throw new GitError(
      'bare',
      `${cwd} lies in a git directory without a working tree; open a folder that is checked out`,
    );
  }
  const top = await realpath(await text(cwd, ['rev-parse', '--show-toplevel']));
  const commonDir = await realpath(resolve(cwd, await text(cwd, ['rev-parse', '--git-common-dir'])));
  if ((await gitAnswer({ at: cwd, args: ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'] })).exit !== 0) {
    throw new GitError(
      'no-commit',
      `${top} is a git repository without a commit; run \`git add -A && git commit -m start\` there first`,
    );
  }
  return { gitDir, top, commonDir };
}

async function findGitDir(cwd: string): Promise<string> {
  const answer = await gitAnswer({ at: cwd, args: ['rev-parse', '--absolute-git-dir'] });
  if (answer.exit === 0) return realpath(withoutLineEnd(answer.stdout.toString('utf8')));
  if (answer.stderr.includes('dubious ownership') || answer.stderr.includes('unsafe repository')) {
    const message = `the git repository of ${cwd} belongs to another user; run \`git config --global --add safe.directory '${cwd}'\` if you trust it`;
    throw new GitError('not-owned', message, answer.stderr);
  }
  const message = `${cwd} is not a git repository; run \`git init && git add -A && git commit -m start\` there first`;
  throw new GitError('no-repository', message, answer.stderr);
}

async function text(cwd: string, args: string[]): Promise<string> {
  return withoutLineEnd((await git({ at: cwd, args })).stdout.toString('utf8'));
}

function withoutLineEnd(line: string): string {
  return line.replace(/\r?\n$/, '');
}
