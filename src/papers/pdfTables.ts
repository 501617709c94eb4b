import type { Line } from './pdfLines.ts';
import type { TextRun } from './pdfRuns.ts';
import { textOfRuns } from './pdfSegments.ts';

/** A gap of this many ems stands in no line of running text, and so much parts two cells of a row. */
const ROW = 0.62;
const CELL = 0.45;

/** The part of the rows that may reach across the white between two columns, as headings of groups do. */
const CROSSING = 0.2;

interface Chunk {
  x: number;
  right: number;
  text: string;
}

/** Whether a line has a gap that no line of running text has. */
export function isRowLike(line: Line): boolean {
  return chunksOf(line, ROW).length > 1;
}

/** Parts rows into cells at the strips of white that go through them from top to bottom. Every row has as many cells. */
export function tableOf(lines: readonly Line[]): string[][] {
  const rows = lines.map((line) => chunksOf(line, CELL));
  const whites = whitesOf(rows, Math.max(...lines.map((line) => line.size)));
  return rows.map((chunks) => {
    const cells = Array.from({ length: whites.length + 1 }, () => '');
    for (const { x, right, text } of chunks) {
      const middle = (x + right) / 2;
      const column = whites.findIndex((white) => middle < white);
      const at = column < 0 ? whites.length : column;
      cells[at] = `${cells[at] ?? ''} ${text}`.trim();
    }
    return cells;
  });
}

function chunksOf(line: Line, gap: number): Chunk[] {
  const chunks: TextRun[][] = [];
  let right = Number.NEGATIVE_INFINITY;
  for (const run of line.runs) {
    if (run.text.trim() === '') continue;
    if (run.x - right > gap * line.size) chunks.push([run]);
    else chunks.at(-1)?.push(run);
    right = Math.max(right, inkEnd(run));
  }
  return chunks.map((runs) => ({
    x: runs[0]?.x ?? 0,
    right: Math.max(...runs.map(inkEnd)),
    text: textOfRuns(runs).replace(/\s+/g, ' ').trim(),
  }));
}

/** Where a run ends without the spaces after it. */
function inkEnd({ text, x, width }: TextRun): number {
  const blank = text.length - text.trimEnd().length;
  return x + width - (blank / Math.max(1, text.length)) * width;
}

/** The middles of the strips of white between columns, from left to right, in points. */
function whitesOf(rows: readonly Chunk[][], em: number): number[] {
  const left = Math.floor(Math.min(...rows.flat().map(({ x }) => x)));
  const right = Math.ceil(Math.max(...rows.flat().map((chunk) => chunk.right)));
  const covered = new Array<number>(Math.min(4000, Math.max(0, right - left + 1))).fill(0);
  for (const { x, right: end } of rows.flat()) {
    for (let at = Math.floor(x - left); at < Math.min(end - left, covered.length); at++)
      covered[at] = (covered[at] ?? 0) + 1;
  }
  const most = Math.floor(CROSSING * rows.length);
  const whites: number[] = [];
  let open = -1;
  for (const [at, count] of covered.entries()) {
    if (count <= most && open < 0) open = at;
    if (count <= most) continue;
    if (open > 0 && at - open >= 0.4 * em) whites.push(left + (open + at) / 2);
    open = -1;
  }
  return whites;
}
