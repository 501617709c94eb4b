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
import { dequeue, enqueue, queued } from './queueFolder.ts';
import { supervisorEnvironment } from './runEnvironment.ts';
import { RunError } from './runError.ts';
import { readIfThere, readRecord, requestStop, runFolder, sessionFolder, writeRecord, writeSpec } from './runFolder.ts';
import { common } from './supervise.ts';

export interface RunQueueOptions {
  /** The workspace folder, absolute. */
  workspace: string;
  session: string;
  /** The words that start this session's supervisor (a process that calls `runSupervisor`). */
  supervisorArgv: readonly string[];
}

/** A supervisor takes its lock within so long after its start. Milliseconds. */
const STARTS_WITHIN = 10_000;

/** A session's queue of runs, as its engine sees it. Keeps nothing in memory: a new engine attaches by making one. */
export class RunQueue {
  readonly #workspace: string;
  readonly #session: string;
  readonly #argv: readonly string[];
  #starting: Promise<void> | null = null;

  constructor({ workspace, session, supervisorArgv }: RunQueueOptions) {
    this.#workspace = workspace;
    this.#session = sessionFolder(workspace, session);
    this.#argv = supervisorArgv;
  }

  /**
   * Puts a run at the end of the queue and sees to it that somebody works on it. A run id is run once: submitting it
   * again changes nothing.
   * @throws RunError `supervisor` when the supervisor does not come up
   */
  async submit(spec: RunSpec): Promise<void> {
    const checked = RunSpec.parse(spec);
    const folder = runFolder(this.#workspace, checked.id);
    if ((await readRecord(folder)) === null) {
      await writeSpec(folder, checked);
      await writeRecord(folder, { state: 'queued', ...common(checked, join(checked.mountAt, checked.folder)) });
    }
    if (hasEnded(await this.read(checked.id))) return;
    await enqueue(this.#session, checked.id);
    await this.#ensureSupervisor();
  }

  /**
   * The record of a run at its end. Aborting the signal ends the waiting, not the run.
   * @throws RunError `unknown` where there is no such run; the signal's reason when it aborts
   */
  async wait(id: string, options: { onOutput?: (text: string) => void; signal?: AbortSignal } = {}): Promise<EndedRun> {
    const look = async (run: Run) => {
      if (run.state !== 'queued') return;
      await enqueue(this.#session, id);
      await this.#ensureSupervisor();
    };
    const signal = options.signal ? { signal: options.signal } : {};
    const output = followRun(this.#workspace, id, { look, ...signal });
    for (;;) {
      const next = await output.next();
      if (next.done) return next.value;
      options.onOutput?.(next.value);
    }
  }

  /** Asks for the end of a run, which comes within a second and its grace of 2 s. A run that has ended stays as it is. */
  async stop(id: string, by: string): Promise<void> {
    const run = await this.read(id);
    if (hasEnded(run)) return;
    await requestStop(this.#workspace, id, by);
    await this.read(id);
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
      for (const entry of await queued(this.#session)) if (entry.id === id) await dequeue(this.#session, entry);
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
    for (const until = Date.now() + STARTS_WITHIN; Date.now() < until; ) {
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
