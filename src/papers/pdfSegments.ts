import type { PdfPage, TextRun } from './pdfRuns.ts';
import { plainText } from './plainText.ts';
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
    const taken = take(run);
    const isScript = /^[_^]/.test(taken) && gap < 0.4 * em;
    if (gap > 1.5 * em) text += '\t';
    else if (gap > 0.16 * em && !isScript && !text.endsWith(' ')) text += ' ';
    text += taken;
    right = run.x + run.width;
    size = run.size;
  }
  return plainText(inReadingOrder(text));
}

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
