import { stat } from 'node:fs/promises';
import { type ArrayRows, tableOfArray } from './arrayRows.ts';
import type { Roles } from './dataRoles.ts';
import { ID_NAME } from './hiddenLabels.ts';
import type { NamedFile } from './inputFiles.ts';
import { openTable, type Table } from './table.ts';
import type { Share } from './tailProbability.ts';
import { TwinIndex, type TwinRow, twinRow } from './twins.ts';

/** How far test rows stand in the training data too. */
export interface Overlap {
  /** Columns that both have and that say something of a row. */
  readonly columns: readonly string[];
  /** Test rows with a twin in train. */
  readonly test: Share;
  /** Train rows with a twin elsewhere in train: what duplicates there are by nature. */
  readonly train: Share;
  /** For every test row, in the files' order, whether it has a twin in train. */
  readonly twins: readonly boolean[];
  readonly testRows: readonly TwinRow[];
  readonly near: boolean;
}

type Rows = NamedFile | ArrayRows;

/** Similar texts are looked for up to here; beyond, only equal ones. Bytes of both files. */
const LARGEST_NEAR = 32 * 2 ** 20;
/** Rows of a file by which it is told what a column is. */
const SAMPLE = 1000;

/** Compares train with test row by row.
 *  @returns null where they have no column in common but ids
 *  @param label the column to be predicted, which a test file may have without its values */
export async function overlapOf({ train, test }: Roles<Rows>, label: string | undefined): Promise<Overlap | null> {
  const columns = await commonColumns([...train, ...test], test, label);
  if (columns.length === 0) return null;
  const near = (await bytesOf([...train, ...test])) <= LARGEST_NEAR;
  const index = new TwinIndex(near);
  for await (const row of rowsOf(train, columns)) index.add(row);
  let [trainRows, duplicates] = [0, 0];
  for await (const row of rowsOf(train, columns)) {
    trainRows += 1;
    if (index.has(row, true)) duplicates += 1;
  }
  const testRows: TwinRow[] = [];
  for await (const row of rowsOf(test, columns)) testRows.push(row);
  const twins = testRows.map((row) => index.has(row));
  return {
    ...{ columns, twins, testRows, near },
    test: { count: twins.filter(Boolean).length, of: testRows.length },
    train: { count: duplicates, of: trainRows },
  };
}

/** Test rows that a table holds and train does not, under the same column names or, without them, side by side. */
export async function testRowsIn(table: Table, { columns, testRows, twins, near }: Overlap): Promise<number> {
  const index = new TwinIndex(near);
  const places = columns.map((name) => table.columns.indexOf(name));
  const named = places.every((at) => at >= 0);
  for await (const row of table.rows) {
    if (named) index.add(twinRow(places.map((at) => row[at] ?? '')));
    else
      for (let at = 0; at + columns.length <= row.length; at += 1)
        index.add(twinRow(row.slice(at, at + columns.length)));
  }
  return testRows.filter((row, i) => !twins[i] && index.has(row)).length;
}

async function* rowsOf(files: readonly Rows[], columns: readonly string[]): AsyncGenerator<TwinRow> {
  for (const file of files) {
    const table = await opened(file);
    if (table === null) continue;
    const places = columns.map((name) => table.columns.indexOf(name));
    for await (const row of table.rows) yield twinRow(places.map((at) => row[at] ?? ''));
  }
}

async function commonColumns(
  files: readonly Rows[],
  test: readonly Rows[],
  label: string | undefined,
): Promise<string[]> {
  const headers: (readonly string[])[] = [];
  for (const file of files) {
    const table = await opened(file);
    if (table !== null) headers.push(table.columns);
  }
  const [first = [], ...others] = headers;
  const common = first.filter((name) => others.every((columns) => columns.includes(name)));
  const telling = common.filter((name) => !ID_NAME.test(name));
  const silent = new Set<string>(label === undefined ? [] : [label]);
  for (const file of test) for (const name of await silentColumns(file)) silent.add(name);
  const kept = telling.filter((name) => !silent.has(name));
  return kept.length > 0 ? kept : telling.filter((name) => name !== label);
}

/** Columns that count up, or that hold one value throughout: neither says what a row is. */
async function silentColumns(file: Rows): Promise<string[]> {
  const table = await opened(file);
  if (table === null) return [];
  const sample: (readonly string[])[] = [];
  for await (const row of table.rows) {
    sample.push(row);
    if (sample.length >= SAMPLE) break;
  }
  if (sample.length < 3) return [];
  return table.columns.filter((_, at) => {
    const values = sample.map((row) => row[at] ?? '');
    const steps = values.slice(1).map((value, i) => Number(value) - Number(values[i]));
    return values.every((value) => value === values[0]) || steps.every((step) => step === 1);
  });
}

async function opened(file: Rows): Promise<Table | null> {
  return 'keys' in file ? tableOfArray(file) : await openTable(file.path);
}

/** Of files: an array holds no texts. */
async function bytesOf(files: readonly Rows[]): Promise<number> {
  let total = 0;
  for (const file of files) if ('path' in file) total += (await stat(file.path)).size;
  return total;
}
