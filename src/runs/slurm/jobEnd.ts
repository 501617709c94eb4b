import { existsSync } from 'node:fs';
import { type EndedRun, hasEnded, type Run, type RunFailure, type RunSpec } from '../../domain/run.ts';
import { clearAway } from '../arrangement.ts';
import { recordStopped } from '../lostRun.ts';
import { inRun, readIfThere, readRecord, readSpec, runFolder } from '../runFolder.ts';
import { recordUnstarted } from '../supervise.ts';
import { declareOver, inJob, runsOf } from './jobFolder.ts';
import { dropIfFruitless } from './runJob.ts';
import type { JobState } from './slurmPrograms.ts';

/** What Slurm says of a job that has ended; null where it knows nothing of it any more. */
export interface JobEnd {
  readonly number: string | null;
  readonly state: JobState | null;
}

/** The states of a job that will not go on (squeue's man page, JOB STATE CODES). */
const ENDED = new Set([
  ...['BOOT_FAIL', 'CANCELLED', 'COMPLETED', 'DEADLINE', 'FAILED', 'NODE_FAIL', 'OUT_OF_MEMORY', 'PREEMPTED'],
  ...['REVOKED', 'TIMEOUT'],
]);

export function hasJobEnded({ state }: JobState): boolean {
  // Accounting says by whom: `CANCELLED by 1000`.
  return ENDED.has(state.split(/[ +]/)[0] ?? '');
}

type Ending = { state: 'stopped'; by: string } | { state: 'failed'; failure: RunFailure; reason: string };

/** Records the runs of a job that will not go on, where the job did not do so itself: the one that ran by what Slurm says
 *  of the job, those that waited as lost with their host, so that they are repeated. */
export async function recordJobEnd(workspace: string, folder: string, end: JobEnd): Promise<void> {
  const said = (await readIfThere(inJob.failed(folder)))?.trim();
  const ending = said ? failed('spawn', said) : await endingOf(folder, end);
  let toBlame = true;
  for (const id of await runsOf(folder)) {
    const place = runFolder(workspace, id);
    const run = await readRecord(place);
    if (run === null || hasEnded(run)) continue;
    const spec = await readSpec(place);
    if (await dropIfFruitless(workspace, spec)) continue;
    if (existsSync(inRun.stop(place))) await recordStopped(spec, place);
    else await recordEnded(spec, place, run, toBlame || ending.state === 'stopped' || said ? ending : cutShort(end));
    toBlame = false;
  }
  await declareOver(folder);
}

/** Records the runs of a job that Slurm will not have. */
export async function recordRefusal(workspace: string, folder: string, why: string): Promise<void> {
  const reason = `Slurm refused its job: ${why}. Mend \`environment: {slurm: …}\` or \`budget\` in mlr.yaml.`;
  for (const id of await runsOf(folder)) {
    const place = runFolder(workspace, id);
    const run = await readRecord(place);
    if (run === null || hasEnded(run)) continue;
    const spec = await readSpec(place);
    if (!(await dropIfFruitless(workspace, spec))) await recordEnded(spec, place, run, failed('spawn', reason));
  }
  await declareOver(folder);
}

async function recordEnded(spec: RunSpec, folder: string, run: Run, ending: Ending): Promise<void> {
  await clearAway(spec.id, folder);
  const started: Partial<Pick<EndedRun, 'startedAt' | 'pid' | 'environment' | 'job'>> =
    run.state === 'running' ? run : {};
  const since = started.startedAt === undefined ? Date.now() : Date.parse(started.startedAt);
  const wallSeconds = Math.max(0, (Date.now() - since) / 1000);
  await recordUnstarted(spec, folder, ending, { ...started, resources: { wallSeconds, memoryBytes: 0, processes: 0 } });
}

/** What slurmstepd prints as it ends a job at its limit of memory, where the job's state does not say so. */
const OUT_OF_MEMORY = /exceeded (?:job |step )?memory limit|oom[-_ ]kill/i;

async function endingOf(folder: string, { number, state }: JobEnd): Promise<Ending> {
  const printed = (await readIfThere(inJob.log(folder))) ?? '';
  const job = number === null ? 'Its job' : `Its job ${number}`;
  if (state === null) {
    return failed(
      'host',
      `${job} vanished: Slurm knows nothing of it any more. It is lost, and its seed is run again.`,
    );
  }
  const node = state.node === '' ? '' : ` on ${state.node}`;
  const [word = ''] = state.state.split(/[ +]/);
  switch (word === 'FAILED' && OUT_OF_MEMORY.test(printed) ? 'OUT_OF_MEMORY' : word) {
    case 'OUT_OF_MEMORY':
      return failed('memory', `${job} was ended${node} as it held more memory than it was given (budget.memory).`);
    case 'TIMEOUT':
    case 'DEADLINE':
      return failed('wall', `${job} was ended${node} at its limit of time (budget.wall).`);
    case 'CANCELLED':
      return { state: 'stopped', by: 'scancel' };
    case 'NODE_FAIL':
    case 'BOOT_FAIL':
      return failed('host', `${job} was lost with its node${node}.`);
    case 'PREEMPTED':
    case 'REVOKED':
      return failed('host', `${job} had to make room${node} for another one.`);
    default:
      return failed(
        'host',
        `${job} ended${node} (${word.toLowerCase()}) without a record of this run${lastWords(printed, folder)}`,
      );
  }
}

/** A job's own output tells what its runs could not. */
function lastWords(printed: string, folder: string): string {
  const last = printed.trim().split('\n').at(-1)?.trim() ?? '';
  return last === '' ? `; see ${inJob.log(folder)}.` : `: ${last.slice(0, 300)} (${inJob.log(folder)}).`;
}

function cutShort({ number }: JobEnd): Ending {
  return failed('host', `Its job ${number ?? ''} ended before its turn came.`);
}

function failed(failure: RunFailure, reason: string): Ending {
  return { state: 'failed', failure, reason };
}
