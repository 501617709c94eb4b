import type { getDocumentProxy } from 'unpdf';
import { PaperError } from './paperError.ts';
import { isBomb } from './pdfBombs.ts';
import { type Hiding, hiddenOn } from './pdfHidden.ts';
import { linksInPdf } from './pdfLinks.ts';
import { concatenated, IDENTITY } from './pdfMatrix.ts';
import { followOperators, type OperatorList } from './pdfOperators.ts';
import { operatorsOf } from './pdfPageList.ts';
import type { PdfFont, Shown } from './pdfPen.ts';

import { uprightOf } from './pdfUpright.ts';
import { plainText } from './plainText.ts';

/** Text set in one go in one font. Lengths are points; y grows downwards from the page's top edge to the baseline. */
export interface TextRun {
  text: string;
  x: number;
  y: number;
  width: number;
  size: number;
  font: string;
  bold: boolean;
  mono: boolean;
}

export interface PdfPage {
  width: number;
  height: number;
  runs: TextRun[];
  /** What the page holds and does not show. */
  hidden: HiddenText[];
  /** What stands aslant or at right angles to the rest: stamps, watermarks, labels of axes. */
  turned: string[];
}

export interface HiddenText {
  text: string;
  how: Hiding;
}

export interface PdfText {
  pages: PdfPage[];
  /** Addresses that the file links to, in order. */
  links: string[];
  /** Titles of the bookmarks, flattened. */
  outline: string[];
  /** The title that the file's properties name, or nothing. */
  title: string;
}

/** The most pages that are read. */
export const MAX_PDF_PAGES = 1000;

/** The most hidden passages that are told of a page. */
const MAX_HIDDEN = 50;

/** Pictures of more pixels than this are not decoded: their text is not read, and a bomb is one. */
const MAX_PICTURE = 16;

/** How long one PDF may take, in milliseconds; looked at between pages. */
export const MAX_PDF_MILLISECONDS = 60_000;

/** Nothing is drawn, so that nobody need know how letters look. Without a place to load fonts into, the library would
 *  make the outline of each letter, which costs a tenth of all reading. */
const WITHOUT_OUTLINES = {
  disableFontFace: false,
  useSystemFonts: false,
  ownerDocument: { fonts: new Set() } as unknown as HTMLDocument,
};

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;
type PdfPageProxy = Awaited<ReturnType<PdfDocument['getPage']>>;

/** Takes the text of a PDF with its places and fonts. What a page hides, and what is set aslant, is kept apart.
 *  @throws PaperError `truncated`, `encrypted`, `too-large` */
export async function readPdfRuns(bytes: Uint8Array, path: string): Promise<PdfText> {
  if (await isBomb(bytes)) throw bomb(path);
  // The library takes the bytes away.
  const links = linksInPdf(bytes);
  const pdf = await openPdf(bytes, path);
  try {
    if (pdf.numPages > MAX_PDF_PAGES) throw tooManyPages(path, pdf.numPages);
    return { ...(await collect(pdf, path)), links };
  } catch (error) {
    throw PaperError.is(error) ? error : truncated(path, error);
  } finally {
    await pdf.destroy();
  }
}

async function openPdf(bytes: Uint8Array, path: string): Promise<PdfDocument> {
  lendArrayBufferTransfer();
  lendFontFace();
  const { getDocumentProxy } = await import('unpdf');
  // A file cut short still opens, because the library rebuilds its index; the end mark tells.
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(-65_536).includes('%%EOF')) {
    throw truncated(path);
  }
  try {
    return await getDocumentProxy(bytes, {
      verbosity: 0,
      stopAtErrors: false,
      maxImageSize: MAX_PICTURE,
      ...WITHOUT_OUTLINES,
    });
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'PasswordException') {
      throw encrypted(path, cause);
    }
    throw truncated(path, cause);
  }
}

async function collect(pdf: PdfDocument, path: string): Promise<Omit<PdfText, 'links'>> {
  const began = performance.now();
  const { OPS: numbers } = await (await import('unpdf')).getResolvedPDFJS();
  const pages: PdfPage[] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    if (performance.now() - began > MAX_PDF_MILLISECONDS) throw tooSlow(path, number);
    const page = await pdf.getPage(number);
    const list = await operatorsOf(page, began + MAX_PDF_MILLISECONDS);
    if (list === null) throw endlessPage(path, number);
    pages.push(readPage(page, list, numbers));
    page.cleanup();
  }
  const outline = titlesOf(await pdf.getOutline().catch(() => null));
  return { pages, outline, title: await namedTitle(pdf) };
}

function readPage(page: PdfPageProxy, list: OperatorList, numbers: Readonly<Record<string, number>>): PdfPage {
  const viewport = page.getViewport({ scale: 1 });
  const fonts = new Map<string, PdfFont | null>();
  const fontOf = (id: string) => {
    const font = fonts.has(id)
      ? fonts.get(id)
      : fontNamed(page.commonObjs.has(id) ? page.commonObjs.get(id) : null, id);
    fonts.set(id, font ?? null);
    return font ?? null;
  };
  const view = concatenated(IDENTITY, viewport.transform);
  const { shown, filled } = followOperators(list, { view, numbers, fontOf });
  const hidden = hiddenOn(shown, filled, viewport);
  const { width, height, upright, turned } = uprightOf(
    shown.filter((one) => !hidden.has(one)),
    viewport,
  );
  return {
    width,
    height,
    runs: upright
      .filter((one) => one.text !== '' && one.size > 0)
      .map((one) => runOf(one, fontOf(one.font)?.name ?? '')),
    hidden: joined([...hidden].map(([{ text, y }, how]) => ({ text, how, y }))),
    turned: turned.map(({ text }) => text.trim()).filter((text) => text.length > 1),
  };
}

