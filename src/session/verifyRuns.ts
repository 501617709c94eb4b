import { existsSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { SessionEvent } from '../domain/event.ts';
import { type EndedRun, hasEnded, type Run } from '../domain/run.ts';
import { hashBeside } from '../runs/besideRecord.ts';
import { hashOutput } from '../runs/outputFolder.ts';
import { inRun, readIfThere, readRecord, runFolder } from '../runs/runFolder.ts';
import { SessionError } from './errors.ts';

const Freed = z.object({ sha256: z.string().nullable() });

/** Holds the folder of every run against what the log said when the run ended: its record, the files beside it, and what
 *  it wrote. An output folder that was removed, to make room say, is no fault; one that holds other bytes is.
 *  @returns how many runs there are
 *  @throws SessionError `log` naming the first file that is missing or altered */
export async function verifyRuns(workspace: string, events: readonly SessionEvent[]): Promise<number> {
  const logged = new Map(events.flatMap((e): [string, Run][] => (e.type === 'run.ended' ? [[e.run.id, e.run]] : [])));
  for (const [id, run] of logged) {
    const record = await verifyRecord(runFolder(workspace, id), run);
    await verifyBeside(runFolder(workspace, id), record);
    await verifyOutput(runFolder(workspace, id), record);
  }
  return logged.size;
}

async function verifyRecord(folder: string, run: Run): Promise<EndedRun> {
  const file = inRun.record(folder);
  const record = await readRecord(folder).catch((cause: unknown) => {
    throw new SessionError('log', `${file} was altered: it is no record any more.`, { cause });
  });
  if (!(record && hasEnded(record)))
    throw new SessionError('log', `${file} is missing, and the log says that the run ended.`);
  if (JSON.stringify(record) === JSON.stringify(run)) return record;
  throw new SessionError('log', `${file} was altered: it says other things than the log did when the run ended.`);
}

async function verifyBeside(folder: string, { beside }: EndedRun): Promise<void> {
  if (beside === undefined) return;
  const found = await hashBeside(folder);
  for (const [name, sha256] of Object.entries(beside)) {
    if (found[name] === sha256) continue;
    const what = found[name] === undefined ? 'is missing' : 'was altered';
    throw new SessionError('log', `${path.join(folder, name)} ${what}: the run's record holds its sum.`);
  }
}

async function verifyOutput(folder: string, { output }: EndedRun): Promise<void> {
  const out = inRun.out(folder);
  if (output === null || !existsSync(out)) return;
  const found = (await hashOutput(out, Number.POSITIVE_INFINITY))?.sha256;
  if (found === output.sha256 || (found !== undefined && found === (await sumLeft(folder)))) return;
  throw new SessionError(
    'log',
    `${out} was altered: the run's record holds the sum of what it wrote, and it is another.`,
  );
}

/** The sum of what `mlr clean` left of an output; null where it removed nothing. */
async function sumLeft(folder: string): Promise<string | null> {
  const text = await readIfThere(inRun.freed(folder));
  const freed = text === null ? null : Freed.safeParse(parseJson(text));
  return freed?.success ? freed.data.sha256 : null;
}

/** @returns undefined for what is no JSON: it then vouches for nothing */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
