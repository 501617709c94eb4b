import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { FileFacts, FoundSymbol, SymbolText } from './facts.ts';
import {
  MAGIC,
  type SegmentFile,
  type SegmentHeader,
  SYMBOL_BYTES,
  symbolOfRecord,
  TERMS_A_BLOCK,
  TRAILER,
} from './segmentFormat.ts';

/** A part of the index cannot be read; whoever holds it drops it, and its files are read anew. */
export class SegmentDamaged extends Error {
  override readonly name = 'SegmentDamaged';
}

/** A term's symbols in one segment: its packed postings. */
export interface TermPostings {
  readonly count: number;
  readonly bytes: Buffer;
}

interface Term extends Pick<TermPostings, 'count'> {
  readonly text: string;
  readonly at: number;
  readonly length: number;
}

/** A segment to be asked. It keeps its header in memory and reads the rest where it is asked for. */
export class Segment {
  readonly header: SegmentHeader;
  /** Hundredths of its score that count for each symbol; 0 for one that is no more. */
  readonly standing: Uint8Array;
  readonly #source: Source;
  /** Where the symbols' records are; read when the first is asked for, because a search asks for a hundred. */
  #rows: Buffer | null = null;
  /** The terms that were looked for lately: whoever types asks for the same words letter by letter. */
  readonly #looked = new Map<string, Term | null>();
  #closed = false;
  /** What of it is no more: symbols, and files. */
  readonly #dead = { symbols: 0, files: 0 };

  /** @throws SegmentDamaged */
  constructor(source: Source) {
    this.#source = source;
    try {
      this.header = readHeader(source);
    } catch (error) {
      source.close();
      throw error;
    }
    this.standing = Uint8Array.from(source.read(this.header.at.standing, this.header.symbols));
  }

  get closed(): boolean {
    return this.#closed;
  }

  close(): void {
    this.#closed = true;
    this.#source.close();
  }

  /** Whether most of what it holds is no more. */
  get isMostlyDead(): boolean {
    return this.#dead.symbols > this.header.symbols / 2;
  }

  get isDead(): boolean {
    return this.#dead.files === this.header.files.length;
  }

  /** Takes a file's symbols out of every answer. */
  forget({ symbols: [first, count] }: SegmentFile): void {
    this.standing.fill(0, first, first + count);
    this.#dead.symbols += count;
    this.#dead.files += 1;
  }

