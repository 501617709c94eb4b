import type { Paper } from '../domain/paper.ts';
import { bareHeading, isReferences } from './heading.ts';
import { PaperError } from './paperError.ts';
import { frontOf } from './pdfFront.ts';
import { bodyStyle, type Heading, headingsOf } from './pdfHeadings.ts';
import { type Line, linesOf } from './pdfLines.ts';
import { proseOf, type Setting, settingOf } from './pdfProse.ts';
import { entriesOf } from './pdfReferences.ts';
import { type PdfText, readPdfRuns } from './pdfRuns.ts';
import { linksIn, referenceOf } from './references.ts';

/** Fewer letters than this on a page, on average, and it is a picture of text. */
const LETTERS_A_PAGE = 60;

/** Reads a paper in PDF: one or two columns, by the places, sizes and weights of its text.
 *  @throws PaperError `truncated`, `encrypted`, `scanned` or `too-large` */
export async function paperFromPdf(bytes: Uint8Array, path: string): Promise<Paper> {
  const pdf = await readPdfRuns(bytes, path);
  const lines = linesOf(pdf.pages);
  const letters = lines.reduce((sum, line) => sum + (line.text.match(/[\p{L}\p{N}]/gu)?.length ?? 0), 0);
  if (letters < LETTERS_A_PAGE * pdf.pages.length) {
    throw new PaperError(
      'scanned',
      `${path}: the PDF holds pictures of pages without text; run it through OCR (such as ocrmypdf) first.`,
    );
  }
  return assemble(pdf, lines);
}

function assemble(pdf: PdfText, lines: readonly Line[]): Paper {
  const body = bodyStyle(lines);
  const setting = settingOf(lines);
  const abstractAt = abstractStart(lines);
  const introduction = lines.findIndex((line) => line.page < 2 && bareHeading(line.text) === 'introduction');
  const above = abstractAt?.first ?? (introduction < 0 ? lines.length : introduction);
  const front = frontOf(lines.slice(0, above), body, setting.join);
  // What looks like a heading above the abstract is the title, an author or a date.
  const from = abstractAt?.end ?? (introduction < 0 ? front.end : introduction);
  const headings = headingsOf(lines, from, { body, outline: pdf.outline });
  const end = headings[0]?.first ?? lines.length;
  const abstract = abstractAt
    ? abstractOf(lines.slice(from, end), abstractAt.runIn, setting)
    : unnamedAbstract(lines.slice(front.end, end), setting);
  const title = front.title || pdf.title;
  const links = linksOf(pdf, lines, setting);
  return {
    title,
    authors: front.authors,
    abstract,
    ...partsOf(lines, headings, { from, setting }),
    links,
    pages: pdf.pages.length,
    hidden: pdf.pages.flatMap(({ hidden }, page) => hidden.map((passage) => ({ page: page + 1, ...passage }))),
  };
}

interface AbstractStart {
  /** The line of the heading, and the line at which the text begins. */
  first: number;
  end: number;
  /** What stands on the heading's own line after it, where it is run in. */
  runIn: string | null;
}

function abstractStart(lines: readonly Line[]): AbstractStart | null {
  const isStart = (line: Line) => /^abstract\b\s*([.:—–-]|$)/i.test(unspaced(line.text));
  const first = lines.findIndex((line) => line.page < 2 && isStart(line));
  if (first < 0) return null;
  const rest = unspaced(lines[first]?.text ?? '').replace(/^abstract\s*[.:—–-]*\s*/i, '');
  return { first, end: first + 1, runIn: rest === '' ? null : rest };
}

/** "A B S T R A C T" as "ABSTRACT". */
function unspaced(text: string): string {
  return /^(\p{L}\s){3,}\p{L}$/u.test(text) ? text.replace(/\s/g, '') : text;
}

/** Without a heading, the abstract is the long paragraph above the first section. */
function unnamedAbstract(lines: readonly Line[], setting: Setting): string {
  const paragraphs = proseOf(lines, setting).split('\n\n');
  return paragraphs.find((text) => text.length >= 200) ?? '';
}

function abstractOf(lines: readonly Line[], runIn: string | null, setting: Setting): string {
  const stop = lines.findIndex((line) =>
    /^(key ?words|index terms|ccs concepts|categories and subject)\b/i.test(line.text),
  );
  const own = stop < 0 ? lines : lines.slice(0, stop);
  const size = own[0]?.size ?? 0;
  // A footnote on the first page stands in a smaller size than the abstract.
  const text = proseOf(
    own.filter((line) => line.size > size - 0.6),
    setting,
  );
  return runIn === null ? text : setting.join(runIn, text);
}

function partsOf(
  lines: readonly Line[],
  headings: readonly Heading[],
  { from, setting }: { from: number; setting: Setting },
): Pick<Paper, 'sections' | 'references'> {
  const sections: Paper['sections'] = [];
  const references: Paper['references'] = [];
  const small = 0.72 * bodyStyle(lines).size;
  for (const [index, heading] of headings.entries()) {
    const own = lines.slice(heading.end, headings[index + 1]?.first ?? lines.length);
    if (isReferences(heading.text)) {
      references.push(
        ...entriesOf(own, setting).map(({ label, text }) => ({
          ...referenceOf(text),
          ...(label !== null && { label }),
        })),
      );
    } else {
      // The smallest text is that of figures: ticks, legends.
      const read = own.filter((line) => line.size > small);
      sections.push({ heading: heading.text, text: proseOf(read, setting) });
    }
  }
  if (headings.length === 0) sections.push({ heading: 'Text', text: proseOf(lines.slice(from), setting) });
  return { sections, references };
}

function linksOf(pdf: PdfText, lines: readonly Line[], setting: Setting): string[] {
  const known = pdf.links.filter((link) => !/^https?:\/\/(www\.)?doi\.org\/?$/.test(link));
  // An address broken over lines is whole among the file's own links.
  const written = linksIn(proseOf(lines, setting)).filter((link) => !known.some((whole) => whole.startsWith(link)));
  return [...new Set([...known, ...written])];
}
