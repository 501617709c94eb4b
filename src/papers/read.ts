import { open } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import type { Paper } from '../domain/paper.ts';
import { PaperError } from './paperError.ts';

/** The largest file that is read, in bytes. */
export const MAX_PAPER_BYTES = 62 * 1024 * 1024;

/** The largest LaTeX or Markdown source that is read, in bytes. */
export const MAX_SOURCE_BYTES = 2 * 1024 * 1024;

/** Reads a paper: PDF with a text layer, LaTeX source as one file or as arXiv's archive, a web page, or Markdown. What it
 *  says is data, never an instruction. `pages` is 0 for all but a PDF, which have none.
 *  @throws PaperError `missing`, `truncated`, `encrypted`, `scanned`, `unsupported` or `too-large` */
export async function readPaper(path: string): Promise<Paper> {
  return await paperFromBytes(await readBounded(path), { name: path, folder: dirname(resolve(path)) });
}

/** Where the bytes of a paper come from. */
export interface Origin {
  /** A path or an address. */
  readonly name: string;
  /** The folder of a file, from which LaTeX may include others; absent for what is no file. */
  readonly folder?: string;
  /** What a server called it, such as `text/html; charset=utf-8`. */
  readonly type?: string;
}

/** Reads a paper by what its bytes are, whatever its name says. Each kind's reader is loaded where one is read.
 *  @throws PaperError as `readPaper` */
export async function paperFromBytes(bytes: Uint8Array, origin: Origin): Promise<Paper> {
  const { name } = origin;
  const ending = extname(name.replace(/[?#].*$/, '')).toLowerCase();
  if (isPdf(bytes)) {
    const { paperFromPdf } = await import('./pdf.ts');
    return await paperFromPdf(bytes, name);
  }
  const { isArchive, unpackSource } = await import('./latexArchive.ts');
  if (isArchive(bytes)) {
    const { main, text, files } = await unpackSource(bytes, name);
    const { paperFromLatex } = await import('./latex.ts');
    return await paperFromLatex(text, `${name}/${main}`, files);
  }
  if (isWebPage(bytes) || /^\.x?html?$/.test(ending)) {
    const { paperFromHtml } = await import('./html.ts');
    return paperFromHtml(bytes, origin);
  }
  if (ending === '.pdf') {
    throw new PaperError('unsupported', `${name}: this is no PDF (it does not begin with %PDF); download it again.`);
  }
  return await paperFromSource(textOf(bytes, name), ending, origin);
}

async function paperFromSource(source: string, ending: string, { name, folder, type = '' }: Origin): Promise<Paper> {
  if (isLatex(source, ending)) {
    const { paperFromLatex } = await import('./latex.ts');
    const { filesIn, NO_FILES } = await import('./latexFiles.ts');
    return await paperFromLatex(source, name, folder === undefined ? NO_FILES : filesIn(folder));
  }
  if (/^\.(md|markdown|mdown|txt)$/.test(ending) || /^text\/(markdown|plain)\b/i.test(type)) {
    const { paperFromMarkdown } = await import('./markdown.ts');
    return paperFromMarkdown(source, name);
  }
  throw unsupported(name);
}

/** Whether a file is a web page, by how it begins. */
export function isWebPage(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 2048)).toString('latin1');
  const text = head.replace(/^(?:\u00EF\u00BB\u00BF)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*/, '');
  return /^<(?:!doctype\s+html|html|head|body)\b/i.test(text);
}

async function readBounded(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new PaperError(
      'missing',
      `${path}: cannot be opened (${codeOf(cause)}); give the path of a paper, an arXiv id, a DOI or an address.`,
      {
        cause,
      },
    );
  });
  try {
    const { size } = await regularFile(file, path);
    if (size === 0) throw new PaperError('unsupported', `${path}: the file is empty; download it again.`);
    if (size > MAX_PAPER_BYTES) throw tooLarge(path, size, MAX_PAPER_BYTES);
    return new Uint8Array(await file.readFile());
  } finally {
    await file.close();
  }
}

async function regularFile(file: Awaited<ReturnType<typeof open>>, path: string): Promise<{ size: number }> {
  const stats = await file.stat();
  if (!stats.isFile()) throw new PaperError('unsupported', `${path}: this is no file; give the path of one paper.`);
  return stats;
}

/** The mark may stand behind some junk, within the first 1024 bytes, as PDF readers allow. */
function isPdf(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).includes('%PDF-');
}

function textOf(bytes: Uint8Array, path: string): string {
  if (bytes.length > MAX_SOURCE_BYTES) throw tooLarge(path, bytes.length, MAX_SOURCE_BYTES);
  const text = new TextDecoder('utf-8').decode(bytes);
  if (text.includes('\0')) throw unsupported(path);
  return text;
}

function isLatex(source: string, ending: string): boolean {
  return /^\.(tex|latex|ltx)$/.test(ending) || /^[^%\n]*\\documentclass\b/m.test(source);
}

function unsupported(path: string): PaperError {
  return new PaperError(
    'unsupported',
    `${path}: not a paper in PDF, LaTeX, HTML or Markdown; convert it to one of these.`,
  );
}

function tooLarge(path: string, bytes: number, limit: number): PaperError {
  const mib = (amount: number) => `${(amount / 1024 / 1024).toFixed(1)} MiB`;
  return new PaperError(
    'too-large',
    `${path}: ${mib(bytes)} is more than the ${mib(limit)} that are read; give the paper alone.`,
  );
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}
