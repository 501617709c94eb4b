import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

const PIECE = 1 << 20;
/** How much of the beginning tells the encoding. Bytes. */
const SNIFFED = 1 << 16;

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Bytes that are no text. */
export class BinaryText extends Error {
  override readonly name = 'BinaryText';
}

/** A text file, piece by piece and hashed on the way; memory is bounded by a piece. */
export class FileText {
  readonly #path: string;
  readonly #hash = createHash('sha256');
  #encoding: Encoding | null = null;
  #decoder: TextDecoder | null = null;
  /** The beginning of a character whose end is in the next piece. */
  #tail: Buffer = Buffer.alloc(0);
  /** What the encoding is known by, where it is not plain UTF-8. */
  note: string | null = null;
  bytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** After all pieces: SHA-256 of the bytes. */
  sha256(): string {
    return this.#hash.digest('hex');
  }

  /** Reads to the end for the hash, whatever is found.
   *  @throws BinaryText at the end, where there is a zero byte */
  async *pieces(): AsyncGenerator<string> {
    let refused: string | null = null;
    for await (const chunk of createReadStream(this.#path, { highWaterMark: PIECE }) as AsyncIterable<Buffer>) {
      this.#hash.update(chunk);
      const at = this.bytes;
      this.bytes += chunk.length;
      this.#encoding ??= this.#sniff(chunk);
      if (!this.#encoding.startsWith('utf-16')) refused ??= binaryAt(chunk, at);
      if (refused === null) yield this.#decode(chunk, at);
    }
    if (refused !== null) throw new BinaryText(refused);
    if (this.#tail.length > 0) yield this.#tail.toString('latin1');
    if (this.#decoder !== null) yield this.#decoder.decode();
  }

  /** Node's own reading of UTF-8 is several times faster than a decoder, which is kept for what is none. */
  #decode(chunk: Buffer, at: number): string {
    if (this.#encoding !== 'utf-8') {
      this.#decoder ??= new TextDecoder(this.#encoding ?? 'utf-8');
      return this.#decoder.decode(chunk, { stream: true });
    }
    const bytes = this.#tail.length > 0 ? Buffer.concat([this.#tail, chunk]) : chunk;
    const cut = bytes.length - unfinished(bytes);
    const whole = bytes.subarray(0, cut);
    if (isUtf8(whole)) {
      this.#tail = Buffer.from(bytes.subarray(cut));
      return withoutMark(whole.toString('utf8'), at === 0);
    }
    this.#encoding = 'windows-1252';
    this.#tail = Buffer.alloc(0);
    this.note = `it is not UTF-8 (first in the bytes from ${at} to ${this.bytes}); it is read as Latin-1 (Windows-1252), so save it as UTF-8 if letters look wrong`;
    this.#decoder = new TextDecoder(this.#encoding);
    return this.#decoder.decode(bytes, { stream: true });
  }

  #sniff(chunk: Buffer): Encoding {
    const encoding = utf16Of(chunk.subarray(0, SNIFFED));
    if (encoding !== null) this.note = `it is ${encoding.toUpperCase()}; pandas needs encoding="utf-16" to read it`;
    return encoding ?? 'utf-8';
  }
}

/** By the byte order mark, or by zero bytes that stand on one side only. */
function utf16Of(head: Buffer): Encoding | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd > head.length / 8 && even < odd / 50) return 'utf-16le';
  return even > head.length / 8 && odd < even / 50 ? 'utf-16be' : null;
}

function binaryAt(chunk: Buffer, from: number): string | null {
  const at = chunk.indexOf(0);
  return at < 0 ? null : `byte ${from + at} is zero, which no text has: the file is damaged, or is no text`;
}

/** Bytes at the end that begin a character and do not end it. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    return lengthOf(byte) > back ? back : 0;
  }
  return 0;
}

/** Of a character by its first byte. */
function lengthOf(first: number): number {
  if (first >= 0xf0) return 4;
  return first >= 0xe0 ? 3 : 2;
}

/** As `utf-8` or `utf-16…` by its byte order mark or zero bytes. */
export function encodingOf(head: Buffer): Encoding {
  return utf16Of(head) ?? 'utf-8';
}

function withoutMark(text: string, first: boolean): string {
  return first && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
