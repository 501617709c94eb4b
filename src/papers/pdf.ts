import type { Paper } from '../domain/paper.ts';
import { citationsIn } from './citations.ts';
import { codeLinks } from './codeLinks.ts';
import { bareHeading, isReferences } from './heading.ts';
import { PaperError } from './paperError.ts';
import { equationsOf } from './pdfEquations.ts';
import { floatsOf } from './pdfFloats.ts';
import { frontOf } from './pdfFront.ts';
import { bodyStyle, type Heading, headingsOf } from './pdfHeadings.ts';
import { type Line, linesOf } from './pdfLines.ts';
import { proseOf, type Setting, settingOf, withoutTicks } from './pdfProse.ts';
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
  if (!hasLetters(lines, LETTERS_A_PAGE * pdf.pages.length)) {
    throw new PaperError(
      'scanned',
      `${path}: the PDF holds pictures of pages without text; run it through OCR (such as ocrmypdf) first.`,
    );
  }
  return assemble(pdf, lines);
}

/** Whether lines hold so many letters and digits; a paper's first pages hold enough for all. */
function hasLetters(lines: readonly Line[], least: number): boolean {
  let letters = 0;
  for (const { text } of lines) {
    letters += text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
    if (letters >= least) return true;
  }
  return letters >= least;
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
  const used = new Set<Line>(lines.slice(0, front.end));
  for (const line of lines.slice(front.end, above)) if (namesOnly(line, front.authors)) used.add(line);
  const abstractLines = abstractAt
    ? abstractOf(lines.slice(from, end), abstractAt.runIn !== null)
    : unnamedAbstract(lines.slice(front.end, end), setting);
  for (const line of [...lines.slice(above, from), ...abstractLines]) used.add(line);
  const text = proseOf(abstractLines, setting);
  const { sections, references } = partsOf(lines, headings, { from, setting, used });
  const links = linksOf(pdf, lines, setting);
  const paper: Paper = {
    title: front.title || pdf.title,
    authors: front.authors,
    abstract: abstractAt?.runIn == null ? text : setting.join(abstractAt.runIn, text),
    sections,
    references,
    links,
    pages: pdf.pages.length,
    ...floatsOf(lines, setting, new Set(headings.flatMap(({ first, end }) => lines.slice(first, end)))),
    equations: equationsOf(lines),
    citations: citationsIn({ sections, references }),
    asides: asidesOf(pdf, lines, used),
    pageTexts: pageTextsOf(pdf, lines),
    hidden: pdf.pages.flatMap(({ hidden }, page) => hidden.map((passage) => ({ page: page + 1, ...passage }))),
  };
  const code = codeLinks(paper).filter(({ where }) => where === 'paper');
  return { ...paper, code: code.map(({ url }) => url) };
}

function namesOnly(line: Line, authors: readonly string[]): boolean {
  const rest = authors.reduce((text, author) => text.replace(author, ''), line.unmarked);
  return rest !== line.unmarked && !/\p{L}{2}/u.test(rest.replace(/\band\b/g, ''));
}

/** What was taken for no part of the paper, piece by piece, and what stands aslant. */
function asidesOf(pdf: PdfText, lines: readonly Line[], used: ReadonlySet<Line>): NonNullable<Paper['asides']> {
  const asides: { page: number; text: string; last: number }[] = [];
  for (const [index, line] of lines.entries()) {
    if (used.has(line)) continue;
    const open = asides.at(-1);
    const text = line.text.replace(/\s+/g, ' ');
    if (open?.page === line.page + 1 && open.last === index - 1) {
      open.text += `\n${text}`;
      open.last = index;
    } else {
      asides.push({ page: line.page + 1, text, last: index });
    }
  }
  const turned = pdf.pages.flatMap((page, index) => page.turned.map((text) => ({ page: index + 1, text })));
  return [...asides.map(({ page, text }) => ({ page, text })), ...turned];
}

