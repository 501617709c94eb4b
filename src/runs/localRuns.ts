import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { hasEnded, type RunSpec } from '../domain/run.ts';
import { fullDiskSentence, isFullDisk } from './fullDisk.ts';
import { keptTrees } from './keptTrees.ts';
import { endLeftovers } from './leftovers.ts';
import { recordLost, recordStopped } from './lostRun.ts';
import { atOnceIn, MachineShares, type Share } from './machineShares.ts';
import { dequeue, type QueueEntry } from './queueFolder.ts';
import { RunError } from './runError.ts';
import { inRun, readRecord, readSpec, runFolder, writeSpec } from './runFolder.ts';
import { SpareShell } from './spareShell.ts';
import { type LaidOut, layOut, recordUnstarted, supervise, takeDown } from './supervise.ts';

/** The runs of a session on this machine: starts them in the order of their submission, as many at a time as the
 *  session may have and the machine has room for, and waits for none that a later one would have to overtake. */
export class LocalRuns {
  readonly #session: string;
  readonly #workspace: string;
  readonly #ended: AbortSignal;
  readonly #changed: () => void;
  readonly #running = new Map<string, { done: Promise<void>; confinement: RunSpec['confinement'] }>();
  readonly #shares = new MachineShares();
  /** Those of them whose command is not started yet: nothing may delay it. */
  readonly #starting = new Set<string>();
  /** Those that run in a cluster: somebody else follows them. */
  readonly #elsewhere = new Set<string>();
  /** What was laid out while others ran, by run. */
  readonly #laidOut = new Map<string, Promise<LaidOut>>();
  readonly #shells = new SpareShell();

  /** @param changed is told when a run was started or has ended */
  constructor(session: string, workspace: string, ended: AbortSignal, changed: () => void) {
    this.#session = session;
    this.#workspace = workspace;
    this.#ended = ended;
    this.#changed = changed;
  }

  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  /** Waits for those that run, and clears away what was prepared for others. */
  async allEnded(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ done }) => done));
    this.#shells.end();
    for (const id of this.#laidOut.keys()) await this.#dropLayout(id);
  }

  /** Starts what may start; on the way, entries that need no start are settled and removed.
   *  @returns whether any of them waits or runs on this machine */
  async startReady(entries: readonly QueueEntry[]): Promise<boolean> {
    const atOnce = await atOnceIn(this.#session);
    let isFull = false;
    /** The first that must wait. */
    let waiting: RunSpec | null = null;
    for (const { id, name } of entries) {
      if (this.#running.has(id) || this.#elsewhere.has(id)) continue;
      // Behind it, only what is to be stopped matters before something has ended.
      if (isFull && waiting && !existsSync(inRun.stop(runFolder(this.#workspace, id)))) continue;
      const next = await this.#settle(id).catch(isUnreadable);
      if (next === 'settled') {
        await this.#dropLayout(id);
        await dequeue(this.#session, { id, name });
      } else if (next === 'elsewhere') this.#elsewhere.add(id);
      else if (isFull || next.isEarly || !(await this.#start({ id, name }, next.spec, atOnce))) {
        isFull ||= !next.isEarly;
        waiting ??= next.spec;
      }
    }
    if (waiting) this.#prepare(waiting);
    // While somebody decides what comes next.
    else if (!this.isBusy && entries.every(({ id }) => !this.#elsewhere.has(id))) this.#shells.prepare();
    return entries.some(({ id }) => !this.#elsewhere.has(id));
  }

  /** Lays out what comes next while others run. One that is not confined could reach into it; and what its own arm's run
   *  will leave of a large tree is better than another copy. */
  #prepare(spec: RunSpec): void {
    const isApart = [spec, ...this.#running.values()].every(({ confinement }) => confinement === 'bwrap');
    if (!this.isBusy || this.#starting.size > 0 || !isApart || this.#laidOut.size > 0) return;
    if (!existsSync(spec.source) || keptTrees.keeps(spec.source)) return;
    this.#shells.prepare();
    const laidOut = layOut(spec, runFolder(this.#workspace, spec.id));
    // Whoever starts it is told.
    laidOut.catch(() => undefined);
    this.#laidOut.set(spec.id, laidOut);
  }

  async #dropLayout(id: string): Promise<void> {
    const laidOut = this.#laidOut.get(id);
    if (laidOut === undefined) return;
    this.#laidOut.delete(id);
    await takeDown({ id }, runFolder(this.#workspace, id), laidOut);
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
    this.#starting.add(entry.id);
    const done = this.#run(entry, spec, share).finally(async () => {
      await share.release();
      this.#starting.delete(entry.id);
      this.#running.delete(entry.id);
      this.#changed();
    });
    this.#running.set(entry.id, { done, confinement: spec.confinement });
    return true;
  }

  /** Whether a run needs no start (it has ended, was lost with an earlier supervisor, or is to be stopped), is started by
   *  others; else what is to be started, and whether it is too early: the run whose output it reads has not ended. */
  async #settle(id: string): Promise<{ spec: RunSpec; isEarly: boolean } | 'settled' | 'elsewhere'> {
    const folder = runFolder(this.#workspace, id);
    const run = await readRecord(folder);
    if (run === null || hasEnded(run)) return 'settled';
    if (run.slurm !== undefined) return 'elsewhere';
    const spec = await readSpec(folder);
    if (run.state === 'running') await recordLost(spec, folder, run);
    else if (existsSync(inRun.stop(folder))) await recordStopped(spec, folder);
    else {
      const before = spec.after === undefined ? null : await readRecord(runFolder(this.#workspace, spec.after));
      if (before === null || before.state === 'finished') return { spec, isEarly: false };
      if (!hasEnded(before)) return { spec, isEarly: true };
      await this.#dropLayout(id);
      // Somebody may be asking for its stop.
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
    return 'settled';
  }

  async #run(entry: QueueEntry, asked: RunSpec, share: Share): Promise<void> {
    const folder = runFolder(this.#workspace, entry.id);
    const spec = { ...asked, env: { ...asked.env, ...share.env } };
    const laidOut = this.#laidOut.get(spec.id);
    this.#laidOut.delete(spec.id);
    // An earlier supervisor may have died between starting it and saying so; what it laid out is then still there.
    if (laidOut === undefined && existsSync(inRun.tree(folder))) await endLeftovers(spec);
    try {
      // Which GPUs were lent to it is a part of what was run.
      if (Object.keys(share.env).length > 0) await writeSpec(folder, spec);
      await supervise(spec, folder, {
        ended: this.#ended,
        shells: this.#shells,
        started: () => {
          this.#starting.delete(entry.id);
          // Now there is time to lay out the next.
          this.#changed();
        },
        ...(laidOut && { laidOut }),
      });
    } catch (error) {
      // A full disk, say. The queue goes on, and the record tells why.
      const reason = `It could not be supervised: ${error instanceof Error ? error.message : String(error)}.`;
      await endLeftovers(spec);
      if (laidOut !== undefined) await takeDown(spec, folder, laidOut);
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
