import { createHash, type Hash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  rmdirSync,
  type Stats,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

/*
 * Copying and removing whole trees. Node's own fs.cp and fs.rm take milliseconds a file, and a repository has
 * thousands; the calls here are synchronous, with a turn for others after each folder.
 */

/** Bytes. */
const SMALL = 4 * 2 ** 20;

export interface CopyOptions {
  /** Paths below `from` that are left out. */
  without?: ReadonlySet<string>;
  /** Copies what links lead to; else links are copied as they are. */
  follow?: boolean;
}

/** Copies a file or a folder with modes and times, sharing blocks where the file system can. Special files are left out. */
export async function copyTree(from: string, to: string, options: CopyOptions = {}): Promise<void> {
  if (options.without?.has(from)) return;
  const kind = options.follow ? statSync(from) : lstatSync(from);
  if (kind.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else if (kind.isFile()) {
    copyFile(from, to, kind);
  } else if (kind.isDirectory()) {
    // The owner may always write into the copy.
    mkdirSync(to, { recursive: true, mode: kind.mode | 0o700 });
    for (const name of readdirSync(from)) await copyTree(join(from, name), join(to, name), options);
    await turn();
  }
}

/**
 * Large files share their blocks where the file system can. Small ones are read and written: the system call behind
 * copyFile makes ext4 write them out at once, and removing them a moment later then takes a hundred times as long.
 */
function copyFile(from: string, to: string, kind: Stats): void {
  if (kind.size > SMALL) copyFileSync(from, to, constants.COPYFILE_FICLONE);
  else writeFileSync(to, readFileSync(from), { mode: kind.mode });
  utimesSync(to, kind.atime, kind.mtime);
}

/** SHA-256 over the names, kinds and contents of all that is below a folder, and over which of its files are programs. */
export async function hashTree(folder: string): Promise<string> {
  const hash = createHash('sha256');
  await addTree(folder, '', hash);
  return hash.digest('hex');
}

async function addTree(folder: string, below: string, hash: Hash): Promise<void> {
  for (const name of readdirSync(join(folder, below)).sort()) {
    const path = join(below, name);
    const kind = lstatSync(join(folder, path));
    if (kind.isDirectory()) await addTree(folder, path, hash);
    else if (kind.isSymbolicLink()) hash.update(JSON.stringify([path, 'link', readlinkSync(join(folder, path))]));
    else if (kind.isFile()) {
      hash.update(JSON.stringify([path, kind.mode & 0o100, kind.size]));
      addFile(join(folder, path), kind.size, hash);
    } else hash.update(JSON.stringify([path, 'special']));
  }
  await turn();
}

function addFile(path: string, size: number, hash: Hash): void {
  if (size <= SMALL) {
    hash.update(readFileSync(path));
    return;
  }
  const file = openSync(path, 'r');
  const chunk = Buffer.allocUnsafe(SMALL);
  try {
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) hash.update(chunk.subarray(0, read));
  } finally {
    closeSync(file);
  }
}

/** Removes a file or a folder, also where a run took away the right to; never follows a link. */
export async function removeTree(path: string): Promise<void> {
  const kind = lstatSync(path, { throwIfNoEntry: false });
  if (!kind) return;
  if (!kind.isDirectory()) {
    unlinkSync(path);
    return;
  }
  if ((kind.mode & 0o700) !== 0o700) chmodSync(path, 0o700);
  for (const name of readdirSync(path)) await removeTree(join(path, name));
  rmdirSync(path);
  await turn();
}
