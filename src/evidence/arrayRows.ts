import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { eachArray } from '../data/npzArchive.ts';
import { type ArrayCell, type ArraySink, readArray } from '../data/numpyArray.ts';
import { isReadable, MOST_ROWS, type Table } from './table.ts';

/** A NumPy array as it is compared: a key for each entry of its first axis. */
export interface ArrayRows {
  /** Its file, or the name that it has in its archive. */
  readonly name: string;
  /** Shape of one row, such as `28x28`; '' for single values. */
  readonly shape: string;
  /** Equal where all numbers of two rows are, whatever type they are stored in. */
  readonly keys: readonly string[];
}

/** Larger arrays are not looked at; an archive may also claim what it does not hold. Bytes, unpacked. */
const LARGEST_ARRAY = 2 ** 31;
/** Bytes of a file in git's store whose arrays are read: it is held whole. */
export const LARGEST_STORED = 256 * 2 ** 20;

/** Whether a file holds arrays, by its name. */
export function holdsArrays(path: string): boolean {
  return ['.npy', '.npz'].includes(extname(path).toLowerCase());
}

/** The arrays of a file, at most `MOST_ROWS` rows of each; none where it is missing or cannot be read as such. Nothing
 *  in it is run: pickled objects are left out.
 *  @param content its bytes, where they are at hand */
export async function arraysIn(file: { name: string; path: string }, content?: Buffer): Promise<ArrayRows[]> {
  if (content === undefined && !(await isReadable(file.path))) return [];
  const found: ArrayRows[] = [];
  const take = async (name: string, bytes: number, open: () => Promise<Readable>): Promise<void> => {
    const rows = bytes > LARGEST_ARRAY ? null : await rowsOf(name, await open(), bytes);
    if (rows !== null) found.push(rows);
  };
  if (extname(file.path).toLowerCase() === '.npz') {
    await eachArray(content ?? file.path, (array) => take(`${file.name}/${array.name}`, array.bytes, array.open));
    return found;
  }
  const bytes = content?.length ?? (await stat(file.path)).size;
  await take(file.name, bytes, async () => (content ? Readable.from([content]) : createReadStream(file.path)));
  return found;
}

/** The rows as a table of one column, whose name says their shape: others are no twins. */
export function tableOfArray({ shape, keys }: ArrayRows): Table {
  return {
    columns: [`rows of ${shape} values`],
    rows: (async function* () {
      for (const key of keys) yield [key];
    })(),
  };
}

async function rowsOf(name: string, stream: Readable, bytes: number): Promise<ArrayRows | null> {
  const sink = new KeySink();
  const head = await readArray(untilFull(stream, sink), bytes, sink);
  if (typeof head === 'string' || sink.keys.length === 0) return null;
  return { name, shape: head.shape.slice(1).join('x'), keys: sink.keys };
}

async function* untilFull(stream: Readable, sink: KeySink): AsyncGenerator<Buffer> {
  for await (const piece of stream) {
    if (sink.isFull) return;
    yield piece as Buffer;
  }
}

class KeySink implements ArraySink {
  readonly keys: string[] = [];

  get isFull(): boolean {
    return this.keys.length >= MOST_ROWS;
  }

  header(): void {
    // Rows are compared whole.
  }

  row(cells: readonly ArrayCell[]): void {
    if (!this.isFull) this.keys.push(keyOf(cells));
  }

  wideRow(cells: readonly ArrayCell[]): void {
    this.row(cells);
  }

  note(): void {
    // What was cut off is compared as far as it goes.
  }

  stop(): void {
    // The rows before count.
  }
}

/** A word, so that nothing takes it for a number. Numbers compare to 12 digits, as in tables. */
function keyOf(cells: readonly ArrayCell[]): string {
  const values = Float64Array.from(cells, (cell) => toTwelveDigits(Number(cell)));
  return `row${createHash('md5').update(new Uint8Array(values.buffer)).digest('hex')}`;
}

/** Whole numbers, and halves, quarters and so on down to 2^-20, are what they are: pixels, counts, labels. */
function toTwelveDigits(value: number): number {
  if (Number.isInteger(value * 2 ** 20) && Math.abs(value) < 2 ** 30) return value + 0;
  return Number(value.toPrecision(12));
}
