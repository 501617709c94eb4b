import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EndedRun, Run, RunSpec } from '../domain/run.ts';
import { hasEnded } from '../domain/run.ts';
import { clearAway } from './arrangement.ts';
import { endLeftovers } from './leftovers.ts';
import { readLock } from './lock.ts';
import { RunError } from './runError.ts';
import { inRun, readIfThere, readRecord, readSpec, runFolder, sessionFolder } from './runFolder.ts';
import { recordUnstarted } from './supervise.ts';
import { dropBound } from './taskBound.ts';

/** Where a session's supervisor says that it lives. */
export function supervisorLock(session: string): string {
  return join(session, 'supervisor.lock');
}

/**
 * A run as it stands. One that was lost with its supervisor is recorded as failed (`host`) by this look, and what is
 * left of it is killed; one that was to be stopped before anybody started it is recorded as stopped.
 * @throws RunError `unknown` where there is no such run, `record` where its record cannot be read
 */
export async function readRun(workspace: string, id: string): Promise<Run> {
  const folder = runFolder(workspace, id);
  const run = await recordOf(folder, id);
  // A job of a cluster needs nobody here, and whoever follows it records how it ended.
  if (hasEnded(run) || run.slurm !== undefined) return run;
  const lock = supervisorLock(sessionFolder(workspace, run.session));
  if ((await readLock(lock)).live) return run;
  // The supervisor writes the end before it lets go of its lock, so what still runs now was lost.
  const now = await recordOf(folder, id);
  if (now.state === 'running') return await recordLost(await readSpec(folder), folder, now);
  if (now.state === 'queued' && existsSync(inRun.stop(folder)))
    return await recordStopped(await readSpec(folder), folder);
  return now;
}

/** Ends what is left of a run whose supervisor is gone, and records it as lost with its host. */
export async function recordLost(spec: RunSpec, folder: string, run: Run & { state: 'running' }): Promise<EndedRun> {
  await endLeftovers(spec);
  await dropBound(spec.id);
  await clearAway(spec.id, folder);
  const reason = 'Its supervisor or its machine went away while it ran.';
  return await recordUnstarted(spec, folder, { state: 'failed', failure: 'host', reason }, run);
}

/** Records a run that was stopped while it waited. */
export async function recordStopped(spec: RunSpec, folder: string): Promise<EndedRun> {
  const by = ((await readIfThere(inRun.stop(folder))) ?? '').trim() || 'somebody';
  // It may have been laid out.
  await clearAway(spec.id, folder);
  return await recordUnstarted(spec, folder, { state: 'stopped', by });
}

async function recordOf(folder: string, id: string): Promise<Run> {
  const run = await readRecord(folder);
  if (run === null) throw new RunError('unknown', `There is no run ${id}: ${inRun.record(folder)} is missing.`);
  return run;
}
