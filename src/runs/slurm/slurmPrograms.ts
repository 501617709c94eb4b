import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { systemCode } from '../runError.ts';
import { readIfThere, writeWhole } from '../runFolder.ts';

/** What Slurm says of a job. */
const JobState = z.object({
  /** `PENDING`, `RUNNING`, `OUT_OF_MEMORY`, … */
  state: z.string(),
  /** Slurm's own word for why it waits or ended. */
  reason: z.string(),
  node: z.string(),
  /** The name that it was submitted under. */
  name: z.string(),
});
export type JobState = z.infer<typeof JobState>;

export type Answer<T> = { ok: true; found: T } | { ok: false; why: string; passing: boolean };

/** A controller that is busy with hundreds of jobs may take its time. Milliseconds. */
const PATIENCE = 60_000;

/** What Slurm's programs print while its controller is down or overrun; all else is a refusal. */
const PASSING = [
  ...[/unable to contact/i, /timed out/i, /connection (?:refused|reset)/i, /communication/i, /zero bytes/i],
  ...[/temporarily/i, /try again/i, /in standby mode/i, /slurm_persist/i, /failure in .*(?:authentication|munge)/i],
];
/** Refused for now: as many jobs are submitted as this user may have. */
const TOO_MANY = /SubmitJob(?:s)?(?:PerUser|PerAccount)?Limit|job submit limit/i;

/** Whether sbatch refused a job only because others have not ended. */
export function isTooMany(why: string): boolean {
  return TOO_MANY.test(why);
}

/** Submits a script. @returns Slurm's number of the job */
export async function submitJob(words: readonly string[], script: string): Promise<Answer<string>> {
  const answer = await ask('sbatch', [...words, '--parsable', script]);
  return answer.ok ? { ok: true, found: answer.found.trim().split('\n').at(-1)?.split(';')[0] ?? '' } : answer;
}

export async function cancelJobs(numbers: readonly string[]): Promise<void> {
  if (numbers.length > 0) await ask('scancel', [...numbers]);
}

const JobsOfUser = z.object({
  /** When it was asked: what was submitted since is not in it. Milliseconds since 1970. */
  at: z.number(),
  jobs: z.record(z.string(), JobState),
});
type JobsOfUser = z.infer<typeof JobsOfUser>;

/**
 * All jobs of this user that wait, run, or ended a few minutes ago, by their numbers: one question for however many
 * there are, and one for all sessions, which find the others' answer while it is fresh.
 * @param freshFor an answer that anybody got within so long is good enough; milliseconds
 */
export async function jobsOfUser(freshFor: number): Promise<Answer<JobsOfUser>> {
  const file = await keptAnswer();
  const kept = JobsOfUser.safeParse(parseJson(await readIfThere(file)));
  if (kept.success && Date.now() - kept.data.at < freshFor && kept.data.at <= Date.now()) {
    return { ok: true, found: kept.data };
  }
  const at = Date.now();
  const answer = await ask('squeue', [
    `--user=${userInfo().uid}`,
    '--noheader',
    '--states=all',
    '--format=%i|%T|%r|%N|%j',
  ]);
  if (!answer.ok) return answer;
  const jobs = Object.fromEntries(
    answer.found.split('\n').flatMap((line) => {
      const [number = '', state = '', reason = '', node = '', ...name] = line.trim().split('|');
      return number === '' ? [] : [[number, { state, reason, node, name: name.join('|') }] as const];
    }),
  );
  await writeWhole(file, JSON.stringify({ at, jobs }));
  return { ok: true, found: { at, jobs } };
}

/** What accounting keeps of a job that squeue has forgotten; null where there is none, or it knows nothing. */
export async function accountedState(number: string): Promise<JobState | null> {
  const words = ['--allocations', '--noheader', '--parsable2', `--jobs=${number}`, '--format=State,NodeList,JobName'];
  const answer = await ask('sacct', words);
  const [state = '', node = '', name = ''] = answer.ok ? (answer.found.trim().split('\n').at(-1) ?? '').split('|') : [];
  return state === '' ? null : { state, node, name, reason: '' };
}

async function ask(program: string, words: readonly string[]): Promise<Answer<string>> {
  try {
    const { stdout } = await promisify(execFile)(program, [...words], { timeout: PATIENCE, maxBuffer: 1 << 26 });
    return { ok: true, found: stdout };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { ok: false, why: `there is no ${program} here`, passing: false };
    const printed = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    const why = printed.replaceAll(/^\w+: (?:error: )?/gm, '').replaceAll('\n', '; ') || String(error);
    const killed = error instanceof Error && 'killed' in error && error.killed === true;
    return { ok: false, why, passing: killed || PASSING.some((pattern) => pattern.test(printed)) };
  }
}

/** One file for each cluster that this user works with from this machine. */
async function keptAnswer(): Promise<string> {
  const cluster = [process.env.SLURM_CONF, process.env.SLURM_CLUSTERS].join(' ');
  const folder = join(tmpdir(), `mlr-slurm-${userInfo().uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return join(folder, `${createHash('sha256').update(cluster).digest('hex').slice(0, 12)}.json`);
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    // Half of a file, or none of ours: it is asked for anew.
    return null;
  }
}
