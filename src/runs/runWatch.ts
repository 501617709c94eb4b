import { existsSync } from 'node:fs';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { RunFailure, RunSpec } from '../domain/run.ts';
import { surveyOutput } from './outputFolder.ts';
import { inRun, readIfThere } from './runFolder.ts';
import type { RunExit, StartedRun, Usage, WatchedProcesses } from './startedRun.ts';

/** How often a run's processes and its stop request are looked at, more often at first, and its output folder counted.
 *  Milliseconds. */
const FIRST_SAMPLE = 20;
const SAMPLE_EVERY = 200;
const SURVEY_EVERY = 2_000;
/** Between asking to end and killing. Milliseconds. */
const GRACE = 2_000;
/** For Python to print its open calls. Milliseconds. */
const CALLS = 1_000;

/** Why a run was ended from outside. */
export type Cause =
  | { kind: 'limit'; failure: RunFailure; reason: string }
  | { kind: 'stop'; by: string }
  | { kind: 'host'; reason: string };

export interface Watched {
  end: RunExit;
  /** null: it ended by itself. */
  cause: Cause | null;
  wallSeconds: number;
  /** Peaks, sampled. */
  memoryBytes: number;
  processes: number;
}

/**
 * Watches a run until none of its processes is left: ends it at a limit, on a stop request (the file `stop` in its
 * folder) or when `ended` is aborted. Whoever outlives its main process is killed with it.
 */
export async function watchRun(spec: RunSpec, folder: string, run: StartedRun, ended?: AbortSignal): Promise<Watched> {
  const { processes } = run;
  const from = performance.now();
  const peak = { memoryBytes: 0, processes: 0 };
  let cause: Cause | null = null;
  let nextSurvey = from + SURVEY_EVERY;
  let over = false;
  let endedAfter = 0;
  const exited = run.exited.then((end) => {
    over = true;
    endedAfter = end.wallSeconds ?? (performance.now() - from) / 1000;
    return end;
  });
  const seconds = () => (performance.now() - from) / 1000;
  for (let pause = FIRST_SAMPLE; !over; pause = Math.min(2 * pause, SAMPLE_EVERY)) {
    const usage = processes.usage();
    peak.memoryBytes = Math.max(peak.memoryBytes, usage.residentBytes);
    peak.processes = Math.max(peak.processes, usage.processes);
    const limit = atLimit(spec, usage, seconds());
    // Where this process slept itself, the end of the run may be waiting to be told.
    if (limit) await setImmediate();
    if (over) break;
    cause = limit ?? (await askedToStop(folder));
    if (ended?.aborted) cause ??= { kind: 'host', reason: 'Its supervisor was ended.' };
    if (cause === null && performance.now() > nextSurvey && !spec.out?.readOnly) {
      cause = tooLarge(spec, (await surveyOutput(spec.out?.path ?? inRun.out(folder))).bytes);
      nextSurvey = performance.now() + SURVEY_EVERY;
    }
    if (cause) break;
    await Promise.race([exited, sleep(Math.max(0, Math.min(pause, 1000 * (spec.limits.wallSeconds - seconds()))))]);
  }
  if (cause) await endGently(cause, processes, exited);
  await processes.kill();
  const end = await exited;
  return { end, cause, wallSeconds: endedAfter, ...peak };
}

/** Ended at its limit of memory by the kernel, before anybody looked. */
export function beyondMemory({ limits }: RunSpec): Cause {
  return {
    kind: 'limit',
    failure: 'memory',
    reason: `It was killed as it asked for more memory than its limit of ${inMiB(limits.memoryBytes)}.`,
  };
}

/** Over the limit of output: the cause of its end, or null. */
export function tooLarge(spec: RunSpec, bytes: number): Cause | null {
  if (bytes <= spec.limits.outputBytes) return null;
  const reason = `It wrote ${inMiB(bytes)} of output; the limit is ${inMiB(spec.limits.outputBytes)}.`;
  return { kind: 'limit', failure: 'output', reason };
}

function atLimit(spec: RunSpec, { residentBytes: memory, processes }: Usage, seconds: number): Cause | null {
  const { limits } = spec;
  const limit = (failure: RunFailure, reason: string): Cause => ({ kind: 'limit', failure, reason });
  // Processes first: those of a run that multiplies hold too much memory only because they are too many.
  if (processes > limits.processes) {
    return limit('processes', `It had ${processes} processes; the limit is ${limits.processes}.`);
  }
  if (memory > limits.memoryBytes) {
    return limit('memory', `It held ${inMiB(memory)} of memory; the limit is ${inMiB(limits.memoryBytes)}.`);
  }
  if (seconds >= limits.wallSeconds) return limit('wall', `It ran for its limit of ${limits.wallSeconds} s.`);
  return null;
}

async function askedToStop(folder: string): Promise<Cause | null> {
  if (!existsSync(inRun.stop(folder))) return null;
  return { kind: 'stop', by: ((await readIfThere(inRun.stop(folder))) ?? '').trim() || 'somebody' };
}

async function endGently(cause: Cause, processes: WatchedProcesses, exited: Promise<RunExit>): Promise<void> {
  // A run that multiplies or eats the machine's memory gets no time to go on doing so.
  if (cause.kind === 'limit' && cause.failure !== 'wall') return;
  // Where it hung is told before it is asked to end, or, by what tidies up then, after it was given time for that.
  const tellCalls = async (patient: boolean): Promise<void> => {
    if (cause.kind !== 'limit' || processes.printCalls({ patient }) === 0) return;
    await Promise.race([exited, sleep(CALLS)]);
  };
  await tellCalls(true);
  processes.terminate();
  await Promise.race([exited, sleep(GRACE)]);
  await tellCalls(false);
}

function inMiB(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(bytes < 10 * 2 ** 20 ? 1 : 0)} MiB`;
}
