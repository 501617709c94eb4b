import { readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ChangeError } from './changeError.ts';

/** What nobody may write through us; paths relative to the root, files or folders. */
export interface Guards {
  /** The contract's protected files: the measurement itself. */
  readonly protected?: readonly string[];
  /** Paths that are off limits for another reason, hidden files among them. */
  readonly forbidden?: readonly string[];
}

/** The file that a path below a root means, free of symbolic links; it need not exist.
 *  @throws ChangeError `outside`, `forbidden`, `protected`, each saying what to do instead */
export async function guardedPath(root: string, path: string, guards: Guards = {}): Promise<string> {
  const top = await realpath(root);
  const named = resolve(top, path);
  const place = path.includes('\0') ? null : relativeInside(top, isAbsolute(path) ? await realOf(named) : named);
  if (place === null || place === '') {
    throw new ChangeError(
      'outside',
      `${JSON.stringify(path)} is not a file below the workspace; give a path relative to it, such as src/train.py`,
    );
  }
  const file = await realOf(join(top, place));
  const real = relativeInside(top, file);
  if (real === null)
    throw new ChangeError(
      'outside',
      `${path} leads out of the workspace through a symbolic link, so it is not changed`,
    );
  for (const name of [place, real]) refuseOwn(path, name);
  for (const kind of ['protected', 'forbidden'] as const) {
    for (const guard of guards[kind] ?? []) {
      const guarded = resolve(top, guard);
      const meant = [guarded, await realOf(guarded)];
      if (meant.some((folder) => isBelow(folder, join(top, place)) || isBelow(folder, file))) throw refusal(kind, path);
    }
  }
  return file;
}

/** git's folder and ours are never written by an edit, under any spelling a file system may take for them. */
function refuseOwn(path: string, place: string): void {
  const own = place
    .split('/')
    .find((part) => /^(\.git|git~\d+|\.mlr)[ .]*$/i.test(part.normalize('NFKC').replace(/\p{Cf}/gu, '')));
  if (own === undefined) return;
  throw new ChangeError(
    'forbidden',
    `${path} lies in ${own}, which belongs to git or to this tool; change files of the workspace instead`,
  );
}

function refusal(kind: 'protected' | 'forbidden', path: string): ChangeError {
  const message =
    kind === 'protected'
      ? `${path} is protected by the contract (mlr.yaml, \`protected\`): it measures the result, so no change to it counts; reach the goal in another file`
      : `${path} is off limits here; reach the goal in another file`;
  return new ChangeError(kind, message);
}

/** The path of a file below a folder, with slashes; null where it is not below it. */
function relativeInside(folder: string, file: string): string | null {
  const path = relative(folder, file);
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path) ? null : path.split(sep).join('/');
}

function isBelow(folder: string, file: string): boolean {
  // File systems of these platforms usually take upper and lower case for one.
  const folds = process.platform === 'darwin' || process.platform === 'win32';
  return relativeInside(folds ? folder.toLowerCase() : folder, folds ? file.toLowerCase() : file) !== null;
}

/** The real path of what exists; of what does not, where writing to it would make it: below the deepest folder that exists,
 *  and behind a link whose target is missing. */
async function realOf(path: string, links = 0): Promise<string> {
  const found = await realpath(path).catch(() => null);
  if (found !== null) return found;
  if (links > 40) throw new ChangeError('outside', `${path} is a symbolic link that leads back to itself`);
  const target = await readlink(path).catch(() => null);
  const parent = dirname(path);
  if (target !== null) return realOf(resolve(await realOf(parent, links), target), links + 1);
  return parent === path ? path : join(await realOf(parent, links), basename(path));
}

/** Whether a path names a regular file.
 *  @throws ChangeError `not-a-file` for a folder or a device */
export async function isRegularFile(path: string, named: string): Promise<boolean> {
  const facts = await stat(path).catch(() => null);
  if (facts !== null && !facts.isFile()) throw new ChangeError('not-a-file', `${named} is not a regular file`);
  return facts !== null;
}
