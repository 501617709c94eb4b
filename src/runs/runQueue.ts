import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EndedRun, hasEnded, type Run, RunSpec } from '../domain/run.ts';
import { followRun } from './followRun.ts';
import { fullDiskSentence, hasNoRoom } from './fullDisk.ts';
import { readLock } from './lock.ts';
import { readRun, supervisorLock } from './lostRun.ts';
import { allow } from './machineShares.ts';
import { dequeueRun, enqueue, nudgeQueue, queued } from './queueFolder.ts';
import { supervisorEnvironment } from './runEnvironment.ts';
import { RunError } from './runError.ts';
import { readIfThere, readRecord, requestStop, runFolder, sessionFolder, writeRecord, writeSpec } from './runFolder.ts';
import { isOver, jobFolder, whyWaiting, writeJob } from './slurm/jobFolder.ts';
import { common } from './supervise.ts';

export interface RunQueueOptions {
  /** The workspace folder, absolute. */
  workspace: string;
  session: string;
  /** The words that start this session's supervisor (a process that calls `runSupervisor`). */
  supervisorArgv: readonly string[];
  /** How many runs may run on this machine at a time; as before, or one, where it is not said. */
  atOnce?: number;
}

export interface WaitOptions {
  onOutput?: (text: string) => void;
  /** Is told why it waits, again and again, where Slurm says so. */
  onWaiting?: (why: string) => void;
  signal?: AbortSignal;
}

/** How often one that waits looks whether a job in a cluster is over. Milliseconds. */
const JOB_LOOK = 250;

/** A supervisor takes its lock within so long after its start. Milliseconds. */
const STARTS_WITHIN = 10_000;

/** A session's queue of runs, as its engine sees it. Keeps nothing in memory: a new engine attaches by making one. */
export class RunQueue {
  readonly #workspace: string;
  readonly #session: string;
  readonly #argv: readonly string[];
  readonly #atOnce: number | undefined;
  #starting: Promise<void> | null = null;

  constructor({ workspace, session, supervisorArgv, atOnce }: RunQueueOptions) {
    this.#workspace = workspace;
    this.#session = sessionFolder(workspace, session);
    this.#argv = supervisorArgv;
    this.#atOnce = atOnce;
  }

  /**
   * Puts a run at the end of the queue and sees to it that somebody works on it. A run id is run once: submitting it
   * again changes nothing.
   * @throws RunError `supervisor` when the supervisor does not come up
   */
  async submit(spec: RunSpec): Promise<void> {
    await this.submitTogether([spec]);
  }

