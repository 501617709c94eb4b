import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/** How a text may stand in a file: as it is, or as programs commonly write it. */
export function encodingsOf(key: string): Map<string, Buffer> {
  const hex = Buffer.from(key).toString('hex');
  const texts = new Map([
    ['plain', key],
    ['JSON', JSON.stringify(key).slice(1, -1)],
    ['JSON in JSON', JSON.stringify(JSON.stringify(key)).slice(3, -3)],
    ['URL', encodeURIComponent(key)],
    ['form', new URLSearchParams({ key }).toString().slice(4)],
    ['HTML', key.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')],
    ['hex', hex],
    ['HEX', hex.toUpperCase()],
    ['its middle', key.slice(8, -8)],
    ['backwards', [...key].reverse().join('')],
  ]);
  const bytes = new Map([...texts].map(([name, text]) => [name, Buffer.from(text)]));
  bytes.set('UTF-16', Buffer.from(key, 'utf16le'));
  // Where in a longer text the key begins decides what base64 makes of it; its first and last characters mix with others.
  for (const before of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(before), Buffer.from(key)]).toString('base64');
    const own = text.slice(before === 0 ? 0 : 4, -4);
    bytes.set(`base64, ${before} before it`, Buffer.from(own));
    bytes.set(`base64url, ${before} before it`, Buffer.from(own.replaceAll('+', '-').replaceAll('/', '_')));
  }
  return bytes;
}

/** Every place below a folder where the key stands, as `FILE: ENCODING`: in names, in files, in what they hold packed,
 *  and in all objects of git repositories.
 *  @returns also how many texts were searched */
export function placesOf(key: string, folder: string): { found: string[]; searched: number } {
  const encodings = encodingsOf(key);
  const found: string[] = [];
  let searched = 0;
  const look = (where: string, text: Buffer) => {
    searched++;
    for (const [name, bytes] of encodings) if (text.includes(bytes)) found.push(`${where}: ${name}`);
  };
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const where = path.relative(folder, file);
    look(`the name ${where}`, Buffer.from(where));
    if (entry.isDirectory() && existsSync(path.join(file, 'objects')) && existsSync(path.join(file, 'HEAD')))
      look(`objects of ${where}`, objectsOf(file));
    if (!entry.isFile()) continue;
    const text = readFileSync(file);
    look(where, text);
    if (text[0] === 0x1f && text[1] === 0x8b) look(`${where}, unpacked`, gunzipSync(text));
  }
  return { found, searched };
}

function objectsOf(repository: string): Buffer {
  return execFileSync('git', ['--git-dir', repository, 'cat-file', '--batch', '--batch-all-objects'], {
    maxBuffer: 256 * 1024 * 1024,
  });
}