function runOf({ text, x, y, endX, size }: Shown, font: string): TextRun {
  return { text, x, y, width: endX - x, size, font, bold: isBold(font), mono: isMono(font) };
}

/** What is hidden in the same way on one line is one passage. */
function joined(pieces: readonly { text: string; how: Hiding; y: number }[]): HiddenText[] {
  const passages: (HiddenText & { y: number })[] = [];
  for (const { text, how, y } of pieces) {
    const last = passages.at(-1);
    if (last?.how === how && Math.abs(last.y - y) < 2) last.text = `${last.text} ${text}`;
    else passages.push({ text, how, y });
  }
  return passages.slice(0, MAX_HIDDEN).map(({ text, how }) => ({ text: plainText(text).trim().slice(0, 500), how }));
}

/** Reads what the library knows of a font; a bitmap font's em is the height of its letters where it is set in size 1. */
function fontNamed(font: unknown, id: string): PdfFont | null {
  if (typeof font !== 'object' || font === null) return null;
  const isBitmap = 'isType3Font' in font && font.isType3Font === true;
  const [across = 0.001, , , up = 0.001] = numbersIn('fontMatrix' in font ? font.fontMatrix : null);
  const [, low = 0, , high = 0] = numbersIn('bbox' in font ? font.bbox : null);
  const height = (high - low) * Math.abs(up);
  const name = 'name' in font && typeof font.name === 'string' && !isBitmap ? font.name : id;
  return { name, across, em: isBitmap && height > 4 ? height : 1 };
}

function numbersIn(value: unknown): readonly number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number') ? value : [];
}

async function namedTitle(pdf: PdfDocument): Promise<string> {
  const info: unknown = await pdf.getMetadata().then(
    (metadata) => metadata.info,
    () => null,
  );
  return typeof info === 'object' && info !== null && 'Title' in info && typeof info.Title === 'string'
    ? info.Title
    : '';
}

function titlesOf(nodes: Awaited<ReturnType<PdfDocument['getOutline']>> | null): string[] {
  const titles: string[] = [];
  const waiting = [...(nodes ?? [])];
  while (waiting.length > 0 && titles.length < 2000) {
    const node = waiting.shift();
    if (node === undefined) break;
    titles.push(String(node.title));
    waiting.unshift(...(node.items ?? []));
  }
  return titles;
}

function isBold(font: string): boolean {
  return /bold|medi(?!um)|black|heavy|cmbx|sfbx|ecbx|cmssbx|[-,]b$|\.b$|demi/i.test(font);
}

function isMono(font: string): boolean {
  return /mono|nimbusmon|courier|cmtt|sftt|ectt|consol|typewriter|inconsolata/i.test(font);
}

/** The PDF library sends fonts with ArrayBuffer.prototype.transferToFixedLength, which Node 20 lacks; without it
 *  no font has a name. The stand-in copies, which is all the library needs. */
function lendArrayBufferTransfer(): void {
  if ('transferToFixedLength' in ArrayBuffer.prototype) return;
  Object.defineProperty(ArrayBuffer.prototype, 'transferToFixedLength', {
    configurable: true,
    writable: true,
    value: function transferToFixedLength(this: ArrayBuffer, length: number = this.byteLength): ArrayBuffer {
      const copy = new Uint8Array(length);
      copy.set(new Uint8Array(this, 0, Math.min(length, this.byteLength)));
      return copy.buffer;
    },
  });
}

/** What the library loads a font into; Node has none, and nobody looks at this one. */
function lendFontFace(): void {
  if ('FontFace' in globalThis) return;
  const FontFace = class {
    readonly loaded = Promise.resolve();
  };
  Object.defineProperty(globalThis, 'FontFace', { configurable: true, writable: true, value: FontFace });
}

function truncated(path: string, cause?: unknown): PaperError {
  return new PaperError('truncated', `${path}: the PDF is cut short or damaged; download it again.`, { cause });
}

function encrypted(path: string, cause: Error): PaperError {
  return new PaperError('encrypted', `${path}: the PDF needs a password; save a copy without one.`, { cause });
}

function bomb(path: string): PaperError {
  return new PaperError(
    'too-large',
    `${path}: a part of the PDF unpacks to more than any paper holds, so it was not opened; print the file to a new PDF.`,
  );
}

function tooManyPages(path: string, pages: number): PaperError {
  return new PaperError(
    'too-large',
    `${path}: ${pages} pages are more than the ${MAX_PDF_PAGES} that are read; give the paper alone.`,
  );
}

function endlessPage(path: string, page: number): PaperError {
  return new PaperError(
    'too-large',
    `${path}: page ${page} is made of more pieces than any page of a paper, so it was not read on; print the file to a new PDF.`,
  );
}

function tooSlow(path: string, page: number): PaperError {
  const seconds = MAX_PDF_MILLISECONDS / 1000;
  return new PaperError(
    'too-large',
    `${path}: reading took longer than ${seconds} s and stopped at page ${page}; give its LaTeX source instead.`,
  );
}
