import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { eachArray } from '../../data/npzArchive.ts';
import { type ArrayHead, readArray } from '../../data/numpyArray.ts';
import { readParquet } from '../../data/parquetRows.ts';
import type { TableProfile, Unreadable } from './dataProfile.ts';
import { BinaryText, FileText } from './fileText.ts';
import { JsonLines, readJsonTable } from './jsonRows.ts';
import { SeparatedRows } from './separatedRows.ts';
import { TableProfiler } from './tableProfiler.ts';

const FORMATS: Record<string, TableProfile['format']> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.json': 'json',
  '.parquet': 'parquet',
  '.npy': 'npy',
  '.npz': 'npz',
};
/** JSON that is not line by line has to be read whole. Bytes. */
const LARGEST_JSON = 64 * 2 ** 20;
/** So much more than it takes on the disk an array may say it is; beyond, it is a trap or all zeros. */
const LARGEST_EXPANSION = { bytes: 2 ** 30, times: 200 };

/** A table with the rows it can be compared by; an archive holds several. */
export interface ProfiledTable {
  readonly profile: TableProfile;
  readonly rows: TableProfiler;
}

export function formatOf(path: string): TableProfile['format'] | null {
  return FORMATS[extname(path).toLowerCase()] ?? null;
}

/** Profiles one file.
 *  @param shown the path as it is told
 *  @param compared lists of columns by which its rows will be compared */
export async function profileTable(
  path: string,
  shown: string,
  compared: readonly (readonly string[])[] = [],
): Promise<ProfiledTable[] | Unreadable> {
  const format = formatOf(path);
  if (format === null) return unreadable(shown, `files called ${extname(path) || basename(path)} are not profiled`);
  try {
    if (format === 'npz') return await profileArchive(path, shown);
    const rows = new TableProfiler(compared);
    const read = await readInto(rows, path, format);
    if (typeof read === 'string') return unreadable(shown, read);
    const { sha256, bytes, head } = read;
    const array = head && { shape: head.shape, type: head.type };
    const profile: TableProfile = { kind: 'table', path: shown, format, bytes, sha256, array, ...rows.finish() };
    return [{ profile, rows }];
  } catch (error) {
    if (error instanceof BinaryText) return unreadable(shown, error.message);
    if (error instanceof Error && 'code' in error) return unreadable(shown, `it cannot be read (${error.message})`);
    throw error;
  }
}

interface WasRead {
  readonly sha256: string;
  readonly bytes: number;
  readonly head: ArrayHead | null;
}

async function readInto(
  rows: TableProfiler,
  path: string,
  format: Exclude<TableProfile['format'], 'npz'>,
): Promise<WasRead | string> {
  if (format === 'csv' || format === 'tsv' || format === 'jsonl') {
    const reader = format === 'jsonl' ? new JsonLines(rows) : new SeparatedRows(rows, format === 'tsv' ? '\t' : null);
    const text = new FileText(path);
    for await (const piece of text.pieces()) reader.take(piece);
    reader.end();
    if (text.note !== null) rows.note(text.note);
    return { sha256: text.sha256(), bytes: text.bytes, head: null };
  }
  const { size } = await stat(path);
  const result = await readWhole(rows, path, format, size);
  if (typeof result === 'string') return result;
  return { sha256: await sha256Of(path), bytes: size, head: result };
}

async function readWhole(
  rows: TableProfiler,
  path: string,
  format: 'json' | 'parquet' | 'npy',
  size: number,
): Promise<ArrayHead | string | null> {
  if (format === 'parquet') return readParquet(path, rows);
  if (format === 'npy') return readArray(createReadStream(path, { highWaterMark: 1 << 20 }), size, rows);
  if (size > LARGEST_JSON)
    return `it has ${size} bytes, and JSON has to be read whole: store it as JSON lines (.jsonl) above ${LARGEST_JSON / 2 ** 20} MB`;
  const text = await readFile(path, 'utf8');
  return readJsonTable(text.replace(/^\ufeff/, ''), rows);
}

async function profileArchive(path: string, shown: string): Promise<ProfiledTable[] | Unreadable> {
  const tables: ProfiledTable[] = [];
  const { size } = await stat(path);
  const sha256 = await sha256Of(path);
  const broken = await eachArray(path, async ({ name, bytes, compressed, open }) => {
    const rows = new TableProfiler();
    const isTrap = bytes > LARGEST_EXPANSION.bytes && bytes > compressed * LARGEST_EXPANSION.times;
    if (isTrap) rows.stop(`it would expand from ${compressed} to ${bytes} bytes, so it was not unpacked`, 1);
    const head = isTrap ? 'not unpacked' : await readArray(await open(), bytes, rows);
    if (typeof head === 'string' && !isTrap) rows.stop(head, 1);
    const array = typeof head === 'string' ? null : { shape: head.shape, type: head.type };
    const profile: TableProfile = {
      ...{ kind: 'table', path: `${shown}!${name}`, format: 'npz', bytes: size, sha256, array },
      ...rows.finish(),
    };
    tables.push({ profile, rows });
  });
  return broken === null ? tables : unreadable(shown, broken);
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}

function unreadable(path: string, why: string): Unreadable {
  return { kind: 'unreadable', path, why };
}
