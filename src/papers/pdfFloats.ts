import type { Paper } from '../domain/paper.ts';
import type { Line } from './pdfLines.ts';
import type { Setting } from './pdfProse.ts';
import { isRowLike, tableOf } from './pdfTables.ts';

interface Floats {
  tables: NonNullable<Paper['tables']>;
  figures: NonNullable<Paper['figures']>;
}

const CAPTION = /^(table|figure|fig\.?)\s*([A-Z]?\.?\d{1,3}(?:\.\d{1,2})?|[IVXL]{1,6})\s*(?:[.:|]|[—–-]\s|$)\s*/i;

/** The longest caption, and how far above or below it its table is looked for, in lines. */
const MAX_CAPTION = 14;
const MAX_ROWS = 120;

interface Caption {
  kind: 'table' | 'figure';
  label: string;
  text: string;
  first: number;
  /** The line after its last. */
  end: number;
}

/** The captions of a paper's tables and figures, and the rows of the tables, in the order in which they stand. */
export function floatsOf(lines: readonly Line[], setting: Setting, headings: ReadonlySet<Line>): Floats {
  const tables: Floats['tables'] = [];
  const figures: Floats['figures'] = [];
  for (let at = 0; at < lines.length; at++) {
    const caption = captionAt(lines, at, setting);
    if (caption === null) continue;
    const page = (lines[at]?.page ?? 0) + 1;
    if (caption.kind === 'figure') {
      figures.push({ label: caption.label, caption: caption.text, page });
    } else {
      tables.push({ label: caption.label, caption: caption.text, page, rows: rowsBeside(lines, caption, headings) });
    }
    at = caption.end - 1;
  }
  return { tables, figures };
}

function captionAt(lines: readonly Line[], first: number, { join, spacing }: Setting): Caption | null {
  const line = lines[first];
  const [opening, kind = '', number = ''] = CAPTION.exec(line?.text ?? '') ?? [];
  if (!line || opening === undefined) return null;
  const isTable = /^t/i.test(kind);
  let text = line.text.slice(opening.length);
  let end = first + 1;
  for (
    let next = lines[end];
    next && continuesCaption(next, lines[end - 1] ?? line, { spacing, stopsAtRow: isTable || text === '' });
  ) {
    text = text === '' ? next.text : join(text, next.text);
    next = lines[++end];
    if (end - first >= MAX_CAPTION) break;
  }
  const label = `${isTable ? 'Table' : 'Figure'} ${number}`;
  return { kind: isTable ? 'table' : 'figure', label, text: text.replace(/\s+/g, ' ').trim(), first, end };
}

function continuesCaption(
  line: Line,
  above: Line,
  { spacing, stopsAtRow }: { spacing: number; stopsAtRow: boolean },
): boolean {
  const alike = line.page === above.page && line.place === above.place && Math.abs(line.size - above.size) < 0.6;
  return (
    alike && line.gap > 0 && line.gap < Math.max(1.5 * above.size, 1.1 * spacing) && !(stopsAtRow && isRowLike(line))
  );
}

/** The rows below a table's caption, or above it where none are below. */
function rowsBeside(lines: readonly Line[], { first, end }: Caption, headings: ReadonlySet<Line>): string[][] {
  const below = run(lines, { from: end, step: 1, headings });
  const rows = below.length >= 2 ? below : run(lines, { from: first - 1, step: -1, headings }).reverse();
  return rows.length >= 2 ? tableOf(rows) : [];
}

function isNear(line: Line, other: Line): boolean {
  return line.page === other.page && Math.abs(line.y - other.y) < 3 * line.size;
}

/** Whether a line stands further from the last row than rows do from each other. */
function isFurther(line: Line, rows: readonly Line[]): boolean {
  const gaps = rows.slice(1).map((row, i) => Math.abs(row.y - (rows[i]?.y ?? row.y)));
  const last = rows.at(-1);
  return (
    last !== undefined &&
    last.page === line.page &&
    gaps.length > 0 &&
    Math.abs(line.y - last.y) > 1.6 * Math.max(...gaps)
  );
}

/** Whether a table that a page's end breaks goes on at the top of the next. */
function goesOnAbove(line: Line, last: Line): boolean {
  return line.page === last.page + 1 && !Number.isFinite(line.gap) && isRowLike(line);
}

function run(
  lines: readonly Line[],
  { from, step, headings }: { from: number; step: 1 | -1; headings: ReadonlySet<Line> },
): Line[] {
  const rows: Line[] = [];
  let last: Line | undefined;
  for (let at = from; rows.length < MAX_ROWS; at += step) {
    const line = lines[at];
    if (!line || headings.has(line) || CAPTION.test(line.text)) break;
    const start = last ?? lines[from - step];
    if (start === undefined || !(isNear(line, start) || (step > 0 && goesOnAbove(line, start)))) break;
    if (isFurther(line, rows)) break;
    const next = lines[at + step];
    // A heading of a group of rows stands alone on its line, between rows.
    if (!isRowLike(line) && !(rows.length > 0 && next && isRowLike(next) && Math.abs(next.y - line.y) < 2 * line.size))
      break;
    rows.push(line);
    last = line;
  }
  return rows;
}
