import { closeSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { fullDiskSentence, isFullDisk } from './fullDisk.ts';
import { type OutputStream, OutputTail } from './outputTail.ts';
import { systemCode } from './runError.ts';
import { inRun, readIfThere, runFolder } from './runFolder.ts';

/** Last lines are looked for in so much. Bytes. */
const LAST_BYTES = 2 ** 20;
/** No log is larger, whatever a run may write besides: nobody reads further, and disks fill. Bytes. */
const MOST_BYTES = 64 * 2 ** 20;
/** Kept of a log's end when it is cut: at least so much, and a quarter of its limit. Bytes. */
const LEAST_TAIL = 64 * 1024;
/** Closer than this, chunks share one entry of the index. Milliseconds. */
const INDEX_STEP = 20;
/** Shown of what comes after a log is full, while the run goes on: so much, anew this often. Bytes, milliseconds. */
const LIVE_BYTES = 64 * 1024;
const LIVE_EVERY = 400;

/**
 * Both streams of a run in one file, as they came, with an index of time and stream beside it (`output.times`, a line
 * `offset milliseconds stream` each). Beyond its limit only the end is kept, after a note: there the traceback stands. Until
 * then whoever follows reads the newest of it in a file of its own, so that a run which prints much is not taken for a
 * silent one.
 */
export class OutputLog {
  readonly #folder: string;
  readonly #log: number;
  readonly #times: number;
  readonly #limit: number;
  readonly #tailLimit: number;
  readonly #since = performance.now();
  #written = 0;
  #lastStream: OutputStream | 'note' | null = null;
  #lastAt = Number.NEGATIVE_INFINITY;
  #beyond = 0;
  #tail: OutputTail | null = null;
  #broken: string | null = null;
  #showing: NodeJS.Timeout | null = null;

  /** @param limit bytes of the log, beginning and end; at most 64 MiB count */
  constructor(folder: string, limit: number) {
    this.#folder = folder;
    this.#log = openSync(inRun.log(folder), 'w');
    this.#times = openSync(inRun.times(folder), 'w');
    const most = Math.min(limit, MOST_BYTES);
    this.#limit = Math.ceil((most * 3) / 4);
    this.#tailLimit = Math.max(LEAST_TAIL, Math.floor(most / 4));
  }

  /** Why the log is not whole, in a sentence: a full disk, say. */
  get broken(): string | null {
    return this.#broken;
  }

  write(stream: OutputStream, bytes: Buffer): void {
    const room = Math.max(0, this.#limit - this.#written);
    if (room > 0) this.#put(stream, bytes.subarray(0, room));
    if (bytes.length > room) this.#keep(stream, bytes.subarray(room));
  }

  close(): void {
    if (this.#showing) clearTimeout(this.#showing);
    const lost = this.#beyond - (this.#tail?.bytes ?? 0);
    if (lost > 0) this.#put('note', Buffer.from(noteOf(lost)));
    for (const { stream, bytes } of this.#tail?.parts() ?? []) this.#put(stream, bytes);
    closeSync(this.#log);
    closeSync(this.#times);
    rmSync(inRun.live(this.#folder), { force: true });
  }

  #keep(stream: OutputStream, bytes: Buffer): void {
    this.#beyond += bytes.length;
    this.#tail ??= new OutputTail(this.#tailLimit);
    this.#tail.add(stream, bytes);
    this.#showing ??= setTimeout(() => this.#showLive(), LIVE_EVERY).unref();
  }

  #showLive(): void {
    this.#showing = null;
    const newest = this.#tail?.newest(LIVE_BYTES) ?? Buffer.alloc(0);
    const from = this.#written + this.#beyond - newest.length;
    this.#keeping(() => {
      const draft = `${inRun.live(this.#folder)}.tmp`;
      writeFileSync(draft, Buffer.concat([Buffer.from(`${from}\n`), newest]));
      renameSync(draft, inRun.live(this.#folder));
    });
  }

  #put(stream: OutputStream | 'note', bytes: Buffer): void {
    this.#keeping(() => this.#append(stream, bytes));
  }

  #keeping(write: () => void): void {
    if (this.#broken !== null) return;
    try {
      write();
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      this.#broken = isFullDisk(error)
        ? fullDiskSentence(this.#folder)
        : `What it printed could not be kept in ${inRun.log(this.#folder)} (${systemCode(error)}); mend that and run it again.`;
    }
  }

  #append(stream: OutputStream | 'note', bytes: Buffer): void {
    const at = performance.now() - this.#since;
    if (stream !== this.#lastStream || at - this.#lastAt >= INDEX_STEP) {
      writeSync(this.#times, `${this.#written} ${Math.round(at)} ${stream}\n`);
      this.#lastStream = stream;
      this.#lastAt = at;
    }
    writeSync(this.#log, bytes);
    this.#written += bytes.length;
  }
}

export interface OutputRange {
  /** First byte; negative: counted from the end. */
  from?: number;
  maxBytes?: number;
}

/** What a run printed, both streams as they came; '' before it printed anything. */
export async function readOutput(workspace: string, id: string, range: OutputRange = {}): Promise<string> {
  return (await readLog(runFolder(workspace, id), range)).toString('utf8');
}

/** One stream alone, told apart by the index: `evaluate` prints its metrics to stdout, warnings go to stderr. Of a log
 *  larger than 64 MiB, its end. */
export async function readStream(workspace: string, id: string, stream: OutputStream): Promise<string> {
  const folder = runFolder(workspace, id);
  const size = (await stat(inRun.log(folder)).catch(() => null))?.size ?? 0;
  const skipped = Math.max(0, size - MOST_BYTES);
  const log = await readLog(folder, { from: skipped });
  const index = ((await readIfThere(inRun.times(folder))) ?? '').trim().split('\n').filter(Boolean);
  const entries = index.map((line) => line.split(' '));
  const place = (offset: string | number | undefined): number => Math.max(0, Number(offset) - skipped);
  const parts = entries.flatMap(([offset, , name], i) =>
    name === stream ? [log.subarray(place(offset), place(entries[i + 1]?.[0] ?? size))] : [],
  );
  return Buffer.concat(parts).toString('utf8');
}

/** The newest of what a run prints after its log is full: the place of its first byte in all that was printed, and the
 *  bytes. null where the log is not full, or the run has ended. */
export async function readLive(folder: string): Promise<{ from: number; bytes: Buffer } | null> {
  const whole = await readFile(inRun.live(folder)).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (whole === null) return null;
  const head = whole.indexOf('\n');
  return { from: Number(whole.subarray(0, head).toString()), bytes: whole.subarray(head + 1) };
}

/** How many bytes the note says that a log leaves out, and how long the note is itself, where one begins these bytes. */
export function leftOut(bytes: Buffer): { lost: number; note: number } {
  const [note = '', lost = '0'] = LEFT_OUT.exec(bytes.subarray(0, 200).toString('utf8')) ?? [];
  return { lost: Number(lost), note: Buffer.byteLength(note) };
}

export function noteOf(lost: number): string {
  return `\n[… ${lost} bytes left out: the output limit of this run …]\n`;
}

const LEFT_OUT = /^\n\[… (\d+) bytes left out: the output limit of this run …\]\n/;

/** Where the last lines of a log begin, looked for in its last MiB. Bytes. */
export async function placeOfLast(workspace: string, id: string, lines: number): Promise<number> {
  const folder = runFolder(workspace, id);
  const end = await readLog(folder, { from: -LAST_BYTES });
  const size = (await stat(inRun.log(folder)).catch(() => null))?.size ?? 0;
  let at = end.length;
  for (let left = lines; left > 0 && at > 0; left--) at = end.lastIndexOf(10, at - 2) + 1;
  return Math.max(0, size - end.length + at);
}

/** Bytes of the log as they stand. */
export async function readLog(folder: string, { from = 0, maxBytes }: OutputRange): Promise<Buffer> {
  const file = await open(inRun.log(folder), 'r').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return Buffer.alloc(0);
  try {
    const { size } = await file.stat();
    const start = from < 0 ? Math.max(0, size + from) : Math.min(from, size);
    const wanted = Math.min(size - start, maxBytes ?? Number.POSITIVE_INFINITY);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(wanted), 0, wanted, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