  /**
   * The same for several, in their order. In a cluster those that name the same job share it.
   * @throws RunError `supervisor`
   */
  async submitTogether(specs: readonly RunSpec[]): Promise<void> {
    const checked = specs.map((spec) => RunSpec.parse(spec));
    const fresh = await this.#withoutRecord(checked);
    for (const spec of fresh) await writeSpec(runFolder(this.#workspace, spec.id), spec);
    // A job is complete before anybody may submit it.
    for (const job of new Set(fresh.flatMap(({ slurm }) => slurm?.job ?? []))) {
      const runs = fresh.filter(({ slurm }) => slurm?.job === job).map(({ id }) => id);
      await writeJob(jobFolder(this.#session, job), runs);
    }
    for (const spec of fresh) {
      const queuedRun = { state: 'queued' as const, ...common(spec, join(spec.mountAt, spec.folder)) };
      await writeRecord(runFolder(this.#workspace, spec.id), queuedRun);
    }
    const left: string[] = [];
    for (const { id } of checked) if (!hasEnded(await this.read(id))) left.push(id);
    if (left.length === 0) return;
    if (this.#atOnce !== undefined) await allow(this.#session, this.#atOnce);
    for (const id of left) await enqueue(this.#session, id);
    await this.#ensureSupervisor();
  }

  /** Starts who will work on the queue, while others prepare what is to be submitted. It says why where it does not come
   *  up, when something is. */
  prepare(): void {
    this.#ensureSupervisor().catch(() => undefined);
  }

  async #withoutRecord(specs: readonly RunSpec[]): Promise<RunSpec[]> {
    const fresh: RunSpec[] = [];
    for (const spec of specs) if ((await readRecord(runFolder(this.#workspace, spec.id))) === null) fresh.push(spec);
    return fresh;
  }

  /**
   * The record of a run at its end. Aborting the signal ends the waiting, not the run.
   * @throws RunError `unknown` where there is no such run; the signal's reason when it aborts
   */
  async wait(id: string, options: WaitOptions = {}): Promise<EndedRun> {
    const look = async (run: Run) => {
      if (run.slurm !== undefined) await this.#tellWaiting(id, options);
      else if (run.state !== 'queued') return;
      await enqueue(this.#session, id);
      await this.#ensureSupervisor();
    };
    const signal = options.signal ? { signal: options.signal } : {};
    for (;;) {
      const output = followRun(this.#workspace, id, { look, ...signal });
      for (let next = await output.next(); ; next = await output.next()) {
        if (!next.done) options.onOutput?.(next.value);
        else if (await this.#isFinal(next.value, options)) return next.value;
        else break;
      }
    }
  }

  /** Whether what a record says stays. In a cluster it does when the run's job is over: as long as it is not, Slurm may
   *  put it back into its queue, and all of its runs begin anew. */
  async #isFinal(run: EndedRun, { signal }: WaitOptions): Promise<boolean> {
    if (run.slurm === undefined) return true;
    const folder = jobFolder(this.#session, run.slurm);
    for (; !isOver(folder); await sleep(JOB_LOOK, undefined, signal && { signal })) await this.#ensureSupervisor();
    const now = await this.read(run.id);
    return hasEnded(now) && now.endedAt === run.endedAt;
  }

  async #tellWaiting(id: string, { onWaiting }: WaitOptions): Promise<void> {
    const why = await whyWaiting(this.#workspace, id);
    if (why !== null) onWaiting?.(why);
  }

  /** Asks for the end of a run, which comes within a second and its grace of 2 s. A run that has ended stays as it is. */
  async stop(id: string, by: string): Promise<void> {
    const run = await this.read(id);
    if (hasEnded(run)) return;
    await requestStop(this.#workspace, id, by);
    await nudgeQueue(this.#session);
    await this.read(id);
    // A job in a cluster goes on until somebody ends it there.
    if (run.slurm !== undefined) await this.#ensureSupervisor();
  }

  /** Asks for the end of every run of this session that waits or runs. */
  async stopAll(by: string): Promise<void> {
    // The last first, so that none starts in between.
    for (const { id } of (await queued(this.#session)).reverse()) await this.stop(id, by);
  }

  /**
   * A run as it stands; one that was lost with its supervisor is recorded so by this look.
   * @throws RunError `unknown`, `record`
   */
  async read(id: string): Promise<Run> {
    const run = await readRun(this.#workspace, id);
    if (hasEnded(run) && !(await readLock(supervisorLock(this.#session))).live) {
      await dequeueRun(this.#session, id);
    }
    return run;
  }

  async #ensureSupervisor(): Promise<void> {
    if ((await readLock(supervisorLock(this.#session))).live) return;
    this.#starting ??= this.#startSupervisor().finally(() => {
      this.#starting = null;
    });
    await this.#starting;
  }

  async #startSupervisor(): Promise<void> {
    const [program = '', ...words] = this.#argv;
    await mkdir(this.#session, { recursive: true });
    const said = join(this.#session, 'supervisor.log');
    const log = openSync(said, 'a');
    const env = supervisorEnvironment(process.env);
    const child = spawn(program, words, { detached: true, stdio: ['ignore', log, log], env, cwd: this.#workspace });
    closeSync(log);
    const failed = new Promise<Error>((resolve) => child.once('error', resolve));
    child.unref();
    for (const until = performance.now() + STARTS_WITHIN; performance.now() < until; ) {
      if ((await readLock(supervisorLock(this.#session))).live) return;
      const error = await Promise.race([failed, sleep(15)]);
      if (error)
        throw new RunError('supervisor', `The supervisor could not start: ${error.message}.`, { cause: error });
      if (child.exitCode !== null && child.exitCode !== 0) break;
    }
    if (await hasNoRoom(this.#session)) throw new RunError('disk', fullDiskSentence(this.#session));
    const last = existsSync(said) ? ((await readIfThere(said)) ?? '').trim().split('\n').at(-1) : '';
    throw new RunError('supervisor', `The supervisor did not come up (${last || 'it said nothing'}); see ${said}.`);
  }
}
