import { existsSync } from 'node:fs';
import path from 'node:path';
import type { SessionEvent } from '../domain/event.ts';
import { type EndedRun, hasEnded, type Run } from '../domain/run.ts';
import { hashBeside } from '../runs/besideRecord.ts';
import { hashOutput } from '../runs/outputFolder.ts';
import { inRun, readRecord, runFolder } from '../runs/runFolder.ts';
import { SessionError } from './errors.ts';

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
  if ((await hashOutput(out, Number.POSITIVE_INFINITY))?.sha256 === output.sha256) return;
  throw new SessionError(
    'log',
    `${out} was altered: the run's record holds the sum of what it wrote, and it is another.`,
  );
}
