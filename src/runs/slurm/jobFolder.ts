import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { RunError, systemCode } from '../runError.ts';
import { inRun, readIfThere, runFolder, writeWhole } from '../runFolder.ts';

/** Where the parts of a job's folder are; `folder` is `<session>/jobs/<name>`. */
export const inJob = {
  list: (folder: string) => join(folder, 'job.json'),
  script: (folder: string) => join(folder, 'job.sh'),
  /** Made before Slurm is asked, so that a job of which nobody heard back is looked for. */
  asked: (folder: string) => join(folder, 'asked'),
  /** Slurm's number of the job. */
  number: (folder: string) => join(folder, 'number'),
  /** Written on the node: the job's number, the node, how often it was requeued. */
  began: (folder: string) => join(folder, 'began'),
  /** Written on the node: why no run could be started there, in a sentence. */
  failed: (folder: string) => join(folder, 'failed'),
  /** Written last: what the records of its runs say stays. */
  over: (folder: string) => join(folder, 'over'),
  /** What the job prints that is no run's. */
  log: (folder: string) => join(folder, 'output.log'),
};

const JobList = z.object({ runs: z.array(z.string()).min(1) });

export function jobsIn(session: string): string {
  return join(session, 'jobs');
}

export function jobFolder(session: string, name: string): string {
  return join(jobsIn(session), name);
}

/** Names the runs of a job, in the order in which they run; a job that is there keeps those that it has. */
export async function writeJob(folder: string, runs: readonly string[]): Promise<void> {
  if (!existsSync(inJob.list(folder))) await writeWhole(inJob.list(folder), `${JSON.stringify({ runs })}\n`);
}

/** Runs of a job, in their order.
 *  @throws RunError `unknown`, `record` */
export async function runsOf(folder: string): Promise<string[]> {
  const text = await readIfThere(inJob.list(folder));
  if (text === null)
    throw new RunError('unknown', `There is no job ${basename(folder)}: ${inJob.list(folder)} is missing.`);
  try {
    return JobList.parse(JSON.parse(text)).runs;
  } catch (error) {
    throw new RunError('record', `${inJob.list(folder)} cannot be read; move its folder away to go on.`, {
      cause: error,
    });
  }
}

/** Folders of a session's jobs, those that are over too. */
export async function jobFolders(session: string): Promise<string[]> {
  try {
    return (await readdir(jobsIn(session))).sort().map((name) => jobFolder(session, name));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Whether what the records of a job's runs say stays: until then Slurm may let them begin anew. */
export function isOver(folder: string): boolean {
  return existsSync(inJob.over(folder));
}

export async function declareOver(folder: string): Promise<void> {
  await writeWhole(inJob.over(folder), `${new Date().toISOString()}\n`);
}

/** Says why a run waits, in words; one that says so already is left alone. */
export async function tellWaiting(workspace: string, run: string, why: string): Promise<void> {
  if ((await whyWaiting(workspace, run)) !== why) await writeWhole(inRun.waits(runFolder(workspace, run)), `${why}\n`);
}

/** Why a run waits, as it was last told; null where nothing was said. */
export async function whyWaiting(workspace: string, run: string): Promise<string | null> {
  return (await readIfThere(inRun.waits(runFolder(workspace, run))))?.trim() || null;
}
