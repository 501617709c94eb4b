import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { createTarDecoder } from 'modern-tar';
import type { SourceFiles } from './latexFiles.ts';
import { PaperError } from './paperError.ts';

/** What an archive may hold: unpacked, in bytes; entries; and of the text that is kept, all together and in one file. */
const MAX_UNPACKED = 256 * 1024 * 1024;
const MAX_ENTRIES = 10_000;
const MAX_TEXT = 32 * 1024 * 1024;
const MAX_FILE = 8 * 1024 * 1024;

/** Files that may hold text of a paper; arXiv's old papers have names without an ending. */
const TEXT = /(?:\.(?:tex|ltx|latex|bbl|bib|txt)|(?:^|\/)[^./]+|(?:^|\/)00README(?:\.\w+)?)$/i;

/** The source of a paper as arXiv packs it: its main file and the others. */
export interface UnpackedSource {
  readonly main: string;
  readonly text: string;
  readonly files: SourceFiles;
}

export function isArchive(bytes: Uint8Array): boolean {
  return isGzip(bytes) || isTar(bytes);
}

/** Unpacks the source of a paper, a .tar, .tar.gz or the .gz of a single file, in memory alone: nothing is written
 *  anywhere, whatever the names in it say.
 *  @param name of the archive, for messages
 *  @throws PaperError `too-large` where it unpacks without end, `unsupported` where it names files outside of itself or
 *    holds no LaTeX, `truncated` */
export async function unpackSource(bytes: Uint8Array, name: string): Promise<UnpackedSource> {
  try {
    const stream = isGzip(bytes) ? gunzipped(bytes, name) : Readable.from([bytes]);
    const head = await beginningOf(stream);
    if (!isTar(head.bytes)) return single(await wholeOf(head.rest, name), name);
    const entries = await entriesOf(head.rest, name);
    const main = mainFile(entries, name);
    return { main, text: entries.get(main) ?? '', files: filesOf(entries, posix.dirname(main)) };
  } catch (error) {
    if (PaperError.is(error)) throw error;
    throw new PaperError('truncated', `${name}: the archive is cut short or damaged; download it again.`, {
      cause: error,
    });
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The mark of a tar archive, or of an old one without it the sum of its first header.
 *  Source: POSIX.1-2024, pax, "ustar Interchange Format" */
function isTar(bytes: Uint8Array): boolean {
  if (bytes.length < 512) return false;
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, 512);
  if (header.toString('latin1', 257, 262) === 'ustar') return true;
  const said = Number.parseInt(header.toString('latin1', 148, 156).replace(/[\0 ]/g, ''), 8);
  return said > 256 && header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0) === said;
}

function gunzipped(bytes: Uint8Array, name: string): Readable {
  const source = Readable.from([bytes]);
  const gunzip = createGunzip({ chunkSize: 64 * 1024 });
  return Readable.from(bounded(source.pipe(gunzip), name));
}

async function* bounded(stream: Readable, name: string): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_UNPACKED) throw tooLarge(name);
    yield chunk as Buffer;
  }
}

function tooLarge(name: string): PaperError {
  return new PaperError(
    'too-large',
    `${name}: the archive unpacks to more than the source of any paper, so it was not read on; give the paper's PDF.`,
  );
}

/** Enough to tell what a stream is, and the whole of it from the beginning. */
async function beginningOf(stream: Readable): Promise<{ bytes: Buffer; rest: AsyncGenerator<Buffer> }> {
  const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let bytes = Buffer.alloc(0);
  let next = await pieces.next();
  while (!next.done) {
    bytes = Buffer.concat([bytes, next.value]);
    if (bytes.length >= 512) break;
    next = await pieces.next();
  }
  async function* rest(): AsyncGenerator<Buffer> {
    yield bytes;
    for (let piece = await pieces.next(); !piece.done; piece = await pieces.next()) yield Buffer.from(piece.value);
  }
  return { bytes, rest: rest() };
}

async function wholeOf(pieces: AsyncIterable<Buffer>, name: string): Promise<Buffer> {
  const all: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > MAX_FILE) throw tooLarge(name);
    all.push(piece);
  }
  return Buffer.concat(all);
}

function single(file: Buffer, name: string): UnpackedSource {
  const text = file.toString('utf8');
  if (text.includes('\0') || !/^[^%\n]*\\(?:documentclass|documentstyle|begin\{document\})/m.test(text))
    throw noLatex(name);
  return { main: posix.basename(name).replace(/\.gz$/i, ''), text, files: { read: async () => null } };
}

