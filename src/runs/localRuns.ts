import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { hasEnded, type RunSpec } from '../domain/run.ts';
import { fullDiskSentence, isFullDisk } from './fullDisk.ts';
import { endLeftovers } from './leftovers.ts';
import { recordLost, recordStopped } from './lostRun.ts';
import { atOnceIn, MachineShares, type Share } from './machineShares.ts';
import { dequeue, type QueueEntry } from './queueFolder.ts';
import { RunError } from './runError.ts';
import { inRun, readRecord, readSpec, runFolder, writeSpec } from './runFolder.ts';
import { recordUnstarted, supervise } from './supervise.ts';

/** The runs of a session on this machine: starts them in the order of their submission, as many at a time as the
 *  session may have and the machine has room for, and waits for none that a later one would have to overtake. */
export class LocalRuns {
  readonly #session: string;
  readonly #workspace: string;
  readonly #ended: AbortSignal;
  readonly #over: () => void;
  readonly #running = new Map<string, Promise<void>>();
  readonly #shares = new MachineShares();
  /** Those that run in a cluster: somebody else follows them. */
  readonly #elsewhere = new Set<string>();

  /** @param over is told when a run has ended */
  constructor(session: string, workspace: string, ended: AbortSignal, over: () => void) {
    this.#session = session;
    this.#workspace = workspace;
    this.#ended = ended;
    this.#over = over;
  }

  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  async allEnded(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  /** Starts what may start; on the way, entries that need no start are settled and removed.
   *  @returns whether any of them waits or runs on this machine */
  async startReady(entries: readonly QueueEntry[]): Promise<boolean> {
    const atOnce = await atOnceIn(this.#session);
    let isFull = false;
    for (const entry of entries) {
      if (this.#running.has(entry.id) || this.#elsewhere.has(entry.id)) continue;
      const next = await this.#settle(entry.id).catch(isUnreadable);
      if (next === 'settled') await dequeue(this.#session, entry);
      else if (next === 'elsewhere') this.#elsewhere.add(entry.id);
      else if (next !== 'later' && !isFull) isFull = !(await this.#start(entry, next, atOnce));
    }
    return entries.some(({ id }) => !this.#elsewhere.has(id));
  }

  /** @returns false while others have what it needs */
  async #start(entry: QueueEntry, spec: RunSpec, atOnce: number): Promise<boolean> {
    const share = await this.#shares.take(spec, atOnce).catch(async (error: unknown) => {
      if (!RunError.is(error, 'spec')) throw error;
      const ending = { state: 'failed', failure: 'spawn', reason: error.message } as const;
      await recordUnstarted(spec, runFolder(this.#workspace, entry.id), ending);
      await dequeue(this.#session, entry);
      return 'refused' as const;
    });
    if (share === null || share === 'refused') return share !== null;
    const done = this.#run(entry, spec, share).finally(async () => {
      await share.release();
      this.#running.delete(entry.id);
      this.#over();
    });
    this.#running.set(entry.id, done);
    return true;
  }

  /** Whether a run needs no start (it has ended, was lost with an earlier supervisor, or is to be stopped), is started by
   *  others, or must wait for the run whose output it reads; else what is to be started. */
  async #settle(id: string): Promise<RunSpec | 'settled' | 'elsewhere' | 'later'> {
    const folder = runFolder(this.#workspace, id);
    const run = await readRecord(folder);
    if (run === null || hasEnded(run)) return 'settled';
    if (run.slurm !== undefined) return 'elsewhere';
    const spec = await readSpec(folder);
    if (run.state === 'running') await recordLost(spec, folder, run);
    else if (existsSync(inRun.stop(folder))) await recordStopped(spec, folder);
    else {
      const before = spec.after === undefined ? null : await readRecord(runFolder(this.#workspace, spec.after));
      if (before === null || before.state === 'finished') return spec;
      if (!hasEnded(before)) return 'later';
      await rm(folder, { recursive: true, force: true });
    }
    return 'settled';
  }

  async #run(entry: QueueEntry, asked: RunSpec, share: Share): Promise<void> {
    const folder = runFolder(this.#workspace, entry.id);
    const spec = { ...asked, env: { ...asked.env, ...share.env } };
    // An earlier supervisor may have died between starting it and saying so; what it laid out is then still there.
    if (existsSync(inRun.tree(folder))) await endLeftovers(spec);
    try {
      // Which GPUs were lent to it is a part of what was run.
      if (Object.keys(share.env).length > 0) await writeSpec(folder, spec);
      await supervise(spec, folder, this.#ended);
    } catch (error) {
      // A full disk, say. The queue goes on, and the record tells why.
      const reason = `It could not be supervised: ${error instanceof Error ? error.message : String(error)}.`;
      await endLeftovers(spec);
      const full = isFullDisk(error);
      const failure = full ? 'disk' : 'host';
      await recordUnstarted(spec, folder, {
        state: 'failed',
        failure,
        reason: full ? fullDiskSentence(folder) : reason,
      });
    }
    await dequeue(this.#session, entry);
  }
}

/** A record that cannot be read must not stop the queue; whoever waits for that run is told. */
function isUnreadable(error: unknown): 'settled' {
  if (RunError.is(error, 'record') || RunError.is(error, 'unknown')) return 'settled';
  throw error;
}
