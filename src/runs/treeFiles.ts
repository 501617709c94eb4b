import {
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
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
