import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { jsonOf } from '../../domain/jsonOf.ts';
import { cannotWrite } from '../services/cannotWrite.ts';
import type { Downloaded } from './download.ts';

const Kept = z.object({ name: z.string(), at: z.number(), url: z.string(), type: z.string(), bytes: z.number() });

export interface KeptPaper extends Downloaded {
  /** When it was fetched, in milliseconds since 1970. */
  readonly at: number;
}

/** Most papers kept, and most bytes of all of them. */
const MOST = 200;
const MOST_BYTES = 1024 * 1024 * 1024;

/** Files that were fetched before, by what the paper is called. What cannot be written is not kept; what cannot be read
 *  is not there. */
export class PaperCache {
  readonly #folder: string;

  /** @param folder is made when the first paper is kept, for its owner alone: it tells what somebody reads */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async get(name: string): Promise<KeptPaper | null> {
    const file = this.#fileOf(name);
    const [head, bytes] = await Promise.all([
      readFile(`${file}.json`, 'utf8').catch(() => null),
      readFile(file).catch(() => null),
    ]);
    if (head === null || bytes === null) return null;
    const kept = Kept.safeParse(jsonOf(head)).data;
    // Written by two processes at once, or torn by a crash: it is fetched anew.
    if (kept?.name !== name || kept.bytes !== bytes.length) return null;
    return { bytes: new Uint8Array(bytes), url: kept.url, type: kept.type, at: kept.at };
  }

  async put(name: string, { bytes, url, type }: Downloaded, at: number): Promise<void> {
    const file = this.#fileOf(name);
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await this.#write(file, bytes);
      await this.#write(`${file}.json`, JSON.stringify({ name, at, url, type, bytes: bytes.length }));
      await this.#sweep();
    } catch (error) {
      if (!cannotWrite(error)) throw error;
    }
  }

  async #write(file: string, content: string | Uint8Array): Promise<void> {
    const unfinished = `${file}.${process.pid}`;
    await writeFile(unfinished, content, { mode: 0o600 });
    await rename(unfinished, file);
  }

  #fileOf(name: string): string {
    return path.join(this.#folder, createHash('sha256').update(name).digest('hex'));
  }

  /** Removes the oldest of too many. */
  async #sweep(): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => /^[0-9a-f]{64}$/.test(name));
    const files = await Promise.all(
      names.map(async (name) => {
        const file = path.join(this.#folder, name);
        const { mtimeMs, size } = (await stat(file).catch(() => null)) ?? { mtimeMs: 0, size: 0 };
        return { file, at: mtimeMs, size };
      }),
    );
    files.sort((a, b) => b.at - a.at);
    let bytes = 0;
    for (const [index, { file, size }] of files.entries()) {
      bytes += size;
      if (index < MOST && bytes <= MOST_BYTES) continue;
      await Promise.all([rm(file, { force: true }), rm(`${file}.json`, { force: true })]);
    }
  }
}
