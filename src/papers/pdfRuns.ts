import type { getDocumentProxy } from 'unpdf';
import { PaperError } from './paperError.ts';

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
export const MAX_PDF_PAGES = 400;

/** How long one PDF may take, in milliseconds; looked at between pages. */
export const MAX_PDF_MILLISECONDS = 60_000;

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;
type PdfPageProxy = Awaited<ReturnType<PdfDocument['getPage']>>;

/** Takes the horizontal text of a PDF with its places and fonts; slanted or turned text (stamps, watermarks) is left out.
 *  @throws PaperError `truncated`, `encrypted`, `too-large` */
export async function readPdfRuns(bytes: Uint8Array, path: string): Promise<PdfText> {
  const pdf = await openPdf(bytes, path);
  try {
    if (pdf.numPages > MAX_PDF_PAGES) throw tooManyPages(path, pdf.numPages);
    return await collect(pdf, path);
  } catch (error) {
    throw PaperError.is(error) ? error : truncated(path, error);
  } finally {
    await pdf.destroy();
  }
}

async function openPdf(bytes: Uint8Array, path: string): Promise<PdfDocument> {
  lendArrayBufferTransfer();
  const { getDocumentProxy } = await import('unpdf');
  // A file cut short still opens, because the library rebuilds its index; the end mark tells.
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(-65_536).includes('%%EOF')) {
    throw truncated(path);
  }
  try {
    return await getDocumentProxy(bytes, { verbosity: 0, stopAtErrors: false });
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'PasswordException') {
      throw encrypted(path, cause);
    }
    throw truncated(path, cause);
  }
}

async function collect(pdf: PdfDocument, path: string): Promise<PdfText> {
  const began = performance.now();
  const fonts = new Map<string, string>();
  const links = new Set<string>();
  const pages: PdfPage[] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    if (performance.now() - began > MAX_PDF_MILLISECONDS) throw tooSlow(path, number);
    const page = await pdf.getPage(number);
    pages.push(await readPage(page, fonts));
    for (const link of await linksOf(page)) links.add(link);
    page.cleanup();
  }
  const outline = titlesOf(await pdf.getOutline().catch(() => null));
  return { pages, links: [...links], outline, title: await namedTitle(pdf) };
}

async function readPage(page: PdfPageProxy, fonts: Map<string, string>): Promise<PdfPage> {
  const viewport = page.getViewport({ scale: 1 });
  const { items } = await page.getTextContent();
  const texts = items.filter((item) => 'str' in item);
  await nameFonts(page, new Set(texts.map((item) => item.fontName)), fonts);
  const runs: TextRun[] = [];
  for (const item of texts) {
    const [a, b, c, d, x, y] = concatenate(viewport.transform, item.transform);
    const size = Math.hypot(c, d);
    const upright = a > 0 && Math.abs(b) < 0.05 * a && d < 0;
    if (!upright || item.str === '' || !(size > 0)) continue;
    const font = fonts.get(item.fontName) ?? item.fontName;
    runs.push({ text: item.str, x, y, width: item.width, size, font, bold: isBold(font), mono: isMono(font) });
  }
  return { width: viewport.width, height: viewport.height, runs };
}

/** A font's name is known only once the page's operators were read; done only where a page brings a new font. */
async function nameFonts(page: PdfPageProxy, ids: Set<string>, fonts: Map<string, string>): Promise<void> {
  if ([...ids].every((id) => fonts.has(id))) return;
  const known = await page.getOperatorList().then(
    () => true,
    // Without names there is no weight to see; sizes and numbering still tell the headings.
    () => false,
  );
  for (const id of ids) {
    const font: unknown = known && page.commonObjs.has(id) ? page.commonObjs.get(id) : null;
    const named = typeof font === 'object' && font !== null && 'name' in font && typeof font.name === 'string';
    fonts.set(id, named ? String(font.name) : id);
  }
}

async function linksOf(page: PdfPageProxy): Promise<string[]> {
  const annotations: unknown[] = await page.getAnnotations().catch(() => []);
  return annotations.flatMap((annotation) => {
    const url = typeof annotation === 'object' && annotation !== null && 'url' in annotation ? annotation.url : null;
    return typeof url === 'string' && /^https?:/i.test(url) ? [url] : [];
  });
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

type Matrix = readonly number[];

function concatenate(m: Matrix, n: Matrix): [number, number, number, number, number, number] {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = m;
  const [p = 1, q = 0, r = 0, s = 1, t = 0, u = 0] = n;
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f];
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

function truncated(path: string, cause?: unknown): PaperError {
  return new PaperError('truncated', `${path}: the PDF is cut short or damaged; download it again.`, { cause });
}

function encrypted(path: string, cause: Error): PaperError {
  return new PaperError('encrypted', `${path}: the PDF needs a password; save a copy without one.`, { cause });
}

function tooManyPages(path: string, pages: number): PaperError {
  return new PaperError(
    'too-large',
    `${path}: ${pages} pages are more than the ${MAX_PDF_PAGES} that are read; give the paper alone.`,
  );
}

function tooSlow(path: string, page: number): PaperError {
  const seconds = MAX_PDF_MILLISECONDS / 1000;
  return new PaperError(
    'too-large',
    `${path}: reading took longer than ${seconds} s and stopped at page ${page}; give its LaTeX source instead.`,
  );
}
