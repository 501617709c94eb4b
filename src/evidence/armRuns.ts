import type { NewEvent } from '../domain/event.ts';
import type { Arm } from '../domain/evidence.ts';
import { type EndedRun, hasEnded, type RunSpec } from '../domain/run.ts';
import { readStream } from '../runs/outputLog.ts';
import { RunError } from '../runs/runError.ts';
import { readRecord, runFolder } from '../runs/runFolder.ts';
import type { RunQueue } from '../runs/runQueue.ts';
import { Sickness, type Symptom } from '../runs/sickness.ts';
import { type RunScores, readScores } from './metrics.ts';
import { runIdOf } from './register.ts';
import { type ArmRun, armSpec, evaluationSpec, type RunSetting } from './runSpecs.ts';

/** What a measurement tells of while it goes on. After a resume, runs that had ended are told of again. */
export type MeasureEvent = Extract<
  NewEvent,
  { type: 'notice' | 'registered' | 'run.queued' | 'run.ended' | 'measured' }
>;

/** What a measurement asks of the queue. */
export type RunSubmission = Pick<RunQueue, 'submit' | 'submitTogether' | 'wait' | 'stop'>;

export interface RunPorts extends RunSetting {
  readonly queue: RunSubmission;
  /** How many runs may be submitted before the first of them is looked at; absent: one. */
  readonly ahead?: number;
  on(event: MeasureEvent): Promise<void>;
  readonly signal: AbortSignal;
}

/** One arm's share of a block: its runs, the last of which counts, and what `evaluate` made of it. */
export interface ArmResult {
  readonly arm: Arm;
  readonly seed: number;
  /** More than one where a run was stopped or lost with its host and repeated. */
  readonly runs: readonly EndedRun[];
  readonly evaluations: readonly EndedRun[];
  /** null where the run or its evaluation did not finish. */
  readonly scores: RunScores | null;
  /** One sentence where the run, its evaluation or what that printed failed by itself or was lost; else null. */
  readonly failure: string | null;
  /** Whether it failed by itself: another try would tell nothing new. */
  readonly own: boolean;
}

/** Runs one arm with one seed and scores what it wrote. What has ended before is not repeated.
 *  @throws the signal's reason when it aborts; RunError where no run can be started */
export async function runArm(
  ports: RunPorts,
  registration: string,
  arm: Arm,
  seed: number,
  { purpose, command }: Pick<ArmRun, 'purpose' | 'command'> = { purpose: 'run', command: ports.contract.run },
): Promise<ArmResult> {
  const base = { arm, seed };
  const runs = await attempt(ports, (n) =>
    armSpec(ports, { id: runIdOf(registration, seed, arm.name, n), arm, seed, purpose, command }),
  );
  const run = last(runs);
  for (const one of runs) await ports.on({ type: 'run.ended', run: one, metrics: {} });
  if (run.state !== 'finished') return { ...base, runs, evaluations: [], scores: null, ...failureOf(run, 'The run') };
  return { ...base, runs, ...(await evaluate(ports, run, arm, seed)) };
}

/** Scores the same output a second time: an evaluation that draws lots, or reads the clock, gives other numbers.
 *  @returns null where the second evaluation did not finish */
export async function scoreAgain(ports: RunPorts, result: ArmResult): Promise<RunScores | null> {
  const run = last(result.runs);
  const scored = { id: run.id, arm: result.arm, seed: result.seed };
  const evaluations = await attempt(ports, (n) =>
    evaluationSpec(ports, `${run.id}-again${n > 1 ? `-${n}` : ''}`, scored),
  );
  const again = last(evaluations);
  const finished = again.state === 'finished';
  const scores = finished
    ? readScores(await readStream(ports.workspace, again.id, 'stdout'), ports.contract, run)
    : null;
  for (const one of evaluations) await ports.on({ type: 'run.ended', run: one, metrics: { ...scores?.metrics } });
  return scores;
}

/** Who stopped a run when its session was paused or stopped, so that it must be made again, however often. */
export const STOPPED_BY_SESSION = 'the session';

/** Submits a run and, where it was stopped by a person or lost with its host, once more under another id. Being stopped
 *  with the whole session is not counted: an experiment may be paused as often as a laptop is closed.
 *  @returns every attempt, the last of which counts */
export async function attempt(
  ports: AttemptPorts,
  specOf: (attempt: number) => RunSpec | Promise<RunSpec>,
): Promise<EndedRun[]> {
  const runs: EndedRun[] = [];
  while (isOpen(runs)) runs.push(await runOnce(ports, await specOf(runs.length + 1)));
  return runs;
}

type AttemptPorts = Pick<RunPorts, 'signal' | 'on' | 'workspace'> & {
  readonly queue: Pick<RunQueue, 'submit' | 'wait'>;
};

/** The attempt that is still to be made, or being made; null where the last one counts.
 *  @returns with it the last one that has ended */
export async function openAttempt(
  workspace: string,
  specOf: (attempt: number) => Promise<RunSpec>,
): Promise<{ spec: RunSpec | null; last: EndedRun | null }> {
  const runs: EndedRun[] = [];
  while (isOpen(runs)) {
    const spec = await specOf(runs.length + 1);
    const run = await readRecord(runFolder(workspace, spec.id));
    if (run === null || !hasEnded(run)) return { spec, last: runs.at(-1) ?? null };
    runs.push(run);
  }
  return { spec: null, last: runs.at(-1) ?? null };
}

