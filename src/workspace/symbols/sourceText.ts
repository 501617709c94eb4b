import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isOutOfReach } from '../ignoreRules.ts';

export type SourceText =
  | { readonly ok: true; readonly text: string; readonly bytes: Buffer }
  | { readonly ok: false; readonly why: string };

/** A larger file is data or was generated. Bytes. */
export const LARGEST = 1_500_000;
/** A longer line was written by a program. Characters. */
const LONGEST_LINE = 100_000;

/** The text of a source file, by its byte order mark or as UTF-8; or why it is left out. A file that changes while it is
 *  read is read as it was when it was opened, as far as it goes. */
export function readSource(path: string): SourceText {
  const bytes = bytesOf(path);
  if (typeof bytes === 'string') return { ok: false, why: bytes };
  const text = decode(bytes);
  if (text === null) return { ok: false, why: 'it is no text' };
  return hasLongLine(text)
    ? { ok: false, why: `it has a line of more than ${LONGEST_LINE} characters` }
    : { ok: true, text, bytes };
}

function bytesOf(path: string): Buffer | string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (isOutOfReach(error)) return 'it may not be read';
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    if (size > LARGEST) return `it is larger than ${LARGEST / 1e6} MB`;
    const buffer = Buffer.allocUnsafe(size);
    let read = 0;
    for (let more = 1; more > 0 && read < size; read += more) more = readSync(file, buffer, read, size - read, read);
    return buffer.subarray(0, read);
  } catch (error) {
    if (isOutOfReach(error)) return 'it may not be read';
    throw error;
  } finally {
    closeSync(file);
  }
}

function decode(bytes: Buffer): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const even = bytes.subarray(2, bytes.length - (bytes.length % 2));
    return Buffer.from(even).swap16().toString('utf16le');
  }
  if (bytes.includes(0)) return null;
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function hasLongLine(text: string): boolean {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    if ((end < 0 ? text.length : end) - from > LONGEST_LINE) return true;
    if (end < 0) return false;
    from = end + 1;
  }
  return false;
}
