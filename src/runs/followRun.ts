import { stat } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import type { EndedRun, Run } from '../domain/run.ts';
import { hasEnded } from '../domain/run.ts';
import { readRun } from './lostRun.ts';
import { Nudge } from './nudge.ts';
import { leftOut, noteOf, readLive, readLog } from './outputLog.ts';
import { inRun, runFolder } from './runFolder.ts';

/** Looked at this often even where the system does not say that something changed. Milliseconds. */
const LOOK_EVERY = 200;
const CHUNK = 1 << 18;

interface FollowOptions {
  /** First byte; negative: counted from the end of what is printed by now. */
  from?: number;
  signal?: AbortSignal;
  look?: (run: Run) => Promise<void>;
}

/**
 * What a run prints, from its beginning (or byte `from`) to its end, as it comes. Leaving the loop stops nothing.
 * @returns the record at its end
 * @throws RunError `unknown` where there is no such run; the signal's reason when it aborts
 */
export async function* followRun(
  workspace: string,
  id: string,
  { from = 0, signal, look }: FollowOptions = {},
): AsyncGenerator<string, EndedRun> {
  const folder = runFolder(workspace, id);
  const decoder = new StringDecoder('utf8');
  // Throws early for a run that does not exist.
  let run = await readRun(workspace, id);
  const printed = new Printed(folder, from < 0 ? Math.max(0, (await sizeOf(folder)) + from) : from);
  const changed = new Nudge().on(folder);
  signal?.addEventListener('abort', changed.give);
  try {
    for (;;) {
      signal?.throwIfAborted();
      run = await readRun(workspace, id);
      const bytes = await printed.next(hasEnded(run));
      const text = decoder.write(bytes);
      if (text) yield text;
      if (bytes.length > 0) continue;
      if (hasEnded(run)) return run;
      await look?.(run);
      await changed.wait(LOOK_EVERY);
    }
  } finally {
    changed.close();
    signal?.removeEventListener('abort', changed.give);
  }
}

/** Reads on in what a run has printed: in its log, and, once that is full, in the newest that is shown of the rest. */
class Printed {
  readonly #folder: string;
  /** In the log. */
  #offset: number;
  /** In all that was printed, where more of that is seen than the log holds as yet. */
  #seen: number | null = null;

  constructor(folder: string, offset: number) {
    this.#folder = folder;
    this.#offset = offset;
  }

  /** @returns nothing where there is nothing new */
  async next(isOver: boolean): Promise<Buffer> {
    const bytes = await readLog(this.#folder, { from: this.#offset, maxBytes: CHUNK });
    if (bytes.length === 0) return isOver ? bytes : await this.#newest();
    // The log goes on only at its end, with what was shown before among the rest.
    if (this.#seen !== null) return await this.#goOn(bytes, this.#seen);
    this.#offset += bytes.length;
    return bytes;
  }

  async #newest(): Promise<Buffer> {
    const live = await readLive(this.#folder);
    if (live === null) return Buffer.alloc(0);
    const seen = this.#seen ?? this.#offset;
    this.#seen = Math.max(seen, live.from + live.bytes.length);
    const missed = live.from - seen;
    return missed > 0 ? Buffer.concat([Buffer.from(noteOf(missed)), live.bytes]) : live.bytes.subarray(-missed);
  }

  async #goOn(bytes: Buffer, seen: number): Promise<Buffer> {
    this.#seen = null;
    const { lost, note } = leftOut(bytes);
    const shown = seen - this.#offset - lost;
    // Of what lies between what was shown and what was kept nothing can be said but how much it is.
    if (shown > 0) this.#offset += note + shown;
    return await this.next(true);
  }
}

async function sizeOf(folder: string): Promise<number> {
  return (await stat(inRun.log(folder)).catch(() => null))?.size ?? 0;
}
