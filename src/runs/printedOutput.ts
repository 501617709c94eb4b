import { stat } from 'node:fs/promises';
import { leftOut, noteOf, readLive, readLog } from './outputLog.ts';
import { inRun } from './runFolder.ts';

/** Read at once. Bytes. */
const CHUNK = 1 << 18;

/** Reads on in what a run has printed: in its log, and, once that is full, in the newest that is shown of the rest. */
export class PrintedOutput {
  readonly #folder: string;
  /** In the log. */
  #offset: number;
  /** In all that was printed, where more of that is seen than the log holds as yet. */
  #seen: number | null = null;

  private constructor(folder: string, offset: number) {
    this.#folder = folder;
    this.#offset = offset;
  }

  /** @param from first byte; negative: counted from the end of what the log holds by now */
  static async at(folder: string, from: number): Promise<PrintedOutput> {
    const printed = new PrintedOutput(folder, Math.max(0, from));
    if (from < 0) await printed.skipAllBut(-from);
    return printed;
  }

  /** Goes on no further back from the log's end than so many bytes. */
  async skipAllBut(bytes: number): Promise<void> {
    const size = (await stat(inRun.log(this.#folder)).catch(() => null))?.size ?? 0;
    if (this.#seen === null) this.#offset = Math.max(this.#offset, size - bytes);
  }

  /** @param isOver whether the run has ended
   *  @returns nothing where there is nothing new */
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