  facts({ facts: [at, length], symbols: [first, count] }: SegmentFile): FileFacts {
    const { language, imports, traits, problem } = parsedFacts(this.#source.read(at, length));
    const symbols = Array.from({ length: count }, (_, i) => this.symbol(first + i).symbol);
    return { language, symbols, imports, traits, problem };
  }

  texts({ symbols: [first, count] }: SegmentFile): SymbolText[] {
    return Array.from({ length: count }, (_, i) => this.symbol(first + i).text);
  }

  symbol(number: number): FoundSymbol {
    const { at, symbols, files } = this.header;
    this.#rows ??= this.#source.read(at.symbols, symbols * SYMBOL_BYTES);
    const row = number * SYMBOL_BYTES;
    const file = files[this.#rows.readUInt32LE(row + 8)];
    const record = this.#source.read(this.#rows.readUInt32LE(row), this.#rows.readUInt32LE(row + 4));
    const found = symbolOfRecord(record.toString('utf8'));
    if (file === undefined || found === null) throw new SegmentDamaged('a record cannot be read');
    return { path: file.path, ...found };
  }

  /** The path of a symbol's file, without reading its record. */
  pathOf(number: number): string {
    const { files } = this.header;
    let [low, high] = [0, files.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((files[middle]?.symbols[0] ?? 0) <= number) low = middle;
      else high = middle - 1;
    }
    return files[low]?.path ?? '';
  }

  term(text: string): TermPostings | null {
    const term = this.#find(text);
    return term === null ? null : this.#postings(term);
  }

  /** How many symbols hold a term. */
  count(text: string): number {
    return this.#find(text)?.count ?? 0;
  }

  /** Every term that begins so, in their order, with its postings; at most so many. */
  termsBeginning(text: string, most: number): { text: string; postings: TermPostings }[] {
    const found: { text: string; postings: TermPostings }[] = [];
    for (const term of this.#termsFrom(text)) {
      if (!term.text.startsWith(text) || found.length >= most) break;
      found.push({ text: term.text, postings: this.#postings(term) });
    }
    return found;
  }

  #find(text: string): Term | null {
    const known = this.#looked.get(text);
    if (known !== undefined) return known;
    const [first = null] = this.#termsFrom(text);
    const found = first?.text === text ? first : null;
    if (this.#looked.size >= MOST_LOOKED) this.#looked.clear();
    this.#looked.set(text, found);
    return found;
  }

  #postings({ count, at, length }: Term): TermPostings {
    return { count, bytes: this.#source.read(this.header.at.postings + at, length) };
  }

  /** The terms in their order, from the first that is not before a text. */
  *#termsFrom(text: string): Generator<Term> {
    const { blocks } = this.header;
    for (let block = blockOf(blocks, text); block < blocks.length; block += 1) {
      for (const term of this.#block(block)) if (term.text >= text) yield term;
    }
  }

  *#block(number: number): Generator<Term> {
    const { at, blocks } = this.header;
    const [, from = 0, postings = 0] = blocks[number] ?? [];
    const end = blocks[number + 1]?.[1] ?? at.standing - at.terms;
    const bytes = this.#source.read(at.terms + from, end - from);
    const cursor = { at: 0 };
    let place = postings;
    for (let i = 0; i < TERMS_A_BLOCK && cursor.at < bytes.length; i += 1) {
      const size = varint(bytes, cursor);
      const text = bytes.toString('utf8', cursor.at, cursor.at + size);
      cursor.at += size;
      const [count, length] = [varint(bytes, cursor), varint(bytes, cursor)];
      yield { text, count, at: place, length };
      place += length;
    }
  }
}

/** Terms that a segment remembers. */
const MOST_LOOKED = 500;

/** Postings taken apart: symbols, and what the term weighs in each, packed. There is room for one more than there are. */
export class PostingList {
  symbols = new Int32Array(1 << 10);
  weights = new Uint8Array(1 << 10);

  fit(count: number): void {
    if (count < this.symbols.length) return;
    this.symbols = new Int32Array(2 * count);
    this.weights = new Uint8Array(2 * count);
  }
}

/** Takes a term's postings apart.
 *  @param symbols of the whole segment
 *  @returns how many there are
 *  @throws SegmentDamaged */
export function readPostings({ bytes, count }: TermPostings, symbols: number, list: PostingList): number {
  list.fit(count);
  let symbol = 0;
  let read = 0;
  for (let at = 0; at < bytes.length; at += 1, read += 1) {
    let byte = bytes[at++] ?? 0;
    let step = byte & 127;
    for (let shift = 7; byte > 127 && shift < 32; shift += 7) {
      byte = bytes[at++] ?? 0;
      step |= (byte & 127) << shift;
    }
    symbol += step;
    if (symbol < 0 || symbol >= symbols || read >= count) throw new SegmentDamaged('its postings lead nowhere');
    list.symbols[read] = symbol;
    list.weights[read] = bytes[at] ?? 0;
  }
  return read;
}

/** Bytes by their place. */
export interface Source {
  readonly size: number;
  read(at: number, length: number): Buffer;
  close(): void;
}

export function memorySource(bytes: Uint8Array): Source {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { size: buffer.length, read: (at, length) => buffer.subarray(at, at + length), close: () => undefined };
}

export function fileSource(path: string): Source {
  const file = openSync(path, 'r');
  const { size } = fstatSync(file);
  return {
    size,
    read: (at, length) => {
      // Asked before there is room for it: what is damaged may ask for gigabytes.
      if (at + length > size) throw new SegmentDamaged('it ends too early');
      const buffer = Buffer.allocUnsafe(length);
      if (readSync(file, buffer, 0, length, at) < length) throw new SegmentDamaged('it ends too early');
      return buffer;
    },
    close: () => closeSync(file),
  };
}

function readHeader(source: Source): SegmentHeader {
  if (source.size < TRAILER) throw new SegmentDamaged('it is too short');
  const trailer = source.read(source.size - TRAILER, TRAILER);
  if (trailer.toString('latin1', 0, MAGIC.length) !== MAGIC)
    throw new SegmentDamaged('it is of another version, or none');
  const length = trailer.readUInt32LE(MAGIC.length);
  const from = source.size - TRAILER - length;
  if (from < 0) throw new SegmentDamaged('it ends too early');
  const text = source.read(from, length);
  if (crc32(text) !== trailer.readUInt32LE(MAGIC.length + 4)) throw new SegmentDamaged('its checksum is another');
  const header: SegmentHeader = JSON.parse(text.toString('utf8'));
  if (header.at.standing + header.symbols !== from) throw new SegmentDamaged('its parts do not fit');
  return header;
}

function parsedFacts(bytes: Buffer): Omit<FileFacts, 'symbols'> {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new SegmentDamaged('the facts of a file cannot be read', { cause: error });
  }
}

/** The last block that begins with a term not behind a text. */
function blockOf(blocks: SegmentHeader['blocks'], text: string): number {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle]?.[0] ?? '') <= text) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

function varint(bytes: Buffer, cursor: { at: number }): number {
  let value = 0;
  for (let shift = 0; shift < 32; shift += 7) {
    const byte = bytes[cursor.at++] ?? 0;
    value |= (byte & 127) << shift;
    if (byte < 128) break;
  }
  return value >>> 0;
}
