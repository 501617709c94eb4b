import type { Paper } from '../domain/paper.ts';
import { bareHeading, isReferences } from './heading.ts';
import { PaperError } from './paperError.ts';
import { type Front, frontOf } from './pdfFront.ts';
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
  const all = headingsOf(lines, body, pdf.outline);
  const abstractAt = abstractStart(lines, all);
  const front = frontOf(
    lines.slice(0, abstractAt?.first ?? firstSection(all)?.first ?? lines.length),
    body,
    setting.join,
  );
  // What looks like a heading above the abstract is the title or an author.
  const from = abstractAt?.end ?? firstSection(all)?.first ?? 0;
  const headings = all.filter((heading) => heading.first >= from);
  const abstract = abstractOf(
    lines.slice(from, headings[0]?.first ?? lines.length),
    abstractAt?.runIn ?? null,
    setting,
  );
  const parts = partsOf(lines, headings, setting);
  return {
    ...front,
    ...withTitle(front, pdf),
    abstract,
    ...parts,
    links: linksOf(pdf, lines, setting),
    pages: pdf.pages.length,
  };
}

/** Where a title cannot be seen, a bookmark-free file may still say nothing: then the first words serve. */
function withTitle(front: Front, pdf: PdfText): Pick<Paper, 'title'> {
  return { title: front.title || (pdf.outline[0] ?? '') };
}

function firstSection(headings: readonly Heading[]): Heading | undefined {
  return headings.find((heading) => /^(1|I)[.\s]/.test(heading.text) || bareHeading(heading.text) === 'introduction');
}

interface AbstractStart {
  /** The line of the heading, and the line at which the text begins. */
  first: number;
  end: number;
  /** What stands on the heading's own line after it, where it is run in. */
  runIn: string | null;
}

function abstractStart(lines: readonly Line[], headings: readonly Heading[]): AbstractStart | null {
  const heading = headings.find(({ text }) => bareHeading(text) === 'abstract');
  if (heading) return { first: heading.first, end: heading.end, runIn: null };
  const first = lines.findIndex((line) => line.page === 0 && /^abstract\b\s*([.:—–-]|$)/i.test(line.text));
  if (first < 0) return null;
  const rest = (lines[first]?.text ?? '').replace(/^abstract\s*[.:—–-]*\s*/i, '');
  return { first, end: first + 1, runIn: rest === '' ? null : rest };
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
  setting: Setting,
): Pick<Paper, 'sections' | 'references'> {
  const sections: Paper['sections'] = [];
  const references: Paper['references'] = [];
  const small = 0.72 * bodyStyle(lines).size;
  for (const [index, heading] of headings.entries()) {
    const own = lines.slice(heading.end, headings[index + 1]?.first ?? lines.length);
    if (isReferences(heading.text)) {
      references.push(...entriesOf(own, setting).map(referenceOf));
    } else {
      // The smallest text is that of figures: ticks, legends.
      const read = own.filter((line) => line.size > small);
      sections.push({ heading: heading.text, text: proseOf(read, setting) });
    }
  }
  if (headings.length === 0) sections.push({ heading: 'Text', text: proseOf(lines, setting) });
  return { sections, references };
}

function linksOf(pdf: PdfText, lines: readonly Line[], setting: Setting): string[] {
  const known = pdf.links.filter((link) => !/^https?:\/\/(www\.)?doi\.org\/?$/.test(link));
  // An address broken over lines is whole among the file's own links.
  const written = linksIn(proseOf(lines, setting)).filter((link) => !known.some((whole) => whole.startsWith(link)));
  return [...new Set([...known, ...written])];
}
