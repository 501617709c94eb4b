import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

/** What was read, or one sentence why not. */
export type ReadText =
  | { readonly ok: true; readonly text: string; readonly bytes: number; readonly whole: boolean }
  | { readonly ok: false; readonly why: string };

/** Most of a file that is read, in bytes. */
const MOST_BYTES = 4 * 1024 ** 2;

/** Reads the text of a file that lies in the workspace, links resolved; never one of the hidden files, nor
 *  what the tool or git keeps: exports of hidden files are among it.
 *  @param mostBytes how much of its beginning */
export async function readText(
  root: string,
  path: string,
  options: { hidden?: readonly string[]; mostBytes?: number } = {},
): Promise<ReadText> {
  const place = await visiblePath(root, path, options.hidden);
  if (!place.ok) return place;
  const found = place.path;
  // Asked before it is opened: opening a pipe would wait for whoever writes into it.
  const { size, isFile } = await kindOf(join(root, found));
  if (!isFile) return { ok: false, why: `${path} is no file.` };
  const file = await opened(join(root, found));
  if (file === null) return { ok: false, why: `${path} may not be read.` };
  try {
    const wanted = Math.min(size, options.mostBytes ?? MOST_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(wanted), 0, wanted, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (bytes.includes(0)) return { ok: false, why: `${path} is no text (${size} bytes).` };
    const whole = bytesRead === size;
    // A character cut in half at the end is left out rather than shown as a question mark.
    const text = new TextDecoder().decode(bytes, { stream: !whole });
    return { ok: true, text, bytes: size, whole };
  } finally {
    await file.close();
  }
}

/** The file or folder that is really meant, links resolved, relative to the root; or one sentence why it may not be
 *  seen: it is none, lies outside, or is hidden, as is what the tool or git keeps. */
export async function visiblePath(
  root: string,
  path: string,
  hidden: readonly string[] = [],
): Promise<{ readonly ok: true; readonly path: string } | { readonly ok: false; readonly why: string }> {
  const found = await inside(root, path);
  if (found === null) return { ok: false, why: `There is no file ${path}.` };
  if (found.startsWith('..') || isAbsolute(found)) return { ok: false, why: `${path} lies outside the workspace.` };
  if (isWithin(found, [...(await meant(root, hidden)), '.git', '.mlr'])) {
    return { ok: false, why: `${path} is hidden.` };
  }
  return { ok: true, path: found };
}

/** Whether a path is one of these files or folders, or lies in one. */
export function isWithin(path: string, places: readonly string[]): boolean {
  return places
    .map((place) => place.replace(/^\.\/|\/+$/g, ''))
    .some((place) => path === place || path.startsWith(`${place}/`));
}

/** Hidden places under every name: as they are written, and where links in them lead. */
export async function meant(root: string, hidden: readonly string[]): Promise<string[]> {
  const real = await Promise.all(hidden.map((place) => inside(root, place)));
  return [...hidden, ...real.filter((place) => place !== null)];
}

async function opened(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['EACCES', 'EPERM'].includes(String(error.code))) return null;
    throw error;
  }
}

async function kindOf(path: string): Promise<{ size: number; isFile: boolean }> {
  const found = await stat(path);
  return { size: found.size, isFile: found.isFile() };
}

/** The path that is really meant, relative to the root, with forward slashes; null where there is nothing. */
async function inside(root: string, path: string): Promise<string | null> {
  const absolute = isAbsolute(path) ? path : join(root, path);
  try {
    return relative(await realpath(root), await realpath(absolute))
      .split(sep)
      .join('/');
  } catch (error) {
    const missing = ['EACCES', 'ENOENT', 'ENOTDIR', 'ELOOP', 'ERR_INVALID_ARG_VALUE', 'ENAMETOOLONG'];
    if (error instanceof Error && 'code' in error && missing.includes(String(error.code))) return null;
    throw error;
  }
}
