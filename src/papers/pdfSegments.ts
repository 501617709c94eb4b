import type { PdfPage, TextRun } from './pdfRuns.ts';
import { inReadingOrder } from './rightToLeft.ts';

/** Runs that stand together on one baseline, without a gap as wide as a column's. Lengths are points. */
export interface Segment {
  runs: TextRun[];
  x: number;
  right: number;
  y: number;
  size: number;
}

/** A gap of this many ems parts two segments. */
const GAP = 0.9;

/** Gathers a page's runs, in the order in which they were set, into segments. */
export function segmentsOf(page: PdfPage): Segment[] {
  const segments: Segment[] = [];
  let current: Segment | undefined;
  for (const run of page.runs) {
    if (run.text.trim() === '') continue;
    if (current !== undefined && continues(current, run)) {
      extend(current, run);
    } else {
      current = { runs: [run], x: run.x, right: run.x + run.width, y: run.y, size: run.size };
      segments.push(current);
    }
  }
  return segments;
}

/** What segments on one line say, from left to right. A gap wider than a word's is a tab. */
export function textOfRuns(runs: readonly TextRun[], take: (run: TextRun) => string = (run) => run.text): string {
  let text = '';
  let right = Number.NaN;
  let size = 0;
  for (const run of runs) {
    const gap = run.x - right;
    const em = Math.max(size, run.size);
    if (gap > 1.5 * em) text += '\t';
    else if (gap > 0.16 * em && !text.endsWith(' ')) text += ' ';
    text += take(run);
    right = run.x + run.width;
    size = run.size;
  }
  return plainText(inReadingOrder(text));
}

/** Where TeX's encodings keep ligatures and dashes: bitmap fonts tell nothing but these places. */
const TEX_PLACES: Record<string, string> = {
  '\u000B': 'ff',
  '\u000C': 'fi',
  '\r': 'fl',
  '\u000E': 'ffi',
  '\u000F': 'ffl',
  '\u0010': '“',
  '\u0011': '”',
  '\u0015': '–',
  '\u0016': '—',
  '\u001B': 'ff',
  '\u001C': 'fi',
  '\u001D': 'fl',
  '\u001E': 'ffi',
  '\u001F': 'ffl',
};
const TEX_PLACE = new RegExp(
  `(?<=[\\p{L}\\d])[${Object.keys(TEX_PLACES).join('')}]|[${Object.keys(TEX_PLACES).join('')}](?=[\\p{L}\\d])`,
  'gu',
);

/** Ligatures as letters, accents that stand beside their letter put on it, spaces that are spaces. */
export function plainText(text: string): string {
  return text
    .replace(TEX_PLACE, (place) => TEX_PLACES[place] ?? place)
    .replace(/[\uFB00-\uFB06]/g, (ligature) => ligature.normalize('NFKC'))
    .replace(/([\u00B4\u0060\u00A8\u02C6\u02DC])([A-Za-z])/g, (_, mark: string, letter: string) =>
      (letter + (COMBINING[mark] ?? '')).normalize('NFC'),
    )
    .replace(/\u0338\s?=/g, '≠')
    .replace(/[\u00AD\u200B-\u200D\uFEFF]/g, '')
    .replace(/[\u00A0\u2000-\u200A\u202F ]+/g, ' ');
}

const COMBINING: Record<string, string> = {
  '\u00B4': '\u0301',
  '\u0060': '\u0300',
  '\u00A8': '\u0308',
  '\u02C6': '\u0302',
  '\u02DC': '\u0303',
};

function continues(segment: Segment, run: TextRun): boolean {
  const em = Math.max(segment.size, run.size);
  const gap = run.x - segment.right;
  return Math.abs(run.y - segment.y) <= 0.5 * em && gap > -0.6 * em && gap < GAP * em;
}

function extend(segment: Segment, run: TextRun): void {
  segment.runs.push(run);
  segment.x = Math.min(segment.x, run.x);
  segment.right = Math.max(segment.right, run.x + run.width);
  if (run.size > segment.size) {
    segment.size = run.size;
    segment.y = run.y;
  }
}
