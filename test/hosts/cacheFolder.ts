import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** The checkout's root; the bundled harness is always started from there by npm. */
export const projectRoot = resolve(process.env.MLR_PROJECT_ROOT ?? process.cwd());
export const cacheRoot = join(projectRoot, '.cache');
export const artifactsRoot = join(projectRoot, '.artifacts');

/**
 * Gives the folder `.cache/<name>`, filled by `fill` if it is not there yet. It is filled under
 * another name and renamed when whole, so a folder with the final name is never half-finished;
 * what an interrupted run left behind is removed first.
 */
export async function cachedFolder(
  name: string,
  what: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(cacheRoot, name);
  if (existsSync(folder)) return folder;
  await mkdir(cacheRoot, { recursive: true });
  await removeAbandoned(name);
  const partial = `${folder}.partial-${process.pid}`;
  const began = Date.now();
  process.stderr.write(`Installing ${what} into .cache/${name} (once) … `);
  try {
    await mkdir(partial);
    await writeFile(join(partial, 'package.json'), '{"private":true}\n');
    await fill(partial);
    await renameUnlessThere(partial, folder);
  } catch (error) {
    process.stderr.write('failed\n');
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  process.stderr.write(`${((Date.now() - began) / 1000).toFixed(0)} s\n`);
  return folder;
}

/** Another run may have finished the same folder first; then its copy serves both. */
async function renameUnlessThere(partial: string, folder: string): Promise<void> {
  try {
    await rename(partial, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    await rm(partial, { recursive: true, force: true });
  }
}

async function removeAbandoned(name: string): Promise<void> {
  const prefix = `${name}.partial-`;
  for (const entry of await readdir(cacheRoot)) {
    if (entry.startsWith(prefix) && !isAlive(Number(entry.slice(prefix.length)))) {
      await rm(join(cacheRoot, entry), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  // Our own number on a folder we have not made yet: a container reuses small process numbers.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process is there, it only belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
