import { createInflate } from 'node:zlib';

/** No part of a paper's PDF unpacks to more, in bytes; and a part of fewer packed bytes cannot (deflate packs 1032 to 1). */
const MAX_UNPACKED = 96 * 1024 * 1024;
const HARMLESS = Math.floor(MAX_UNPACKED / 1032);

/** Packed twice over, a few bytes become as many as one likes; no program that sets papers does so. */
const TWICE = /\/Filter\s*\[[^\]]*\/(?:FlateDecode|Fl|LZWDecode|LZW)\b[^\]]*\/(?:FlateDecode|Fl|LZWDecode|LZW)\b/;

/** Whether a part of a PDF unpacks to more than a paper can hold, found out without keeping what is unpacked. Pictures
 *  are parts too, but a page's scan at 600 dots an inch has 33 MB. */
export async function isBomb(bytes: Uint8Array): Promise<boolean> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (TWICE.test(file.toString('latin1'))) return true;
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

/** Unpacks up to the limit and throws the bytes away. */
async function unpacksBeyond(part: Buffer): Promise<boolean> {
  const inflate = createInflate({ chunkSize: 256 * 1024 });
  let bytes = 0;
  try {
    inflate.end(part);
    for await (const chunk of inflate) {
      bytes += Buffer.isBuffer(chunk) ? chunk.length : 0;
      if (bytes > MAX_UNPACKED) return true;
    }
  } catch {
    // A damaged part unpacks no further; whether the file can be read shows later.
    return false;
  } finally {
    inflate.destroy();
  }
  return false;
}
