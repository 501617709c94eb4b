import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { isInside } from './armPaths.ts';

/**
 * What must stay readable below the folders that are hidden from a run, so that its programs start: the folders on
 * PATH, with their installation where it is one of Python's (a virtual environment, conda, pyenv, uv).
 * A folder such as ~/.local is never given whole: it also holds key rings.
 *
 * @param command first word of the run
 * @param hidden absolute folders that the run will not see
 */
export function interpreterPaths(
  command: string,
  env: Readonly<Record<string, string>>,
  hidden: readonly string[],
): string[] {
  const found = new Set<string>();
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  if (isAbsolute(command)) folders.unshift(dirname(command));
  for (const folder of folders) {
    addInstallation(folder, found);
    for (const name of ['python', 'python3']) followLinks(join(folder, name), found);
  }
  if (isAbsolute(command)) followLinks(command, found);
  for (const prefix of [env.VIRTUAL_ENV, env.CONDA_PREFIX]) if (prefix) addInstallation(join(prefix, 'bin'), found);
  if (env.PYTHONUSERBASE) found.add(join(env.PYTHONUSERBASE, 'lib'));
  const needed = [...found].filter((path) => hidden.some((folder) => path !== folder && isInside(folder, path)));
  const outermost = needed.filter((path) => !needed.some((other) => other !== path && isInside(other, path)));
  return outermost.filter((path) => existsSync(path)).sort();
}

/** Each step of a chain of links has an installation of its own: a virtual environment's python leads to another. */
function followLinks(program: string, found: Set<string>): void {
  let at = program;
  for (let step = 0; step < 16; step++) {
    const link = linkIn(at);
    if (link === null) break;
    at = link;
  }
  if (at !== program && existsSync(at)) addInstallation(dirname(at), found);

  function linkIn(path: string): string | null {
    // Any part of the path may be the link: uv links cpython-3.12 to cpython-3.12.4.
    for (let part = path; part !== dirname(part); part = dirname(part)) {
      if (!isLink(part)) continue;
      if (part === path && existsSync(path)) addInstallation(dirname(path), found);
      const target = resolve(dirname(part), readlinkSync(part));
      return join(target, path.slice(part.length));
    }
    return null;
  }
}

function addInstallation(folder: string, found: Set<string>): void {
  if (!existsSync(folder)) return;
  const prefix = dirname(folder);
  const isWhole = ['pyvenv.cfg', 'conda-meta', 'versions'].some((mark) => existsSync(join(prefix, mark)));
  if (isWhole || hasPythonLibrary(prefix, folder)) found.add(prefix);
  else {
    found.add(folder);
    found.add(join(prefix, 'lib'));
  }
}

/** A Python of its own: `bin/python3` is a program of this folder, not merely a link to one elsewhere. */
function hasPythonLibrary(prefix: string, folder: string): boolean {
  const program = join(folder, 'python3');
  if (!existsSync(program) || !existsSync(join(prefix, 'lib'))) return false;
  return dirname(realpathSync(program)) === realpathSync(folder);
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
