import { inflateSync } from 'node:zlib';

/** An action that opens an address. Brackets within a string are escaped or come in pairs. */
const ADDRESS = /\/URI\s*\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*)\)/g;

/** The most that one packed part of a file may hold, in bytes, and how many parts are looked into. */
const MAX_UNPACKED = 16 * 1024 * 1024;
const MAX_PARTS = 5000;

/** The addresses that a PDF links to, in the order of the file. The library tells them page by page with all else that
 *  it knows of each link, which costs as much as the page's text. An encrypted file's addresses are not found. */
export function linksInPdf(bytes: Uint8Array): string[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = unpackedAddresses(file);
  let at = file.indexOf('/ObjStm');
  for (let parts = 0; at >= 0 && parts < MAX_PARTS; parts++) {
    const begin = file.indexOf('stream', at);
    if (begin < 0) break;
    found.push(...addressesIn(unpacked(file.subarray(file[begin + 6] === 0x0d ? begin + 8 : begin + 7))));
    at = file.indexOf('/ObjStm', begin);
  }
  return [...new Set(found)];
}

/** The longest that an action is looked at, in bytes. */
const MAX_ACTION = 4096;

/** Addresses in what is not packed: the whole file as text would cost as much as half a page. */
function unpackedAddresses(file: Buffer): string[] {
  const found: string[] = [];
  for (let at = file.indexOf('/URI'); at >= 0; at = file.indexOf('/URI', at + 4)) {
    const [first] = addressesIn(file.toString('latin1', at, at + MAX_ACTION));
    if (first !== undefined) found.push(first);
  }
  return found;
}

function addressesIn(text: string): string[] {
  if (!text.includes('/URI')) return [];
  return [...text.matchAll(ADDRESS)]
    .map(([, address = '']) => address.replace(/\\(.)/g, '$1'))
    .filter((address) => /^https?:/i.test(address));
}

/** What does not unpack holds no link that a reader could follow either. */
function unpacked(part: Buffer): string {
  try {
    return inflateSync(part, { maxOutputLength: MAX_UNPACKED }).toString('latin1');
  } catch {
    return '';
  }
}
