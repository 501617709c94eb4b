import { bareHeading, isReferences } from './heading.ts';
import type { Line } from './pdfLines.ts';

/** A heading in the lines of a paper: from line `first` up to, not including, line `end`. */
export interface Heading {
  first: number;
  end: number;
  text: string;
}

/** How a paper's running text is set. */
export interface BodyStyle {
  size: number;
  font: string;
}

const KNOWN =
  /^(abstract|introduction|background|preliminaries|related works?|methods?|methodology|approach|experiments?|experimental (setup|results)|results|evaluation|discussion|limitations?|conclusions?( and future work)?|future work|acknowledge?ments?|references|bibliography|appendix|appendices|broader impacts?|ethics statement|reproducibility statement)$/i;
const NUMBER = /^((?:\d{1,2}|[A-Z])(?:\.\d{1,2}){0,3}\.?|[IVX]{1,5}\.|Appendix [A-Z][.:]?)\s+(\S.*)$/;
/** A sentence's end within a line. */
const SENTENCES = /[\p{Ll})\]]{2}\.\s\p{Lu}\p{Ll}*\s\p{Ll}/u;
const NOT_A_HEADING =
  /^(figure|fig\.|table|algorithm|listing|theorem|lemma|proof|definition|corollary|remark|proposition)\b/i;

/** The longest heading, in characters and in lines. */
const MAX_HEADING = 220;
const MAX_HEADING_LINES = 4;

/** The size and font in which most letters above the bibliography are set; a long one would speak for the whole. */
export function bodyStyle(all: readonly Line[]): BodyStyle {
  const end = all.findLastIndex((line) => isReferences(line.text));
  const above = end > 0.2 * all.length ? all.slice(0, end) : all;
  // Cells of tables and entries of lists say little about the running text.
  const long = above.filter((line) => line.text.length > 40);
  const lines = long.length > 10 ? long : above;
  return {
    size: Number(most(lines, (line) => (Math.round(line.size * 2) / 2).toString())),
    font: most(lines, (line) => line.font),
  };
}

/** What tells a paper's headings from its text. */
interface Evidence {
  body: BodyStyle;
  outline: readonly string[];
}

/** Finds the headings from a line on, by their size, weight, small capitals, numbering and the file's bookmarks. */
export function headingsOf(lines: readonly Line[], from: number, { body, outline }: Evidence): Heading[] {
  const bookmarks = new Set(outline.map(bareHeading).filter((title) => title !== ''));
  const headings: Heading[] = [];
  let last: number[] = [];
  for (let first = from; first < lines.length; ) {
    const heading = headingAt(lines, first, { body, bookmarks });
    const number = heading === null ? null : numbersOf(heading.text);
    if (heading !== null && (number === null || follows(number, last))) {
      headings.push(heading);
      last = number ?? last;
      first = heading.end;
    } else {
      first++;
    }
  }
  return headings;
}

interface Paper {
  body: BodyStyle;
  bookmarks: ReadonlySet<string>;
}

function headingAt(lines: readonly Line[], first: number, paper: Paper): Heading | null {
  const line = lines[first];
  if (!line || !isHeadingLine(line, paper)) return null;
  let end = first + 1;
  let text = line.text;
  for (let next = lines[end]; next && continuesHeading(lines[end - 1] ?? line, next, paper); next = lines[end]) {
    const capitals = line.smallCaps && !next.smallCaps;
    const words = capitals ? next.text.toLowerCase() : next.text;
    text = text.endsWith('-') ? text.slice(0, -1) + words : `${text} ${words}`;
    end++;
  }
  if (text.length > MAX_HEADING || end - first > MAX_HEADING_LINES) return null;
  return { first, end, text: text.replace(/\s+/g, ' ').replace(/[:.]$/, '') };
}

function isHeadingLine(line: Line, { body, bookmarks }: Paper): boolean {
  const text = line.text.trim();
  if (text.length > 150 || NOT_A_HEADING.test(text) || SENTENCES.test(text) || !/\p{L}{2}/u.test(text)) return false;
  const [, number, title = text] = NUMBER.exec(text) ?? [];
  // A wide gap anywhere but after the number is a table's.
  if (title.includes('\t') || !/^["“]?[\p{Lu}\p{N}]/u.test(title)) return false;
  if (/[,;]$/.test(title) || line.size < 0.85 * body.size) return false;
  const apart = line.gap > 1.25 * body.size;
  if (bookmarks.has(bareHeading(text)) && apart && (number !== undefined || isDistinct(line, body))) return true;
  if (!isDistinct(line, body)) return KNOWN.test(title) && apart && number !== undefined;
  if (KNOWN.test(title)) return true;
  return number !== undefined ? true : apart && !/[.!?]$/.test(title) && line.size >= body.size - 0.2;
}

function isDistinct(line: Line, body: BodyStyle): boolean {
  const italicLetter = /^[A-Z]\.\s/.test(line.text) && /ital|obli|cmti|sfti|ecti/i.test(line.font);
  const capitals = KNOWN.test(line.text) && line.text === line.text.toUpperCase();
  return line.bold || line.smallCaps || line.size > body.size + 0.8 || italicLetter || capitals;
}

function continuesHeading(above: Line, line: Line, { body }: Paper): boolean {
  return (
    line.page === above.page &&
    line.place === above.place &&
    line.gap < 1.5 * above.size &&
    line.font === above.font &&
    line.bold === above.bold &&
    (Math.abs(line.size - above.size) < 0.3 || (above.smallCaps && line.text === line.text.toUpperCase())) &&
    (above.bold || above.smallCaps || above.size > body.size + 0.8) &&
    !NUMBER.test(line.text) &&
    !line.text.includes('\t')
  );
}

/** A heading's number as a list: 2.1 is [2, 1], B.2 is [1002, 2]; null where it has none. */
function numbersOf(text: string): number[] | null {
  const [, number] = NUMBER.exec(text) ?? [];
  if (number === undefined) return null;
  const parts = number
    .replace(/^Appendix /, '')
    .replace(/[.:]$/, '')
    .split('.');
  if (/^[IVX]+$/.test(number.replace('.', '')) && number.endsWith('.')) return null;
  return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : 1000 + part.charCodeAt(0) - 65));
}

/** Whether a number can come after the last one; keeps out list items and table rows set in bold. */
function follows(number: readonly number[], last: readonly number[]): boolean {
  const [top = 0] = number;
  const [lastTop = 0] = last;
  if (top >= 1000) return lastTop >= 1000 ? top >= lastTop && top <= lastTop + 1 : true;
  if (lastTop >= 1000) return false;
  return top === lastTop ? number.length > 1 : top > lastTop && top <= lastTop + 2;
}

function most(lines: readonly Line[], key: (line: Line) => string): string {
  const letters = new Map<string, number>();
  for (const line of lines) letters.set(key(line), (letters.get(key(line)) ?? 0) + line.text.length);
  return [...letters].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['', 0] as [string, number])[0];
}
