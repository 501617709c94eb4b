import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { hasEnded } from '../domain/run.ts';
import { fullDiskSentence, isFullDisk } from './fullDisk.ts';
import { treesIn } from './keptTrees.ts';
import { endLeftovers } from './leftovers.ts';
import { type Lock, takeLock } from './lock.ts';
import { recordLost, recordStopped, supervisorLock } from './lostRun.ts';
import { Nudge } from './nudge.ts';
import { dequeue, type QueueEntry, queued, queueIn } from './queueFolder.ts';
import { RunError } from './runError.ts';
import { inRun, readRecord, readSpec, runFolder } from './runFolder.ts';
import { recordUnstarted, supervise } from './supervise.ts';
import { removeTree } from './treeFiles.ts';

export interface SupervisorOptions {
  /** Ends itself after so long without a run. Milliseconds. */
  idle?: number;
}

/** The run that is being supervised, if any. */
interface Running {
  id: string | null;
  done: Promise<void>;
}

/** The queue is looked at this often even where the system does not say that it changed. Milliseconds. */
const LOOK_EVERY = 250;
const IDLE = 2_000;

/**
 * The supervisor of a session: the one process that runs its queue, one run after the other in order of submission.
 * Outlives the engine; ends itself when there has been nothing to do for a while, and takes its run with it when it
 * is ended. Resolves at its end; at once where another supervisor lives.
 *
 * @param session folder of the session, `<workspace>/.mlr/sessions/<id>`
 */
export async function runSupervisor(
  session: string,
  workspace: string,
  options: SupervisorOptions = {},
): Promise<void> {
  await mkdir(queueIn(session), { recursive: true });
  const ending = new AbortController();
  const end = () => ending.abort();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, end);
  // A closed terminal is no reason to end.
  process.on('SIGHUP', () => undefined);
  while (!ending.signal.aborted) {
    const lock = await takeOrYield(supervisorLock(session));
    if (lock === null) return;
    try {
      // Of a supervisor that was killed: whatever became of them since, they are not used.
      await removeTree(treesIn(session));
      await runQueue(session, workspace, lock, ending.signal, options.idle ?? IDLE);
      await removeTree(treesIn(session));
    } finally {
      await lock.release();
    }
    // Whoever saw the lock a moment ago counts on its run being started.
    if ((await queued(session)).length === 0) return;
  }
}

async function takeOrYield(path: string): Promise<Lock | null> {
  try {
    return await takeLock(path);
  } catch (error) {
    if (RunError.is(error, 'locked')) return null;
    throw error;
  }
}

async function runQueue(session: string, workspace: string, lock: Lock, ended: AbortSignal, idle: number) {
  const changed = new Nudge().on(queueIn(session));
  ended.addEventListener('abort', changed.give);
  const running: Running = { id: null, done: Promise.resolve() };
  let idleSince = Date.now();
  try {
    while (!ended.aborted && (running.id !== null || Date.now() - idleSince < idle) && (await lock.isHeld())) {
      const next = await firstReady(session, workspace, running.id);
      if (next && running.id === null) {
        running.id = next.id;
        running.done = runEntry(session, workspace, next, ended).finally(() => {
          running.id = null;
          idleSince = Date.now();
          changed.give();
        });
      } else await changed.wait(LOOK_EVERY);
    }
    await running.done;
  } finally {
    changed.close();
    ended.removeEventListener('abort', changed.give);
  }
}

/** The first entry to start; on the way, entries that need no start are settled and removed. */
async function firstReady(session: string, workspace: string, runningId: string | null): Promise<QueueEntry | null> {
  let first: QueueEntry | null = null;
  for (const entry of await queued(session)) {
    if (entry.id === runningId) continue;
    if (await settle(workspace, entry.id).catch(isUnreadable)) await dequeue(session, entry);
    else first ??= entry;
  }
  return first;
}

/** Whether a run needs no start: it has ended, was lost with an earlier supervisor, or is to be stopped. */
async function settle(workspace: string, id: string): Promise<boolean> {
  const folder = runFolder(workspace, id);
  const run = await readRecord(folder);
  if (run === null || hasEnded(run)) return true;
  if (run.state === 'running') await recordLost(await readSpec(folder), folder, run);
  else if (existsSync(inRun.stop(folder))) await recordStopped(await readSpec(folder), folder);
  else return false;
  return true;
}

/** A record that cannot be read must not stop the queue; whoever waits for that run is told. */
function isUnreadable(error: unknown): true {
  if (RunError.is(error, 'record') || RunError.is(error, 'unknown')) return true;
  throw error;
}

async function runEntry(session: string, workspace: string, entry: QueueEntry, ended: AbortSignal): Promise<void> {
  const folder = runFolder(workspace, entry.id);
  const spec = await readSpec(folder);
  // An earlier supervisor may have died between starting it and saying so; what it laid out is then still there.
  if (existsSync(inRun.tree(folder))) await endLeftovers(spec);
  try {
    await supervise(spec, folder, ended);
  } catch (error) {
    // A full disk, say. The queue goes on, and the record tells why.
    const reason = `It could not be supervised: ${error instanceof Error ? error.message : String(error)}.`;
    await endLeftovers(spec);
    const full = isFullDisk(error);
    const failure = full ? 'disk' : 'host';
    await recordUnstarted(spec, folder, { state: 'failed', failure, reason: full ? fullDiskSentence(folder) : reason });
  }
  await dequeue(session, entry);
}
