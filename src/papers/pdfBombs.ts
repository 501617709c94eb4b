import { createInflate } from 'node:zlib';

/** No part of a paper's PDF unpacks to more, in bytes. */
const MAX_UNPACKED = 96 * 1024 * 1024;

/** Deflate packs no better. Source: https://zlib.net/zlib_tech.html (maximum compression factor) */
const MOST_TIMES = 1032;

/** Packed bytes that cannot reach the limit, and those that are unpacked at once. */
const HARMLESS = Math.floor(MAX_UNPACKED / MOST_TIMES);
const PIECE = 32 * 1024;

/** Packed twice over, a few bytes become as many as one likes; no program that sets papers does so. */
const TWICE = /\/Filter\s*\[[^\]]*\/(?:FlateDecode|Fl|LZWDecode|LZW)\b[^\]]*\/(?:FlateDecode|Fl|LZWDecode|LZW)\b/;

/** White space. Source: ISO 32000-1, 7.2.2 */
const SPACES: ReadonlySet<number> = new Set([0, 9, 10, 12, 13, 32]);

/** Whether a part of a PDF unpacks to more than a paper can hold, found out without keeping what is unpacked. Pictures
 *  are parts too, but a page's scan at 600 dots an inch has 33 MB. */
export async function isBomb(bytes: Uint8Array): Promise<boolean> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isPackedTwice(file)) return true;
  for (let at = file.indexOf('stream'); at >= 0; at = file.indexOf('stream', at + 6)) {
    const begin = file[at + 6] === 0x0d ? at + 8 : at + 7;
    const isPacked = (file[begin] ?? 0) % 16 === 8 && ((file[begin] ?? 0) * 256 + (file[begin + 1] ?? 0)) % 31 === 0;
    if (!isPacked) continue;
    const end = file.indexOf('endstream', begin);
    const part = file.subarray(begin, end < 0 ? file.length : end);
    if (part.length > HARMLESS && (await unpacksBeyond(part))) return true;
    if (end > 0) at = end;
  }
  return false;
}

/** The whole file as text would cost as much as half a page: lists of filters alone are looked at. */
function isPackedTwice(file: Buffer): boolean {
  for (let at = file.indexOf('/Filter'); at >= 0; at = file.indexOf('/Filter', at + 7)) {
    let open = at + 7;
    while (SPACES.has(file[open] ?? 0x2f)) open++;
    if (file[open] !== 0x5b) continue;
    const close = file.indexOf(']', open);
    if (TWICE.test(file.toString('latin1', at, close < 0 ? file.length : close))) return true;
  }
  return false;
}

/** Unpacks until what is left can no longer reach the limit, and throws the bytes away. */
async function unpacksBeyond(part: Buffer): Promise<boolean> {
  const inflate = createInflate({ chunkSize: 256 * 1024 });
  let unpacked = 0;
  let isDamaged = false;
  inflate.on('data', (bytes: Buffer) => {
    unpacked += bytes.length;
    if (unpacked > MAX_UNPACKED) inflate.destroy();
  });
  // A damaged part unpacks no further; whether the file can be read shows later.
  inflate.on('error', () => {
    isDamaged = true;
  });
  for (let from = 0; from < part.length && !isDamaged && !inflate.destroyed; from += PIECE) {
    if (unpacked + (part.length - from) * MOST_TIMES <= MAX_UNPACKED) break;
    await new Promise<void>((resolve) => inflate.write(part.subarray(from, from + PIECE), () => resolve()));
  }
  inflate.destroy();
  return unpacked > MAX_UNPACKED;
}
