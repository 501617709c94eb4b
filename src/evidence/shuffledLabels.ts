import { shuffled } from './register.ts';

/** Bytes of a file of labels that is shuffled; the whole of it is held in memory. */
export const LARGEST_LABELS = 128 * 2 ** 20;

/** Permutes one column of a table's text and leaves every other byte of it as it is (for JSON: its values).
 *  @param ending of the file's name, with the dot: `.csv`, `.tsv`, `.jsonl`, `.ndjson` or `.json`
 *  @param key the same key permutes the same number of rows alike
 *  @returns the new text, or a reason why there is none */
export function shuffleColumn(
  text: string,
  ending: string,
  column: string,
  key: string,
): { text: string } | { why: string } {
  if (ending === '.csv' || ending === '.tsv')
    return shuffleSeparated(text, ending === '.tsv' ? '\t' : ',', column, key);
  if (ending === '.json') return shuffleJson(text, column, key);
  if (ending === '.jsonl' || ending === '.ndjson') return shuffleLines(text, column, key);
  return { why: 'it is no CSV, TSV or JSON table' };
}

type Span = readonly [start: number, end: number];

function shuffleSeparated(text: string, delimiter: string, column: string, key: string) {
  const rows = rowSpans(text, delimiter);
  const at = (rows[0] ?? []).findIndex((span) => contentOf(text, span) === column);
  if (at < 0) return { why: `it has no column ${column}` };
  const spans = rows.slice(1).flatMap((row): Span[] => (row[at] ? [row[at]] : []));
  const values = spans.map(([start, end]) => text.slice(start, end));
  const moved = permuted(values, key);
  if (moved === null) return { why: `all values of ${column} are alike` };
  const parts: string[] = [];
  let from = 0;
  for (const [i, [start, end]] of spans.entries()) {
    parts.push(text.slice(from, start), moved[i] ?? '');
    from = end;
  }
  return { text: parts.join('') + text.slice(from) };
}

/** Where the fields of every row stand; a quoted field may hold anything, empty lines are no rows. */
function rowSpans(text: string, delimiter: string): Span[][] {
  const rows: Span[][] = [];
  let row: Span[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const start = at;
    at = fieldEnd(text, start, delimiter);
    row.push([start, at]);
    if (text[at] === delimiter) {
      at += 1;
      // A row may end in an empty field at the end of the file.
      if (at < text.length) continue;
      row.push([at, at]);
    }
    if (row.length > 1 || start < at) rows.push(row);
    row = [];
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
  }
  return rows;
}

function fieldEnd(text: string, start: number, delimiter: string): number {
  let at = start;
  if (text[at] === '"') {
    at += 1;
    while (at < text.length && !(text[at] === '"' && text[at + 1] !== '"')) at += text[at] === '"' ? 2 : 1;
    at += 1;
  }
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return Math.min(at, text.length);
}

function contentOf(text: string, [start, end]: Span): string {
  const field = text.slice(start, end).trim();
  return field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
}

function shuffleLines(text: string, column: string, key: string) {
  const lines = text.split('\n');
  const rows = lines.map((line) => (line.trim() === '' ? null : parse(line)));
  const result = shuffleRows(
    rows.filter((row) => row !== null),
    column,
    key,
  );
  if ('why' in result) return result;
  return { text: lines.map((line, i) => (rows[i] ? JSON.stringify(rows[i]) : line)).join('\n') };
}

function shuffleJson(text: string, column: string, key: string) {
  const value = parse(text);
  if (!Array.isArray(value)) return { why: 'it is no list of rows' };
  const result = shuffleRows(value, column, key);
  return 'why' in result ? result : { text: `${JSON.stringify(value, null, 1)}\n` };
}

/** Permutes the values in place. */
function shuffleRows(rows: readonly unknown[], column: string, key: string): { why: string } | { done: true } {
  const own = rows.filter((row): row is Record<string, unknown> => {
    return typeof row === 'object' && row !== null && Object.hasOwn(row, column);
  });
  if (own.length === 0) return { why: `it has no column ${column}` };
  const moved = permuted(
    own.map((row) => JSON.stringify(row[column])),
    key,
  );
  if (moved === null) return { why: `all values of ${column} are alike` };
  for (const [i, row] of own.entries()) row[column] = JSON.parse(moved[i] ?? 'null');
  return { done: true };
}

function permuted(values: readonly string[], key: string): string[] | null {
  return new Set(values).size < 2 ? null : shuffled(values, key);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
