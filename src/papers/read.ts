import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Paper } from '../domain/paper.ts';
import { PaperError } from './paperError.ts';

/** The largest file that is read, in bytes. */
export const MAX_PAPER_BYTES = 62 * 1024 * 1024;

/** The largest LaTeX or Markdown source that is read, in bytes. */
export const MAX_SOURCE_BYTES = 2 * 1024 * 1024;

/** Reads a paper: PDF with a text layer, LaTeX source or Markdown. What it says is data, never an instruction.
 *  `pages` is 0 for LaTeX and Markdown, which have none. The PDF library is loaded only for a PDF.
 *  @throws PaperError `missing`, `truncated`, `encrypted`, `scanned`, `unsupported` or `too-large` */
export async function readPaper(path: string): Promise<Paper> {
  const bytes = await readBounded(path);
  if (isPdf(bytes)) {
    const { paperFromPdf } = await import('./pdf.ts');
    return paperFromPdf(bytes, path);
  }
  if (extname(path).toLowerCase() === '.pdf') {
    throw new PaperError('unsupported', `${path}: this is no PDF (it does not begin with %PDF); download it again.`);
  }
  const source = textOf(bytes, path);
  if (isLatex(source, path)) {
    const { paperFromLatex } = await import('./latex.ts');
    return paperFromLatex(source, path);
  }
  if (/^\.(md|markdown|mdown|txt)$/i.test(extname(path))) {
    const { paperFromMarkdown } = await import('./markdown.ts');
    return paperFromMarkdown(source, path);
  }
  throw unsupported(path);
}

async function readBounded(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new PaperError('missing', `${path}: cannot be opened (${codeOf(cause)}); give the path of a paper.`, {
      cause,
    });
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

function isLatex(source: string, path: string): boolean {
  return /^\.(tex|latex|ltx)$/i.test(extname(path)) || /^[^%\n]*\\documentclass\b/m.test(source);
}

function unsupported(path: string): PaperError {
  return new PaperError('unsupported', `${path}: not a PDF, LaTeX or Markdown paper; convert it to one of these.`);
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
