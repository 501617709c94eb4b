import { ReportError } from './reportError.ts';

/** A file of an archive; its name is relative, with slashes. */
export interface Member {
  readonly name: string;
  readonly content: Uint8Array;
}

/** Bytes. */
const BLOCK = 512;
/** A name that is longer than a header's field stands in a record before it. Bytes. */
const LONGEST_NAME = 100;

/** What a file takes in an archive. Bytes. */
export function sizeInArchive(name: string, bytes: number): number {
  const long = Buffer.byteLength(name) > LONGEST_NAME ? BLOCK + padded(Buffer.byteLength(name) + 16) : 0;
  return long + BLOCK + padded(bytes);
}

/** Files as a tar archive (POSIX.1-2001, pax), without times, owners or modes: the same files give the same bytes. */
export function packTar(members: readonly Member[]): Buffer {
  const blocks = members.flatMap(({ name, content }) => {
    const isLong = Buffer.byteLength(name) > LONGEST_NAME;
    return isLong
      ? [...entry('long-name', 'x', paxRecord('path', name)), ...entry('long-name', '0', content)]
      : entry(name, '0', content);
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

/** The files of an archive, as packTar writes one.
 *  @throws ReportError where it is torn, altered or holds anything but plain files below its own folder */
export function unpackTar(archive: Buffer): Member[] {
  const members: Member[] = [];
  let long: string | null = null;
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return members;
    const size = Number.parseInt(field(header, 124, 12), 8);
    const type = field(header, 156, 1);
    const content = archive.subarray(at + BLOCK, at + BLOCK + size);
    if (sumOf(header) !== Number.parseInt(field(header, 148, 8), 8) || content.length !== size) break;
    at += BLOCK + padded(size);
    if (type === 'x') {
      long = /^\d+ path=(.*)\n$/s.exec(content.toString('utf8'))?.[1] ?? null;
      continue;
    }
    const name = long ?? field(header, 0, LONGEST_NAME);
    long = null;
    if (type !== '0' || !isBelow(name))
      throw new ReportError(`${JSON.stringify(name)} is no plain file of an archive.`);
    members.push({ name, content });
  }
  throw new ReportError('The archive is torn: its end is missing, or a header of it was altered.');
}

function entry(name: string, type: '0' | 'x', content: Uint8Array): Buffer[] {
  const header = Buffer.alloc(BLOCK);
  const put = (text: string, at: number): number => header.write(text, at);
  put(name, 0);
  put('0000644\0', 100);
  put('0000000\0', 108);
  put('0000000\0', 116);
  put(`${octal(content.length, 11)}\0`, 124);
  put(`${octal(0, 11)}\0`, 136);
  put(type, 156);
  put('ustar\x0000', 257);
  put(`${octal(sumOf(header), 6)}\0 `, 148);
  return [header, Buffer.from(content), Buffer.alloc(padded(content.length) - content.length)];
}

/** `LENGTH key=value\n`, where the length counts its own digits. */
function paxRecord(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest);
  while (length !== String(length).length + Buffer.byteLength(rest)) {
    length = String(length).length + Buffer.byteLength(rest);
  }
  return Buffer.from(`${length}${rest}`);
}

/** A header's sum counts its own field as spaces. */
function sumOf(header: Buffer): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);
}

function field(header: Buffer, at: number, length: number): string {
  const bytes = header.subarray(at, at + length);
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end === -1 ? length : end);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function padded(bytes: number): number {
  return Math.ceil(bytes / BLOCK) * BLOCK;
}

function isBelow(name: string): boolean {
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..') && !name.includes('\0');
}
