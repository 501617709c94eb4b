import { mkdir } from 'node:fs/promises';
import { treesIn } from './keptTrees.ts';
import { LocalRuns } from './localRuns.ts';
import { type Lock, takeLock } from './lock.ts';
import { supervisorLock } from './lostRun.ts';
import { Nudge } from './nudge.ts';
import { dequeueRun, queued, queueIn } from './queueFolder.ts';
import { RunError } from './runError.ts';
import { ClusterJobs } from './slurm/clusterJobs.ts';
import { removeTree } from './treeFiles.ts';

export interface SupervisorOptions {
  /** Ends itself after so long without a run. Milliseconds. */
  idle?: number;
  /** The words that run a job on a node of a cluster; the job's folder follows them. */
  jobArgv?: readonly string[];
}

/** The queue is looked at this often even where the system does not say that it changed. Milliseconds. */
const LOOK_EVERY = 250;
/** Hundreds of runs wait in a cluster for hours. Milliseconds. */
const CLUSTER_LOOK_EVERY = 1_000;
const IDLE = 2_000;

/**
 * The supervisor of a session: the one process that works on its queue. Runs of this machine it starts in order of
 * submission, as many at a time as the session may have; those of a cluster it submits and follows. Outlives the engine;
 * ends itself when there has been nothing to do for a while, and takes the runs of this machine with it when it is
 * ended. Resolves at its end; at once where another supervisor lives.
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
      await runQueue(session, workspace, lock, ending.signal, options);
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

async function runQueue(
  session: string,
  workspace: string,
  lock: Lock,
  ended: AbortSignal,
  options: SupervisorOptions,
) {
  const { idle = IDLE, jobArgv = [] } = options;
  const changed = new Nudge().on(queueIn(session));
  ended.addEventListener('abort', changed.give);
  const local = new LocalRuns(session, workspace, ended, changed.give);
  const cluster = new ClusterJobs(session, workspace, jobArgv);
  let idleSince = performance.now();
  let asked = true;
  try {
    const isWanted = () => local.isBusy || cluster.isBusy || performance.now() - idleSince < idle;
    while (!ended.aborted && isWanted() && (await lock.isHeld())) {
      const entries = await queued(session);
      const isLocal = await local.startReady(entries);
      if (cluster.isDue(asked)) for (const id of await cluster.look()) await dequeueRun(session, id);
      if (local.isBusy || cluster.isBusy) idleSince = performance.now();
      asked = await changed.wait(cluster.isBusy && !isLocal ? CLUSTER_LOOK_EVERY : LOOK_EVERY);
    }
    await local.allEnded();
  } finally {
    changed.close();
    ended.removeEventListener('abort', changed.give);
  }
}
