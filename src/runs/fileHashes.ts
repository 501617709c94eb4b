import { createHash, type Hash } from 'node:crypto';
import { lstatSync, readFileSync, type Stats, statSync } from 'node:fs';
import { open, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from './runError.ts';

const CHUNK = 1 << 20;
const SMALL = 1 << 16;

/**
 * SHA-256 of files and folders. A file that has not changed by size, times and inode is read once: the time of
 * change (ctime) cannot be set back by a program.
 */
export class FileHashes {
  readonly #seen = new Map<string, { state: string; sha256: string }>();

  /**
   * Of a file: its content. Of a folder: names and contents below it. Of a link: where it leads, unless `follow`.
   * @returns null where there is nothing.
   */
  async of(path: string, follow = false): Promise<string | null> {
    const kind = kindOf(path, follow);
    if (kind === null) return null;
    if (kind.isFile()) return await this.#ofFile(path, kind);
    const hash = createHash('sha256');
    if (kind.isSymbolicLink()) hash.update(`link ${await readlink(path)}`);
    else if (kind.isDirectory()) await this.#addFolder(path, '', follow, hash);
    else hash.update('neither file nor folder');
    return hash.digest('hex');
  }

  async #addFolder(top: string, below: string, follow: boolean, hash: Hash): Promise<void> {
    for (const name of (await readdir(join(top, below))).sort()) {
      const path = join(below, name);
      const kind = kindOf(join(top, path), follow);
      if (kind?.isDirectory()) await this.#addFolder(top, path, follow, hash);
      else hash.update(`${path}\0${await this.of(join(top, path), follow)}\n`);
    }
  }

  async #ofFile(path: string, kind: Stats): Promise<string> {
    const state = [kind.dev, kind.ino, kind.size, kind.mtimeMs, kind.ctimeMs].join(' ');
    const seen = this.#seen.get(path);
    if (seen?.state === state) return seen.sha256;
    const sha256 = await hashFile(path, kind.size);
    this.#seen.set(path, { state, sha256 });
    return sha256;
  }
}

/** Reads into one buffer again and again: a stream leaves gigabytes of them to be collected. */
async function hashFile(path: string, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  // Sooner read than handed to another thread.
  if (bytes <= SMALL) return hash.update(readFileSync(path)).digest('hex');
  const buffer = Buffer.allocUnsafe(CHUNK);
  const file = await open(path, 'r');
  try {
    for (let bytes = -1; bytes !== 0; ) {
      bytes = (await file.read(buffer, 0, CHUNK)).bytesRead;
      hash.update(buffer.subarray(0, bytes));
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

function kindOf(path: string, follow: boolean): Stats | null {
  try {
    return follow ? statSync(path) : lstatSync(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return null;
    throw error;
  }
}
