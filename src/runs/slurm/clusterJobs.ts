import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { hasEnded, type RunSpec } from '../../domain/run.ts';
import { recordStopped } from '../lostRun.ts';
import { inRun, readIfThere, readRecord, readSpec, runFolder, writeWhole } from '../runFolder.ts';
import { hasJobEnded, recordJobEnd, recordRefusal } from './jobEnd.ts';
import { declareOver, inJob, isOver, jobFolders, runsOf, tellWaiting } from './jobFolder.ts';
import { jobScript, sbatchWords, sizeOf } from './jobScript.ts';
import { accountedState, cancelJobs, isTooMany, type JobState, jobsOfUser, submitJob } from './slurmPrograms.ts';
import { whyItWaits } from './waitingWords.ts';

/** Between two looks: after something changed, and at most. Milliseconds. */
const SHORTEST = 1_000;
const LONGEST = 15_000;
/** With many jobs something always changes; a look for each of them so often is enough. Milliseconds. */
const FOR_EACH_JOB = 25;
/** A job that Slurm does not show, or shows as ended while its folder says nothing, is believed at the so-many-th look:
 *  a shared file system may lag behind. */
const LOOKS = 2;
/** Given to a job that is to stop before Slurm is told to end it. Milliseconds. */
const GRACE = 5_000;

const BACK_IN_QUEUE = 'Slurm has put it back into its queue, and its runs begin anew; ';
const RUNS = new Set(['RUNNING', 'COMPLETING', 'STAGE_OUT', 'SIGNALING']);

interface Job {
  readonly folder: string;
  readonly runs: readonly string[];
  number: string | null;
  /** For how many looks it has been gone. */
  gone: number;
  /** What Slurm was asked before this tells nothing new of it. Milliseconds since 1970. */
  since: number;
  state: string;
  hasRun: boolean;
  stopSince: number | null;
}

/** A run that has not ended. */
interface Unended {
  readonly spec: RunSpec;
  readonly folder: string;
  readonly state: string;
}

/**
 * The jobs of a session in a cluster: submits them, says why they wait, ends those that are to stop, and records those
 * that ended without doing so themselves. All that it knows is in the jobs' folders, so it may die and come again after
 * a day. One question to Slurm serves for all jobs, the more seldom the less changes.
 */
export class ClusterJobs {
  readonly #session: string;
  readonly #workspace: string;
  readonly #words: readonly string[];
  readonly #jobs = new Map<string, Job>();
  readonly #over = new Set<string>();
  /** Numbers of jobs to be ended, all of them with one request. */
  readonly #unwanted: string[] = [];
  #next = 0;
  #pause = SHORTEST;
  #silent = false;

  /** @param words the program that runs a job on its node; the job's folder follows them */
  constructor(session: string, workspace: string, words: readonly string[]) {
    this.#session = session;
    this.#workspace = workspace;
    this.#words = words;
  }

  /** Whether there are jobs that are not over. */
  get isBusy(): boolean {
    return this.#jobs.size > 0;
  }

  /** Whether a look is due: one that was asked for is at once.
   *  @param asked somebody submitted or stopped something */
  isDue(asked: boolean): boolean {
    return asked || performance.now() >= this.#next;
  }