function pageTextsOf(pdf: PdfText, lines: readonly Line[]): string[] {
  const pages = pdf.pages.map((): string[] => []);
  for (const line of lines) pages[line.page]?.push(line.text.replace(/\t/g, ' '));
  return pages.map((texts) => texts.join('\n'));
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
function unnamedAbstract(lines: readonly Line[], setting: Setting): Line[] {
  const paragraphs: Line[][] = [];
  for (const line of lines) {
    const open = paragraphs.at(-1);
    if (open && line.gap > 0 && line.gap < 1.35 * Math.max(setting.spacing, line.size)) open.push(line);
    else paragraphs.push([line]);
  }
  return paragraphs.find((some) => some.reduce((sum, { text }) => sum + text.length, 0) >= 200) ?? [];
}

/** The abstract's own lines. A footnote on the first page stands in a smaller size. */
function abstractOf(lines: readonly Line[], isRunIn: boolean): Line[] {
  const stop = lines.findIndex((line) => KEYWORDS.test(line.text));
  const own = stop < 0 ? lines : lines.slice(0, stop);
  const size = own[0]?.size ?? 0;
  const text = own.filter((line) => line.size > size - 0.6);
  // A run-in abstract is one paragraph; what stands well apart below is something else.
  const end = isRunIn ? text.findIndex((line) => line.gap > 2.2 * line.size && Number.isFinite(line.gap)) : -1;
  return end < 0 ? text : text.slice(0, end);
}

const KEYWORDS = /^(key ?words|index terms|ccs concepts|categories and subject)\b/i;

/** The smallest text of this part of the body's size is that of figures: ticks, legends. */
const SMALLEST = 0.72;

function partsOf(
  lines: readonly Line[],
  headings: readonly Heading[],
  { from, setting, used }: { from: number; setting: Setting; used: Set<Line> },
): Pick<Paper, 'sections' | 'references'> {
  const sections: Paper['sections'] = [];
  const references: Paper['references'] = [];
  const small = SMALLEST * bodyStyle(lines).size;
  const parts = headings.length > 0 ? headings : [{ first: from, end: from, text: 'Text' }];
  for (const [index, heading] of parts.entries()) {
    const own = lines.slice(heading.end, parts[index + 1]?.first ?? lines.length);
    if (KEYWORDS.test(heading.text)) continue;
    const isList = isReferences(heading.text);
    const read = isList ? own : withoutTicks(own.filter((line) => line.size > small));
    for (const line of [...lines.slice(heading.first, heading.end), ...read]) used.add(line);
    if (isList) references.push(...listed(read, setting));
    else sections.push({ heading: heading.text, text: proseOf(read, setting), page: pageOf(lines[heading.first]) });
  }
  return { sections, references };
}

function listed(lines: readonly Line[], setting: Setting): Paper['references'] {
  return entriesOf(lines, setting).map(({ label, text }) => ({
    ...(label !== null && { label }),
    ...referenceOf(text),
  }));
}

function pageOf(line: Line | undefined): number {
  return (line?.page ?? 0) + 1;
}

/** So many lines an address may run over. */
const ADDRESS_LINES = 4;

/** The lines that hold addresses, with those around them. */
function aroundAddresses(lines: readonly Line[]): Line[] {
  const taken = new Set<Line>();
  for (const [at, { text }] of lines.entries()) {
    if (!text.includes('http')) continue;
    for (const line of lines.slice(Math.max(0, at - 1), at + ADDRESS_LINES)) taken.add(line);
  }
  return [...taken];
}

function linksOf(pdf: PdfText, lines: readonly Line[], setting: Setting): string[] {
  const known = pdf.links.filter((link) => !/^https?:\/\/(www\.)?doi\.org\/?$/.test(link));
  // An address broken over lines is whole among the file's own links.
  const written = linksIn(proseOf(aroundAddresses(lines), setting)).filter(
    (link) => !known.some((whole) => whole.startsWith(link)),
  );
  return [...new Set([...known, ...written])];
}