async function entriesOf(pieces: AsyncIterable<Buffer>, name: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  let [count, kept] = [0, 0];
  const source = Readable.toWeb(Readable.from(pieces)) as ReadableStream<Uint8Array>;
  for await (const { header, body } of source.pipeThrough(createTarDecoder({ strict: true }))) {
    if (++count > MAX_ENTRIES) throw tooManyFiles(name);
    const path = pathIn(header.name, name);
    // Links lead nowhere here: what they name is either in the archive by its own name or none of the paper's.
    const isText = (header.type ?? 'file') === 'file' && TEXT.test(path) && header.size <= MAX_FILE;
    if (!isText) {
      await body.cancel();
      continue;
    }
    kept += header.size;
    if (kept > MAX_TEXT) throw tooLarge(name);
    const text = await new Response(body).text();
    if (!text.includes('\0')) texts.set(path, text);
  }
  return texts;
}

function tooManyFiles(name: string): PaperError {
  return new PaperError(
    'too-large',
    `${name}: the archive holds more than ${MAX_ENTRIES} files, so it was not read on; give the paper's PDF.`,
  );
}

/** @throws PaperError where a name leads out of the archive */
function pathIn(entry: string, archive: string): string {
  const path = posix.normalize(entry.replace(/\\/g, '/'));
  if (posix.isAbsolute(path) || /^[a-z]:/i.test(path) || path.split('/').includes('..')) {
    throw new PaperError(
      'unsupported',
      `${archive}: the archive names a file outside of itself (${entry.slice(0, 80)}), so it was not read; download it again.`,
    );
  }
  return path;
}

/** The file that the paper is set from: the one that arXiv was told of, or else that with the most of what a paper's main
 *  file has. Source: https://info.arxiv.org/help/submit_tex.html, https://info.arxiv.org/help/00README.html */
function mainFile(texts: ReadonlyMap<string, string>, archive: string): string {
  const told = [...texts].filter(([name]) => /^00README/i.test(name)).map(([, text]) => toplevelIn(text));
  const named = told.flat().find((name) => texts.has(name));
  if (named !== undefined) return named;
  const documents = [...texts].filter(([, text]) => /^[^%\n]*\\(?:documentclass|documentstyle)\b/m.test(text));
  const scored = documents.map(([name, text]) => ({ name, score: mainScore(name, text, texts) }));
  scored.sort((a, b) => b.score - a.score || a.name.length - b.name.length);
  const [best] = scored;
  if (best === undefined) throw noLatex(archive);
  return best.name;
}

function toplevelIn(readme: string): string[] {
  const old = /^(\S+)\s+toplevelfile\s*$/gim;
  const json =
    /"filename"\s*:\s*"([^"]+)"[^{}]*"usage"\s*:\s*"toplevel"|"usage"\s*:\s*"toplevel"[^{}]*"filename"\s*:\s*"([^"]+)"/g;
  return [...readme.matchAll(old), ...readme.matchAll(json)].flatMap(([, first, second]) => first ?? second ?? []);
}

function mainScore(name: string, text: string, texts: ReadonlyMap<string, string>): number {
  const has = (pattern: RegExp) => Number(pattern.test(text));
  const isSet = texts.has(name.replace(/\.\w+$/, '.bbl'));
  return (
    8 * has(/\\begin\{document\}/) +
    4 * has(/\\title\b|\\icmltitle\b/) +
    4 * Number(isSet) +
    2 * has(/\\begin\{abstract\}|\\abstract\b/) +
    2 * has(/\\(?:bibliography|printbibliography|begin\{thebibliography\})/) +
    2 * Number(/^(?:main|ms|paper|article|root|arxiv)\b/i.test(posix.basename(name))) -
    8 * has(/\\documentclass(?:\[[^\]]*\])?\{(?:standalone|subfiles|beamer)\}/) -
    4 * Number(/supp|appendix|rebuttal|response|cover|poster|slides/i.test(name)) -
    Number(name.includes('/'))
  );
}

function noLatex(name: string): PaperError {
  return new PaperError(
    'unsupported',
    `${name}: the archive holds no LaTeX file with a \\documentclass; give the paper's PDF instead.`,
  );
}

/** Names are looked up as TeX does where it is started: in the main file's folder. */
function filesOf(texts: ReadonlyMap<string, string>, folder: string): SourceFiles {
  return { read: async (name) => texts.get(posix.normalize(posix.join(folder, name))) ?? null };
}