  /** Looks after all jobs once.
   *  @returns the runs of those that are over since the last look */
  async look(): Promise<string[]> {
    await this.#findNew();
    // One that does not answer is asked once a look, not once a job.
    this.#silent = false;
    let changed = false;
    for (const job of this.#jobs.values()) if (await this.#submitOrStop(job)) changed = true;
    await cancelJobs(this.#unwanted.splice(0));
    if ([...this.#jobs.values()].some(({ number }) => number !== null)) changed = (await this.#ask()) || changed;
    const over = [...this.#jobs.values()].filter(({ folder }) => isOver(folder));
    for (const { folder } of over) {
      this.#jobs.delete(folder);
      this.#over.add(folder);
      changed = true;
    }
    const least = Math.max(SHORTEST, this.#jobs.size * FOR_EACH_JOB);
    this.#pause = changed ? least : Math.min(LONGEST, Math.max(least, 1.5 * this.#pause));
    this.#next = performance.now() + this.#pause;
    return over.flatMap(({ runs }) => runs);
  }

  async #findNew(): Promise<void> {
    for (const folder of await jobFolders(this.#session)) {
      if (this.#jobs.has(folder) || this.#over.has(folder)) continue;
      if (isOver(folder)) this.#over.add(folder);
      else if (existsSync(inJob.list(folder))) {
        const number = (await readIfThere(inJob.number(folder)))?.trim() ?? null;
        this.#jobs.set(folder, {
          folder,
          runs: await runsOf(folder),
          number,
          gone: 0,
          since: 0,
          state: '',
          hasRun: false,
          stopSince: null,
        });
      }
    }
  }

  /** @returns whether something changed */
  async #submitOrStop(job: Job): Promise<boolean> {
    const asked = job.runs.some((id) => existsSync(inRun.stop(runFolder(this.#workspace, id))));
    if (job.number !== null && !asked) return false;
    const left = await this.#unended(job);
    const wanted = left.filter(({ folder }) => !existsSync(inRun.stop(folder)));
    const running = left.filter((one) => !wanted.includes(one) && one.state === 'running');
    for (const { spec, folder, state } of left) {
      if (state === 'queued' && existsSync(inRun.stop(folder))) await recordStopped(spec, folder);
    }
    if (job.number === null) {
      if (wanted.length > 0) return !this.#silent && (await this.#submit(job, wanted));
      await declareOver(job.folder);
      return true;
    }
    if (wanted.length > 0) return false;
    // Nothing of it is wanted any more. What runs sees its stop request by itself and ends more gently than Slurm would.
    job.stopSince ??= performance.now();
    if (running.length === 0 || performance.now() - job.stopSince > GRACE) this.#unwanted.push(job.number);
    if (running.length === 0) await declareOver(job.folder);
    return true;
  }

  async #unended(job: Job): Promise<Unended[]> {
    const found: Unended[] = [];
    for (const id of job.runs) {
      const folder = runFolder(this.#workspace, id);
      const run = await readRecord(folder);
      if (run !== null && !hasEnded(run)) found.push({ spec: await readSpec(folder), folder, state: run.state });
    }
    return found;
  }

  async #submit(job: Job, left: readonly Unended[]): Promise<boolean> {
    const { folder } = job;
    const specs = left.map(({ spec }) => spec);
    const request = specs[0]?.slurm;
    if (request === undefined) return false;
    const name = `mlr-${basename(folder)}`;
    if (existsSync(inJob.asked(folder))) {
      const adopted = await this.#adopt(job, name);
      if (adopted !== 'none') return adopted === 'found';
    }
    await writeWhole(inJob.script(folder), jobScript(request, folder, this.#words));
    await writeWhole(inJob.asked(folder), `${new Date().toISOString()}\n`);
    const answer = await submitJob(sbatchWords(request, sizeOf(specs), { name, folder }), inJob.script(folder));
    if (answer.ok) {
      await writeWhole(inJob.number(folder), `${answer.found}\n`);
      job.number = answer.found;
      job.since = Date.now();
      return true;
    }
    const others = [...this.#jobs.values()].some(({ number }) => number !== null);
    if (answer.passing) await this.#tellSilence(answer.why);
    else if (isTooMany(answer.why) && others) {
      await this.#tell(job, 'as many jobs are submitted as you may have; it is submitted when one of them has ended');
    } else await recordRefusal(this.#workspace, folder, answer.why);
    return !answer.passing;
  }

  /** Finds a job that was submitted although nobody heard of it. */
  async #adopt(job: Job, name: string): Promise<'found' | 'none' | 'unknown'> {
    const began = (await readIfThere(inJob.began(job.folder)))?.split(' ')[0];
    const known = began ? { ok: true as const, found: { jobs: {} } } : await jobsOfUser(0);
    if (!known.ok) {
      await this.#tellSilence(known.why);
      return 'unknown';
    }
    const number = began || Object.entries(known.found.jobs).find(([, state]) => state.name === name)?.[0];
    if (number === undefined) return 'none';
    await writeWhole(inJob.number(job.folder), `${number}\n`);
    job.number = number;
    return 'found';
  }

  /** @returns whether something changed */
  async #ask(): Promise<boolean> {
    const answer = this.#silent ? null : await jobsOfUser(0.8 * this.#pause);
    if (!answer?.ok) {
      if (answer) await this.#tellSilence(answer.why);
      return false;
    }
    let changed = false;
    for (const job of this.#jobs.values()) {
      if (job.number === null || isOver(job.folder)) continue;
      if (answer.found.at <= job.since) continue;
      if (await this.#note(job, answer.found.jobs[job.number] ?? null, answer.found.at)) changed = true;
    }
    return changed;
  }

  /** @returns whether something changed */
  async #note(job: Job, state: JobState | null, at: number): Promise<boolean> {
    job.since = at;
    if (state === null || hasJobEnded(state)) {
      job.gone += 1;
      if (job.gone >= LOOKS) await this.#recordEnd(job, state);
      return true;
    }
    job.gone = 0;
    const changed = job.state !== state.state;
    job.state = state.state;
    if (RUNS.has(state.state)) job.hasRun = true;
    // A moment later it runs, or Slurm knows why not.
    else if (state.reason !== 'None') await this.#tell(job, `${job.hasRun ? BACK_IN_QUEUE : ''}${whyItWaits(state)}`);
    return changed;
  }

  async #recordEnd(job: Job, state: JobState | null): Promise<void> {
    // The last look at its folder: it may have been written to a moment ago.
    if (isOver(job.folder)) return;
    const known = state ?? (job.number === null ? null : await accountedState(job.number));
    await recordJobEnd(this.#workspace, job.folder, { number: job.number, state: known });
  }

  /** Says why the runs of a job wait. */
  async #tell(job: Job, why: string): Promise<void> {
    const whose = job.number === null ? 'its job' : `job ${job.number}`;
    for (const id of job.runs) {
      const run = await readRecord(runFolder(this.#workspace, id));
      if (run !== null && !hasEnded(run)) await tellWaiting(this.#workspace, id, `${whose} waits: ${why}`);
    }
  }

  async #tellSilence(why: string): Promise<void> {
    this.#silent = true;
    for (const job of this.#jobs.values()) {
      await this.#tell(job, `Slurm's controller does not answer (${why}); what runs goes on, and it is asked again`);
    }
  }
}
