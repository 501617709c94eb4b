import { chmod, lstat, mkdir, readdir, readFile, readlink, rm, rmdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeAtomically } from './writeAtomically.ts';

/** A file of the user's working tree: its bytes, or a link's target. */
export interface WorkingFile {
  readonly content: Buffer;
  readonly kind: 'file' | 'executable' | 'link';
}

/** What stands at a path: a file, nothing (null), or something that we do not touch ('other': a folder, a device, a path
 *  through a link). Files in `gone` are taken for removed already, so that a file can become a folder, or the reverse. */
export async function readWorkingFile(
  top: string,
  path: string,
  gone: ReadonlySet<string> = new Set(),
): Promise<WorkingFile | null | 'other'> {
  const blocked = await blockedAt(top, path);
  if (blocked !== null) return gone.has(blocked) ? null : 'other';
  const file = join(top, path);
  const facts = await lstat(file).catch(() => null);
  if (facts === null) return null;
  if (facts.isDirectory()) return (await holdsOnly(top, path, gone)) ? null : 'other';
  if (facts.isSymbolicLink()) return { content: Buffer.from(await readlink(file)), kind: 'link' };
  if (!facts.isFile()) return 'other';
  return { content: await readFile(file), kind: (facts.mode & 0o100) === 0 ? 'file' : 'executable' };
}

/** Makes a path hold a file, or nothing; folders are made as needed, and removed when they are left empty. */
export async function writeWorkingFile(top: string, path: string, wanted: WorkingFile | null): Promise<void> {
  const file = join(top, path);
  const facts = await lstat(file).catch(() => null);
  if (wanted === null) {
    await rm(file, { force: true });
    await removeEmptyFolders(top, path);
    return;
  }
  const replacesLink = facts?.isSymbolicLink() === true;
  if (facts !== null && (wanted.kind === 'link' || replacesLink)) await rm(file);
  if (wanted.kind === 'link') {
    await mkdir(dirname(file), { recursive: true });
    await symlink(wanted.content.toString(), file);
    return;
  }
  await writeAtomically(file, wanted.content);
  const mode = (await lstat(file)).mode & 0o7777;
  const executable = wanted.kind === 'executable' ? mode | ((mode & 0o444) >> 2) : mode & ~0o111;
  if (executable !== mode) await chmod(file, executable);
}

export function sameFile(one: WorkingFile | null, other: WorkingFile | null): boolean {
  return one === null || other === null ? one === other : one.kind === other.kind && one.content.equals(other.content);
}

/** The first part of a path that is no real folder; null where all that exist are. */
async function blockedAt(top: string, path: string): Promise<string | null> {
  const parts = path.split('/').slice(0, -1);
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const part = parts.slice(0, depth).join('/');
    const facts = await lstat(join(top, part)).catch(() => null);
    if (facts === null) return null;
    if (!facts.isDirectory()) return part;
  }
  return null;
}

async function holdsOnly(top: string, folder: string, gone: ReadonlySet<string>): Promise<boolean> {
  const entries = await readdir(join(top, folder), { withFileTypes: true });
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (!(entry.isDirectory() ? await holdsOnly(top, path, gone) : gone.has(path))) return false;
  }
  return entries.length > 0;
}

async function removeEmptyFolders(top: string, path: string): Promise<void> {
  const parts = path.split('/').slice(0, -1);
  for (let depth = parts.length; depth > 0; depth -= 1) {
    const removed = await rmdir(join(top, ...parts.slice(0, depth))).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}