/** Whether one more attempt is made after these. */
function isOpen(runs: readonly EndedRun[]): boolean {
  const last = runs.at(-1);
  return last === undefined || (isLost(last) && runs.filter((run) => !isNoLoss(run)).length < 2);
}

/** Whether a run is made again however often that happened: it was stopped with its session, or the disk was full. */
function isNoLoss(run: EndedRun): boolean {
  if (run.state === 'stopped') return run.by === STOPPED_BY_SESSION;
  return run.state === 'failed' && run.failure === 'disk';
}

/** Whether a run ended for a reason that is not its own. */
export function isLost(run: EndedRun): boolean {
  return run.state === 'stopped' || (run.state === 'failed' && (run.failure === 'host' || run.failure === 'disk'));
}

/** What went wrong with a run, in a sentence; `own` where it is to blame itself. */
export function failureOf(run: EndedRun, what: string): { failure: string | null; own: boolean } {
  if (run.state === 'finished') return { failure: null, own: false };
  const why = run.state === 'stopped' ? `was stopped by ${run.by}` : `failed: ${run.reason}`;
  return { failure: `${what} ${run.id} ${why}`, own: !isLost(run) };
}

async function evaluate(
  ports: RunPorts,
  run: EndedRun,
  arm: Arm,
  seed: number,
): Promise<Pick<ArmResult, 'evaluations' | 'scores' | 'failure' | 'own'>> {
  const evaluations = await attempt(ports, (n) =>
    evaluationSpec(ports, `${run.id}-evaluate${n > 1 ? `-${n}` : ''}`, { id: run.id, arm, seed }),
  );
  const evaluation = last(evaluations);
  const finished = evaluation.state === 'finished';
  const stdout = finished ? await readStream(ports.workspace, evaluation.id, 'stdout') : '';
  const scores = finished ? readScores(stdout, ports.contract, run) : null;
  for (const one of evaluations) {
    await ports.on({ type: 'run.ended', run: one, metrics: one === evaluation ? { ...scores?.metrics } : {} });
  }
  if (scores === null) return { evaluations, scores, ...failureOf(evaluation, '`evaluate`') };
  return { evaluations, scores, failure: scores.problem, own: scores.problem !== null };
}

async function runOnce({ queue, signal, on, workspace }: AttemptPorts, spec: RunSpec): Promise<EndedRun> {
  signal.throwIfAborted();
  const before = await readRecord(runFolder(workspace, spec.id));
  // In a cluster a run may begin anew until its job is over.
  if (before !== null && hasEnded(before))
    return before.slurm === undefined ? before : await queue.wait(spec.id, { signal });
  await on({ type: 'run.queued', run: spec.id, purpose: spec.purpose, arm: spec.arm?.name ?? null, seed: spec.seed });
  await queue.submit(spec);
  const ended = await waitWatching(queue, spec, { signal, on });
  // A run that was stopped because all of this ends is no lost run: whoever resumes repeats it.
  signal.throwIfAborted();
  // Further runs would find the disk as full; with room on it, whoever resumes repeats this one.
  if (ended.state === 'failed' && ended.failure === 'disk') throw new RunError('disk', ended.reason);
  return ended;
}

/** How often silence is listened to. Milliseconds. */
const LISTEN_EVERY = 5_000;

/** Waits for a run, and tells while it goes on what a person who watches would stop it for. What a script scores is no
 *  training, and is not read. */
async function waitWatching(
  queue: AttemptPorts['queue'],
  spec: RunSpec,
  { signal, on }: Pick<RunPorts, 'signal' | 'on'>,
): Promise<EndedRun> {
  const whose = [spec.arm?.name, spec.seed === null ? undefined : `seed ${spec.seed}`].filter(Boolean).join(' ');
  let telling = Promise.resolve();
  const say = (text: string): void => {
    telling = telling.then(() => on({ type: 'notice', text: `${whose}: ${text}. To stop it: mlr stop ${spec.id}` }));
  };
  let waited = '';
  const onWaiting = (why: string): void => {
    if (why !== waited) say(why);
    waited = why;
  };
  if (!TRAINS.has(spec.purpose)) return await queue.wait(spec.id, { signal, onWaiting }).finally(() => telling);
  const watch = new Sickness(performance.now());
  const tell = (found: readonly Symptom[]): void => {
    for (const { text } of found) say(text);
  };
  const listening = setInterval(() => tell(watch.look(performance.now())), LISTEN_EVERY);
  try {
    return await queue.wait(spec.id, {
      signal,
      onWaiting,
      onOutput: (text) => tell(watch.read(text, performance.now())),
    });
  } finally {
    clearInterval(listening);
    await telling;
  }
}

const TRAINS: ReadonlySet<RunSpec['purpose']> = new Set(['run', 'pilot', 'control']);

function last(runs: readonly EndedRun[]): EndedRun {
  const run = runs.at(-1);
  if (run === undefined) throw new RangeError('A run was attempted no time.');
  return run;
}
