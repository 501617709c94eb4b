import { crc32 } from 'node:zlib';
import { type FoundSymbol, type IndexedSymbol, SYMBOL_KINDS, type SymbolText } from './facts.ts';

/** A segment holds some files of the index and never changes. Its parts, in their order:
 *
 *      records     UTF-8: each file's facts as JSON, each symbol's as fields (below)
 *      symbols     12 bytes each: its record's place and length, its file's number (32 bits, little-endian)
 *      postings    a term's symbols, each as the distance from the one before (varint) and what the term weighs in it
 *      terms       in blocks of TERMS_A_BLOCK, sorted: length and text, how many symbols, bytes of postings (varints)
 *      standing    a byte a symbol: hundredths of its score that count
 *      header      JSON (SegmentHeader)
 *      trailer     8 bytes MAGIC, then length and CRC-32 of the header (32 bits, little-endian)
 */
export const MAGIC = 'MLRIDX03';
export const TRAILER = MAGIC.length + 8;
export const SYMBOL_BYTES = 12;
export const TERMS_A_BLOCK = 32;

/** Terms of other kinds than words: a definition's whole name, and the name of what it calls. */
export const TERM = { name: (name: string) => `=${name}`, call: (name: string) => `>${name.toLowerCase()}` };

/** A file as a segment holds it. */
export interface SegmentFile {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly changed: number;
  readonly hash: string;
  readonly language: string;
  readonly problem: string | null;
  /** Where its facts stand among the records, and their length. Bytes. */
  readonly facts: readonly [number, number];
  /** Its symbols: the first, how many, and how many of them are definitions. */
  readonly symbols: readonly [number, number, number];
}

export interface SegmentHeader {
  readonly files: readonly SegmentFile[];
  /** Files that older segments hold and that are no more. */
  readonly gone: readonly string[];
  /** Files that older segments hold and that were written anew as they were. */
  readonly touched: readonly { readonly path: string; readonly bytes: number; readonly changed: number }[];
  readonly symbols: number;
  /** Where parts begin. */
  readonly at: {
    readonly symbols: number;
    readonly postings: number;
    readonly terms: number;
    readonly standing: number;
  };
  /** The first term of each block, where the block begins among the terms, where its postings begin. */
  readonly blocks: readonly (readonly [string, number, number])[];
}

export function headerBytes(header: SegmentHeader): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const trailer = Buffer.alloc(TRAILER);
  trailer.write(MAGIC, 'latin1');
  trailer.writeUInt32LE(text.length, MAGIC.length);
  trailer.writeUInt32LE(crc32(text), MAGIC.length + 4);
  return Buffer.concat([text, trailer]);
}

const SEPARATOR = '\u001f';

export function symbolRecord(symbol: IndexedSymbol, { about, says }: SymbolText): string {
  const { kind, name, line, endLine, signature, doc, calls } = symbol;
  const texts = [name, signature, doc, calls.join(' '), about, says];
  const clean = texts.some((text) => text.includes(SEPARATOR))
    ? texts.map((one) => one.replaceAll(SEPARATOR, ' '))
    : texts;
  return `${SYMBOL_KINDS.indexOf(kind)}${SEPARATOR}${line}${SEPARATOR}${endLine}${SEPARATOR}${clean.join(SEPARATOR)}`;
}

/** @returns null where it is no such record: the segment is damaged */
export function symbolOfRecord(record: string): Pick<FoundSymbol, 'symbol' | 'text'> | null {
  const [kindAt, line, endLine, name, signature, doc, calls, about, says] = record.split(SEPARATOR);
  const kind = SYMBOL_KINDS[Number(kindAt)];
  if (kind === undefined || name === undefined || signature === undefined || doc === undefined) return null;
  if (calls === undefined || about === undefined || says === undefined) return null;
  const symbol = { kind, name, line: Number(line), endLine: Number(endLine), signature, doc };
  return { symbol: { ...symbol, calls: calls === '' ? [] : calls.split(' ') }, text: { about, says } };
}
