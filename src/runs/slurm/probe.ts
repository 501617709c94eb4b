import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { ConfinementLevel, type RunSpec, type SlurmRequest } from '../../domain/run.ts';
import { probeConfinement } from '../confinement.ts';
import { RunError } from '../runError.ts';
import { readIfThere, writeWhole } from '../runFolder.ts';
import { hasJobEnded } from './jobEnd.ts';
import { inJob } from './jobFolder.ts';
import { jobScript, sbatchWords, sizeOf } from './jobScript.ts';
import { accountedState, cancelJobs, jobsOfUser, submitJob } from './slurmPrograms.ts';
import { whyItWaits } from './waitingWords.ts';

const NodeAnswer = z.object({ node: z.string(), level: ConfinementLevel, detail: z.string() });
export type NodeAnswer = z.infer<typeof NodeAnswer>;

export interface ClusterProbe {
  /** The session's folder; it is asked once, and an answer is kept. */
  readonly session: string;
  readonly request: SlurmRequest;
  /** What the runs may use: the probe asks for as much, so that it comes to the same nodes. */
  readonly size: Pick<RunSpec, 'limits' | 'cpus'>;
  /** The program that answers on a node; the probe's folder follows. */
  readonly words: readonly string[];
  /** Is told why it waits, once for each reason. */
  readonly waiting: (why: string) => Promise<void>;
  readonly signal: AbortSignal;
}

/** A probe takes seconds: it fits into gaps that Slurm cannot fill otherwise. Seconds. */
const WALL = 60;
/** Between two looks. Milliseconds. */
const LOOK_EVERY = 500;
const ASK_FROM = 2_000;
const ASK_MOST = 15_000;
/** A controller that is overrun or starts anew is waited for; a minute is less than a person takes to ask again.
 *  Milliseconds. */
const SUBMITTED_WITHIN = 60_000;
const SUBMIT_EVERY = 2_000;
/** For what a node wrote to be seen here. Milliseconds. */
const FILES_WITHIN = 10_000;

/**
 * Asks a node of the cluster what can confine a run there, by a short job like those of the runs. It also shows that the
 * nodes see the workspace and have what runs need, before any seed is spent.
 * @throws RunError `confinement` with the way out; the signal's reason, after the job was cancelled
 */
export async function probeCluster(probe: ClusterProbe): Promise<NodeAnswer> {
  const folder = join(probe.session, 'probe');
  await mkdir(folder, { recursive: true });
  const number = (await readIfThere(inJob.number(folder)))?.trim() ?? (await submit(probe, folder));
  try {
    return await answerOf(probe, folder, number);
  } catch (error) {
    if (probe.signal.aborted) await cancelJobs([number]);
    // Whoever asks again submits anew.
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** What the probe's job does on its node. */
export async function answerProbe(folder: string): Promise<void> {
  const answer = { node: process.env.SLURMD_NODENAME ?? hostname(), ...(await probeConfinement()) };
  await writeWhole(answerIn(folder), JSON.stringify(answer));
}

function answerIn(folder: string): string {
  return join(folder, 'answer.json');
}

async function submit(probe: ClusterProbe, folder: string): Promise<string> {
  const { request, size, words, session, waiting, signal } = probe;
  const name = `mlr-probe-${basename(session)}`;
  await writeWhole(inJob.script(folder), jobScript(request, folder, words));
  const wanted = sizeOf([{ ...size, limits: { ...size.limits, wallSeconds: WALL } }]);
  const ask = () => submitJob(sbatchWords(request, wanted, { name, folder }), inJob.script(folder));
  let answer = await ask();
  for (const until = performance.now() + SUBMITTED_WITHIN; !answer.ok && answer.passing; answer = await ask()) {
    if (performance.now() > until) break;
    await waiting(`Slurm's controller does not answer (${answer.why}); it is asked again.`);
    await sleep(SUBMIT_EVERY, undefined, { signal });
  }
  if (!answer.ok) {
    const wayOut = answer.passing
      ? 'try again when it answers'
      : 'mend `environment: {slurm: …}` or `budget`, work where jobs can be submitted, or set `environment: local`';
    throw refusal(`Slurm does not take a job: ${answer.why}; ${wayOut}`);
  }
  await writeWhole(inJob.number(folder), `${answer.found}\n`);
  return answer.found;
}

async function answerOf({ waiting, signal }: ClusterProbe, folder: string, number: string): Promise<NodeAnswer> {
  let pause = ASK_FROM;
  let askAt = performance.now() + pause;
  let told = '';
  for (; !existsSync(answerIn(folder)); await sleep(LOOK_EVERY, undefined, { signal })) {
    if (performance.now() < askAt) continue;
    const jobs = await jobsOfUser(0.8 * LOOK_EVERY);
    pause = Math.min(ASK_MOST, 1.5 * pause);
    askAt = performance.now() + pause;
    const state = jobs.ok ? (jobs.found.jobs[number] ?? (await accountedState(number))) : null;
    const why = jobs.ok
      ? state && `job ${number} waits: ${whyItWaits(state)}`
      : `Slurm's controller does not answer (${jobs.why}); it is asked again`;
    if (jobs.ok && (state === null || hasJobEnded(state))) return await lateAnswer(folder, number, state?.node ?? '');
    if (why === null || why === told || state?.state === 'RUNNING') continue;
    told = why;
    await waiting(`A first short job asks what confines runs on the cluster's nodes; ${why}.`);
  }
  return await readAnswer(folder);
}

async function lateAnswer(folder: string, number: string, node: string): Promise<NodeAnswer> {
  for (const until = performance.now() + FILES_WITHIN; performance.now() < until; await sleep(LOOK_EVERY)) {
    const failed = (await readIfThere(inJob.failed(folder)))?.trim();
    if (failed) throw refusal(failed.replace(/\.$/, ''));
    if (existsSync(answerIn(folder))) return await readAnswer(folder);
    if ((await readIfThere(inJob.log(folder)))?.trim()) break;
  }
  const said = (await readIfThere(inJob.log(folder)))?.trim().split('\n').at(-1);
  const where = node === '' ? '' : ` on ${node}`;
  const why =
    said ||
    `nothing that it wrote is seen here; ${dirname(dirname(dirname(folder)))} must lie on a file system that all nodes share`;
  throw refusal(`job ${number} ended${where} without an answer: ${why}`);
}

async function readAnswer(folder: string): Promise<NodeAnswer> {
  return NodeAnswer.parse(JSON.parse((await readIfThere(answerIn(folder))) ?? 'null'));
}

function refusal(why: string): RunError {
  return new RunError('confinement', `mlr.yaml \`environment\`: ${why}.`);
}
