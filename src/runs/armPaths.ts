import { lstat, mkdir, realpath, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { RunError } from './runError.ts';

/** Whether `path` is `folder` or lies below it. Both absolute. */
export function isInside(folder: string, path: string): boolean {
  const below = relative(folder, path);
  return below === '' || (!isAbsolute(below) && below !== '..' && !below.startsWith(`..${sep}`));
}

/**
 * The true path of `path` below `top`, with its parent made, so that something can be put there. A link that leads out
 * of `top` is replaced by a folder of its own: writing through it would write outside the run.
 * @throws RunError `spec` when `path` itself leads out of `top`.
 */
export async function placeInside(top: string, path: string): Promise<string> {
  if (isAbsolute(path) || !isInside(top, join(top, path))) {
    throw new RunError('spec', `The path "${path}" leaves the run's folder; give one below the workspace folder.`);
  }
  const trueTop = await realpath(top);
  let at = trueTop;
  const parts = relative(top, join(top, path)).split(sep).filter(Boolean);
  for (const [index, part] of parts.entries()) {
    at = join(at, part);
    const isLast = index === parts.length - 1;
    const kind = await lstatIfThere(at);
    if (kind?.isSymbolicLink()) {
      const target = await realpathIfThere(at);
      if (target !== null && isInside(trueTop, target)) at = target;
      else await rm(at);
    }
    if (!isLast) await makeFolder(at);
  }
  await mkdir(dirname(at), { recursive: true });
  return at;
}

async function makeFolder(path: string): Promise<void> {
  const kind = await lstatIfThere(path);
  if (kind && !kind.isDirectory()) await rm(path, { force: true });
  await mkdir(path, { recursive: true });
}

export async function lstatIfThere(path: string) {
  return await lstat(path).catch(() => null);
}

async function realpathIfThere(path: string): Promise<string | null> {
  return await realpath(path).catch(() => null);
}
