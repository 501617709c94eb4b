import { columnsOf, type Place, rowsOf } from './pdfColumns.ts';
import { withoutFurniture } from './pdfFurniture.ts';
import type { PdfPage, TextRun } from './pdfRuns.ts';
import { type Segment, segmentsOf, textOfRuns } from './pdfSegments.ts';

/** A line of text in reading order. Lengths are points; `gap` is from the baseline above in the same column. */
export interface Line {
  text: string;
  /** The text without raised marks, such as those beside authors' names. */
  unmarked: string;
  page: number;
  place: Place;
  x: number;
  right: number;
  y: number;
  size: number;
  gap: number;
  font: string;
  bold: boolean;
  smallCaps: boolean;
  /** The part of its characters that is set in a font for formulas, 0 to 1. */
  math: number;
  /** What it is made of, from left to right. */
  runs: readonly TextRun[];
  /** Whether its first and last words are set in a typewriter font: part of an address, mostly. */
  mono: { first: boolean; last: boolean };
}

/** The lines of all pages in the order in which a person reads them, without headers, footers and numbers. */
export function linesOf(pages: readonly PdfPage[]): Line[] {
  const segments = withoutFurniture(pages, pages.map(segmentsOf));
  return columnsOf(pages, segments).flatMap((blocks, page) =>
    blocks.flatMap(({ place, segments: ofBlock }) => {
      const rows = rowsOf(ofBlock);
      return rows.map((row, index) => lineOf(row, { page, place, above: rows[index - 1] }));
    }),
  );
}

interface Around {
  page: number;
  place: Place;
  above: Segment[] | undefined;
}

function lineOf(row: readonly Segment[], { page, place, above }: Around): Line {
  const runs = row.flatMap((segment) => segment.runs).sort((a, b) => a.x - b.x);
  const main = mainRun(runs);
  const lettered = runs.filter((run) => /\p{L}/u.test(run.text));
  const smallCaps = isSmallCaps(lettered, main);
  const marks = scriptMarks(runs, main);
  const lower = (run: TextRun) => (smallCaps && run.size < 0.9 * main.size ? run.text.toLowerCase() : run.text);
  const marked = (run: TextRun) => (marks.get(run) ?? '') + lower(run);
  const raised = (run: TextRun) => run.size < 0.85 * main.size && run.y < main.y - 0.15 * main.size;
  return {
    text: withBullet(textOfRuns(runs, marked).trim()),
    unmarked: textOfRuns(
      runs.filter((run) => !raised(run)),
      lower,
    ).trim(),
    page,
    place,
    x: Math.min(...row.map((segment) => segment.x)),
    right: Math.max(...row.map((segment) => segment.right)),
    y: main.y,
    size: main.size,
    gap: above?.[0] === undefined ? Number.POSITIVE_INFINITY : main.y - above[0].y,
    font: main.font,
    bold: lettered.length > 0 && lettered.every((run) => run.bold),
    smallCaps,
    math: mathShare(runs),
    runs,
    mono: { first: runs[0]?.mono ?? false, last: runs.at(-1)?.mono ?? false },
  };
}

/** What stands higher or lower than its line is marked as in a formula: x^2 and x_i, at the first run of each. */
function scriptMarks(runs: readonly TextRun[], main: TextRun): Map<TextRun, '^' | '_'> {
  const marks = new Map<TextRun, '^' | '_'>();
  let open = '';
  for (const run of runs) {
    if (run.text.trim() === '') continue;
    const small = run.size < 0.85 * main.size && /[\p{L}\p{N}]/u.test(run.text);
    const off = (run.y - main.y) / main.size;
    const mark = small ? markOf(off) : '';
    // What begins a line is a note's number, and belongs to nothing before it.
    if (mark !== '' && mark !== open && run !== runs[0]) marks.set(run, mark);
    open = mark;
  }
  return marks;
}

function markOf(off: number): '^' | '_' | '' {
  if (off < -0.12) return '^';
  return off > 0.06 ? '_' : '';
}

const MATH_FONT =
  /cmmi|cmsy|cmex|msam|msbm|math|symbol|eufm|rsfs|txsy|txmi|pxmi|mtsy|mtmi|rmtmi|lmmi|lmsy|stix.*(?:two)?math/i;

function mathShare(runs: readonly TextRun[]): number {
  let [math, all] = [0, 0];
  for (const { text, font } of runs) {
    const letters = text.replace(/\s/g, '').length;
    all += letters;
    if (MATH_FONT.test(font)) math += letters;
  }
  return all === 0 ? 0 : math / all;
}

/** A list's bullet whose font names no character comes as a control character or a private one. */
function withBullet(text: string): string {
  return text
    .replace(/^[\p{Cc}\p{Co}](?=\s)/u, '•')
    .replace(/(?!\t)[\p{Cc}\p{Co}]/gu, '')
    .trim();
}

/** Letters and digits of a run. Every run of every page is counted, so that most are told without a pattern. */
function lettersOf({ text }: TextRun): number {
  let letters = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isPlain = (code > 0x60 && code < 0x7b) || (code > 0x40 && code < 0x5b) || (code > 0x2f && code < 0x3a);
    if (isPlain || (code > 0x7e && /[\p{L}\p{N}]/u.test(text[i] ?? ''))) letters++;
  }
  return letters;
}

/** The run whose size and font speak for the line: of its largest size with letters, that with the most. */
function mainRun(runs: readonly TextRun[]): TextRun {
  const bySize = new Map<number, number>();
  for (const run of runs) {
    const size = Math.round(run.size * 2) / 2;
    bySize.set(size, (bySize.get(size) ?? 0) + lettersOf(run));
  }
  const all = [...bySize.values()].reduce((sum, count) => sum + count, 0);
  // Small capitals outnumber the capitals they follow, so the largest size that is not an ornament speaks.
  const size = Math.max(...[...bySize].filter(([, count]) => count >= 0.04 * all).map(([key]) => key));
  const candidates = runs.filter((run) => Math.round(run.size * 2) / 2 === size);
  return candidates.reduce((best, run) => (lettersOf(run) > lettersOf(best) ? run : best), candidates[0] ?? FALLBACK);
}

const FALLBACK: TextRun = { text: '', x: 0, y: 0, width: 0, size: 1, font: '', bold: false, mono: false };

/** Small capitals come as capitals in a smaller size on the same baseline. */
function isSmallCaps(lettered: readonly TextRun[], main: TextRun): boolean {
  const small = lettered.filter((run) => run.size < 0.9 * main.size);
  return (
    small.length > 0 &&
    lettered.every((run) => run.text === run.text.toUpperCase() && run.font === main.font) &&
    small.every((run) => run.size > 0.65 * main.size && Math.abs(run.y - main.y) < 0.1 * main.size)
  );
}
