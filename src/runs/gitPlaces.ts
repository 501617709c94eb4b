import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isInside } from './armPaths.ts';

/**
 * Where else the history and the checkouts of a repository lie: a linked worktree has both outside its own folder, and
 * either would show a run every hidden file. Absolute paths outside `top` that exist.
 */
export function otherGitPlaces(top: string): string[] {
  const own = gitFolderOf(join(top, '.git'));
  if (own === null) return [];
  const common = resolve(own, textOf(join(own, 'commondir')) ?? '.');
  const checkouts = foldersIn(join(common, 'worktrees')).flatMap((name) => {
    const gitFile = textOf(join(common, 'worktrees', name, 'gitdir'));
    return gitFile === null ? [] : [dirname(gitFile)];
  });
  if (basename(common) === '.git') checkouts.push(dirname(common));
  const borrowed = textOf(join(common, 'objects', 'info', 'alternates'))?.split('\n') ?? [];
  const found = [own, common, ...checkouts, ...borrowed.map((path) => resolve(common, 'objects', path))];
  const real = found.filter((path) => existsSync(path)).map((path) => realpathSync(path));
  return [...new Set(real)].filter((path) => path !== '/' && !isInside(top, path)).sort();
}

/** The folder that `.git` is, or that the file `.git` names; null where there is no repository. */
function gitFolderOf(path: string): string | null {
  const kind = statSync(path, { throwIfNoEntry: false });
  if (!kind) return null;
  if (kind.isDirectory()) return path;
  const named = /^gitdir: (.+)$/m.exec(textOf(path) ?? '')?.[1];
  return named === undefined ? null : resolve(dirname(path), named);
}

function textOf(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : null;
}

function foldersIn(path: string): string[] {
  return existsSync(path) ? readdirSync(path) : [];
}
