import { open } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { EndedRun } from '../domain/run.ts';
import { inRun, runFolder } from '../runs/runFolder.ts';
import { isReadable, openTable, unheaded } from './table.ts';
import { sameValue } from './tokens.ts';

/** What a run predicted, as far as checks look at it. */
export interface Predictions {
  readonly rows: number;
  /** Ids as they are compared; null where there is no such column. */
  readonly ids: readonly string[] | null;
  /** Whether every row predicts the same. */
  readonly constant: boolean;
}

/** Reads the predictions of a run.
 *  @returns null where there is no file that can be read as a table */
export async function readPredictions(path: string, idColumn: string | undefined): Promise<Predictions | null> {
  const table = await openTable(path);
  if (table === null) return null;
  const at = idColumn === undefined ? -1 : table.columns.indexOf(idColumn);
  const ids: string[] = [];
  let rows = 0;
  let first: string | null = null;
  let constant = true;
  for await (const row of table.rows) {
    rows += 1;
    if (at >= 0) ids.push(sameValue(row[at] ?? ''));
    const said = row.filter((_, i) => i !== at).join('\u0001');
    first ??= said;
    if (said !== first) constant = false;
  }
  return { rows: rows + (at < 0 ? unheaded(table) : 0), ids: at < 0 ? null : ids, constant: constant && rows > 1 };
}

/** Where a run wrote a file of its output. */
export function outputOf(workspace: string, run: Pick<EndedRun, 'id'>, file: string): string {
  return join(inRun.out(runFolder(workspace, run.id)), file);
}

const RUNS_CODE = ['.pkl', '.pickle', '.joblib', '.dill', '.pt', '.pth', '.ckpt'];

/** Whether loading a file runs code that is in it, by its ending or its first bytes. */
export async function runsCode(path: string): Promise<boolean> {
  if (!(await isReadable(path))) return false;
  if (RUNS_CODE.includes(extname(path).toLowerCase())) return true;
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
    return startsAsCode(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** A pickle says its protocol first; torch.save makes a zip with one inside; a .npy of objects holds one. */
function startsAsCode(start: Buffer): boolean {
  if (start[0] === 0x80 && (start[1] ?? 0) >= 2 && (start[1] ?? 0) <= 5) return true;
  const text = start.toString('latin1');
  if (text.startsWith('PK')) return text.includes('data.pkl');
  return text.startsWith('\u0093NUMPY') && /'descr':\s*'\|O/.test(text);
}
