import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hasEnded, type RunSpec } from '../../domain/run.ts';
import { clearAway } from '../arrangement.ts';
import { recordStopped } from '../lostRun.ts';
import { inRun, readRecord, readSpec, runFolder, writeRecord } from '../runFolder.ts';
import { common, supervise } from '../supervise.ts';
import { declareOver, isOver, runsOf } from './jobFolder.ts';

/**
 * What a job of Slurm does on its node: runs what it holds, one after the other, as a supervisor does. A job that Slurm
 * has put back into its queue begins with its first run, so that all arms of a seed run on one node; what an ended job
 * says stays.
 * @param folder `<workspace>/.mlr/sessions/<session>/jobs/<name>`
 */
export async function runJob(folder: string): Promise<void> {
  if (isOver(folder)) return;
  const workspace = join(folder, '..', '..', '..', '..', '..');
  const runs = await runsOf(folder);
  const isAgain = Number(process.env.SLURM_RESTART_COUNT ?? 0) > 0;
  for (const id of runs) if (isAgain) await beginAnew(runFolder(workspace, id));
  for (const id of runs) await runNext(workspace, id);
  await declareOver(folder);
}

async function runNext(workspace: string, id: string): Promise<void> {
  const folder = runFolder(workspace, id);
  const record = await readRecord(folder);
  if (record === null || hasEnded(record)) return;
  const spec = await readSpec(folder);
  if (await dropIfFruitless(workspace, spec)) return;
  await rm(inRun.waits(folder), { force: true });
  if (existsSync(inRun.stop(folder))) await recordStopped(spec, folder);
  else await supervise(spec, folder);
}

/** Removes a run whose output it was to read did not come about: nobody asks for it then.
 *  @returns whether it was so */
export async function dropIfFruitless(workspace: string, { id, after }: RunSpec): Promise<boolean> {
  const before = after === undefined ? null : await readRecord(runFolder(workspace, after));
  if (before === null || before.state === 'finished' || !hasEnded(before)) return false;
  await rm(runFolder(workspace, id), { recursive: true, force: true });
  return true;
}

/** Forgets what an earlier start of a run left; one that a person stopped stays so. */
async function beginAnew(folder: string): Promise<void> {
  const record = await readRecord(folder);
  if (record === null || record.state === 'queued' || record.state === 'stopped') return;
  const spec = await readSpec(folder);
  await clearAway(spec.id, folder);
  const kept = new Set([inRun.spec(folder), inRun.stop(folder), inRun.record(folder)].map((path) => basename(path)));
  for (const name of await readdir(folder)) {
    if (!kept.has(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
  await writeRecord(folder, { state: 'queued', ...common(spec, record.cwd) });
}
