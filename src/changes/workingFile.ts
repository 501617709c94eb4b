import { chmod, lstat, mkdir, readFile, readlink, rm, rmdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeAtomically } from './writeAtomically.ts';

/** A file of the user's working tree: its bytes, or a link's target. */
export interface WorkingFile {
  readonly content: Buffer;
  readonly kind: 'file' | 'executable' | 'link';
}

/** What stands at a path: a file, nothing (null), or something that we do not touch ('other': a folder, a device, a path through a link). */
export async function readWorkingFile(top: string, path: string): Promise<WorkingFile | null | 'other'> {
  if (!(await foldersAreReal(top, path))) return 'other';
  const file = join(top, path);
  const facts = await lstat(file).catch(() => null);
  if (facts === null) return null;
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

async function foldersAreReal(top: string, path: string): Promise<boolean> {
  const parts = path.split('/').slice(0, -1);
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const facts = await lstat(join(top, ...parts.slice(0, depth))).catch(() => null);
    if (facts === null) return true;
    if (!facts.isDirectory()) return false;
  }
  return true;
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
