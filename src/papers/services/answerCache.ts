import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { jsonOf } from '../../domain/jsonOf.ts';
import { cannotWrite } from './cannotWrite.ts';

const Kept = z.object({ url: z.string(), at: z.number(), text: z.string() });

/** Longest that an answer is kept, even for when its service is down. Milliseconds. */
const LONGEST = 30 * 24 * 3600 * 1000;

/** Most answers kept, about 100 MB of them at most. */
const MOST = 2000;

/** Earlier answers of services, as files. What cannot be written is not kept; what cannot be read is not there. */
export class AnswerCache {
  private readonly folder: string;
  private swept = false;

  /** @param folder is made when the first answer is kept, for its owner alone: it tells what somebody works on */
  constructor(folder: string) {
    this.folder = folder;
  }

  async get(url: string): Promise<{ at: number; text: string } | null> {
    const text = await readFile(this.fileOf(url), 'utf8').catch(() => null);
    if (text === null) return null;
    const kept = Kept.safeParse(jsonOf(text)).data;
    return kept?.url === url ? kept : null;
  }

  async put(url: string, text: string, at: number): Promise<void> {
    const file = this.fileOf(url);
    const unfinished = `${file}.${process.pid}`;
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await writeFile(unfinished, JSON.stringify({ url, at, text }), { mode: 0o600 });
      await rename(unfinished, file);
      await this.sweep();
    } catch (error) {
      if (!cannotWrite(error)) throw error;
    }
  }

  private fileOf(url: string): string {
    return path.join(this.folder, `${createHash('sha256').update(url).digest('hex')}.json`);
  }

  /** Once a process: removes what is too old, and the oldest of too many. */
  private async sweep(): Promise<void> {
    if (this.swept) return;
    const now = Date.now();
    this.swept = true;
    const names = await readdir(this.folder);
    const files = await Promise.all(
      names.map(async (name) => {
        const file = path.join(this.folder, name);
        return { file, at: (await stat(file).catch(() => null))?.mtimeMs ?? now };
      }),
    );
    files.sort((a, b) => b.at - a.at);
    const old = files.filter(({ at }, i) => i >= MOST || now - at > LONGEST);
    await Promise.all(old.map(({ file }) => rm(file, { force: true })));
  }
}
