import { open } from 'node:fs/promises';
import { readParquetColumns } from '../../data/parquetRows.ts';
import { encodingOf } from './fileText.ts';
import { JsonLines } from './jsonRows.ts';
import { formatOf } from './profileTable.ts';
import { SeparatedRows } from './separatedRows.ts';
import { TableProfiler } from './tableProfiler.ts';

/** How much of the beginning tells the columns. Bytes. */
const HEAD = 1 << 16;

/** The names of a table's columns, from its first lines; null where it has none by which tables are compared. */
export async function columnsOf(path: string): Promise<readonly string[] | null> {
  const format = formatOf(path);
  if (format === 'parquet') return readParquetColumns(path);
  if (format !== 'csv' && format !== 'tsv' && format !== 'jsonl') return null;
  const head = await headOf(path);
  const table = new TableProfiler();
  const reader = format === 'jsonl' ? new JsonLines(table) : new SeparatedRows(table, format === 'tsv' ? '\t' : null);
  reader.take(head.slice(0, head.lastIndexOf('\n') + 1) || head);
  const columns = table.finish().columns.map(({ name }) => name);
  return columns.length === 0 ? null : columns;
}

async function headOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    const bytes = buffer.subarray(0, bytesRead);
    return new TextDecoder(encodingOf(bytes)).decode(bytes);
  } finally {
    await file.close();
  }
}
