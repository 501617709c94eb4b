import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants, readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { CsvError, parse } from 'csv-parse';
import { openParquet } from '../data/parquetRows.ts';

/** A table that is read row by row. */
export interface Table {
  readonly columns: readonly string[];
  /** Cells in the order of the columns; '' where a row has none. */
  readonly rows: AsyncIterable<readonly string[]>;
}

/** Rows of one file that are looked at; more would make a check slower than the runs it judges. */
export const MOST_ROWS = 500_000;
/** JSON that is no line-wise JSON has to be read whole. Bytes. */
const LARGEST_JSON = 64 * 2 ** 20;

/** Characters of one row; what is longer is no row but a quote that was never closed. */
const LARGEST_ROW = 16 * 2 ** 20;

/** Whether a file is read as a table, by its name. */
export function isTable(path: string): boolean {
  return ['.csv', '.tsv', '.jsonl', '.ndjson', '.json', '.parquet'].includes(extname(path).toLowerCase());
}

/** Opens a CSV, TSV, JSON, JSON-lines or Parquet file; at most `MOST_ROWS` rows of it are given.
 *  @returns null where the file is missing, no plain file, or cannot be read as such a table */
export async function openTable(path: string): Promise<Table | null> {
  if (!(await isReadable(path))) return null;
  if (extname(path).toLowerCase() === '.parquet') return await parquetTable(path);
  const kind = await stat(path);
  return tableFrom(extname(path).toLowerCase(), {
    stream: () => createReadStream(path, { highWaterMark: 1 << 20 }),
    whole: async () => (kind.size > LARGEST_JSON ? '' : await readFile(path, 'utf8')),
  });
}

/** Whether there is a plain file that may be read: a run may well leave one that nobody may. */
export async function isReadable(path: string): Promise<boolean> {
  const kind = await stat(path).catch(() => null);
  if (!kind?.isFile()) return false;
  return await access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

/** Rows until the file is cut off, or a part of it is too large to decode. */
async function parquetTable(path: string): Promise<Table | null> {
  const { columns, read } = await openParquet(path).catch(() => ({ columns: [], read: null }));
  if (read === null) return null;
  const rows = async function* (): AsyncGenerator<readonly string[]> {
    try {
      for await (const cells of read(columns.length, () => undefined)) yield cells.map(cell);
    } catch (error) {
      // Its reader throws errors of every kind at bytes that mean nothing.
      if (!(error instanceof Error)) throw error;
    }
  };
  return { columns, rows: limited(rows()) };
}

/** The same for a text that is at hand; `path` says by its ending what it is. */
export async function tableOf(path: string, text: string): Promise<Table | null> {
  const { Readable } = await import('node:stream');
  return tableFrom(extname(path).toLowerCase(), {
    stream: () => Readable.from([Buffer.from(text)]),
    whole: async () => text,
  });
}

/** Rows that the file of a table has when its first line is no header but numbers. */
export function unheaded({ columns }: Table): number {
  return columns.some((name) => /^[+-]?[\d.]+(?:e[+-]?\d+)?$/i.test(name.trim())) ? 1 : 0;
}

/** All values of one column, and the table's columns; for tables that are known to be small enough. */
export async function readColumns(table: Table): Promise<Map<string, string[]>> {
  const columns = new Map(table.columns.map((name) => [name, [] as string[]]));
  for await (const row of table.rows) {
    for (const [i, name] of table.columns.entries()) columns.get(name)?.push(row[i] ?? '');
  }
  return columns;
}

interface Source {
  stream(): NodeJS.ReadableStream;
  whole(): Promise<string>;
}

async function tableFrom(ending: string, source: Source): Promise<Table | null> {
  if (ending === '.json') return jsonTable(await source.whole());
  const rows = ending.endsWith('l') || ending === '.ndjson' ? jsonRows(source) : separatedRows(source, ending);
  const header = await rows.next();
  if (header.done) return null;
  return { columns: header.value, rows: limited(rows) };
}

async function* limited(rows: AsyncIterable<readonly string[]>): AsyncGenerator<readonly string[]> {
  let count = 0;
  for await (const row of rows) {
    if (count >= MOST_ROWS) return;
    count += 1;
    yield row;
  }
}

/** The first row is the header. A file that breaks off the rules of CSV ends there. */
async function* separatedRows(source: Source, ending: string): AsyncGenerator<readonly string[]> {
  const parser = parse({
    bom: true,
    delimiter: ending === '.tsv' ? '\t' : ',',
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LARGEST_ROW,
  });
  const input = source.stream();
  input.on('error', (error) => parser.destroy(error));
  input.pipe(parser);
  try {
    for await (const row of parser) yield row as string[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
  } finally {
    input.unpipe(parser);
  }
}

/** One object or list a line; the first one says the columns. */
async function* jsonRows(source: Source): AsyncGenerator<readonly string[]> {
  let columns: readonly string[] | null = null;
  for await (const line of createInterface({ input: source.stream(), crlfDelay: Number.POSITIVE_INFINITY })) {
    const value = parseJson(line);
    if (typeof value !== 'object' || value === null) continue;
    if (columns === null) {
      columns = Object.keys(value);
      yield columns;
    }
    yield columns.map((name) => cell((value as Record<string, unknown>)[name]));
  }
}

/** A list of objects or lists, a list of values, or an object of values: then keys are a column of their own. */
function jsonTable(text: string): Table | null {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return null;
  const list = Array.isArray(value) ? value : Object.entries(value);
  // An object that holds more than values (`{version, rows: […]}`) has a shape of its own.
  if (!Array.isArray(value) && list.some(([, one]) => typeof one === 'object' && one !== null)) return null;
  const [first] = list;
  if (first === undefined) return null;
  if (typeof first !== 'object' || first === null)
    return { columns: ['value'], rows: each(list, (one) => [cell(one)]) };
  const columns = Array.isArray(value) ? Object.keys(first as object) : ['key', 'value'];
  return {
    columns,
    rows: each(list, (one) => {
      const row = (one ?? {}) as Record<string, unknown>;
      return columns.map((name, i) => cell(Array.isArray(one) ? one[i] : row[name]));
    }),
  };
}

async function* each(
  list: readonly unknown[],
  row: (one: unknown) => readonly string[],
): AsyncGenerator<readonly string[]> {
  for (const one of list.slice(0, MOST_ROWS)) yield row(one);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value, plain) : String(value);
}

/** Lists and structures of Parquet may hold whole numbers of 64 bits, and files: those are told by their content. */
function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? createHash('md5').update(value).digest('hex') : value;
}
