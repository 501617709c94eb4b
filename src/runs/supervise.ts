import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EndedRun, RunFailure, RunSpec } from '../domain/run.ts';
import { arrange, clearAway, putAway } from './arrangement.ts';
import { hashBeside } from './besideRecord.ts';
import { lacksCovered, type RunPaths } from './confinement.ts';
import { fingerprintFor } from './environmentFingerprint.ts';
import { FileHashes } from './fileHashes.ts';
import { fullDiskSentence, hasNoRoom, isFullDisk } from './fullDisk.ts';
import { hashOutput, surveyOutput } from './outputFolder.ts';
import { OutputLog, readLog } from './outputLog.ts';
import type { OutputStream } from './outputTail.ts';
import { printedError } from './printedError.ts';
import { RunError } from './runError.ts';
import { writeRecord } from './runFolder.ts';
import { beyondMemory, type Cause, tooLarge, type Watched, watchRun } from './runWatch.ts';
import { jobHere } from './slurm/jobHere.ts';
import type { StartedRun } from './startedRun.ts';
import { type Starting, startRun } from './startRun.ts';
import { boundTasks, type TaskBound } from './taskBound.ts';

/** Shared by the runs of one supervisor: hashing a data set once is enough. */
const hashes = new FileHashes();

/** How often a sandbox is put up while the machine changes under it. */
const STARTS = 5;

type Resources = EndedRun['resources'];
type Hashed = EndedRun['hashes'];
type Ending =
  | { state: 'finished' }
  | { state: 'failed'; failure: RunFailure; reason: string }
  | { state: 'stopped'; by: string };

/** A run that is laid out: its places, what its watched files were then, and the kernel's bound on it. */
export interface LaidOut {
  readonly paths: RunPaths;
  readonly before: Hashed;
  readonly bound: TaskBound;
}

/** Lays a run out.
 *  @throws RunError `spec`, `altered` */
export async function layOut(spec: RunSpec, folder: string): Promise<LaidOut> {
  const paths = await arrange(spec, folder);
  return { paths, before: await hashWatched(spec, paths), bound: await boundTasks(spec) };
}

/** Clears away what was laid out for a run that is not started. */
export async function takeDown(spec: Pick<RunSpec, 'id'>, folder: string, laidOut: Promise<LaidOut>): Promise<void> {
  // Where it failed, nobody is to be told any more.
  await (await laidOut.catch(() => null))?.bound.release();
  await clearAway(spec.id, folder);
}

export interface Supervising extends Pick<Starting, 'shells'> {
  /** Aborts when this process must go: the run is then recorded as lost with its host. */
  readonly ended?: AbortSignal;
  /** Where it was laid out before its turn came. */
  readonly laidOut?: Promise<LaidOut>;
  /** Is told when it has been started. */
  readonly started?: () => void;
}

/**
 * Owns one run from start to finish: lays it out, starts, watches and ends it, and writes its record, which never
 * rests on anything but the run's folder (`<workspace>/.mlr/runs/<id>`). A run that fails is no error.
 * @param starts how often it may be laid out and started until its sandbox stands
 */
export async function supervise(
  spec: RunSpec,
  folder: string,
  supervising: Supervising = {},
  starts = STARTS,
): Promise<EndedRun> {
  const { laidOut, ended, shells, started: tellStarted } = supervising;
  const workspace = join(folder, '..', '..', '..');
  let paths: RunPaths;
  let run: StartedRun;
  let before: Hashed;
  let bound: TaskBound | null = null;
  try {
    ({ paths, before, bound } = await (laidOut ?? layOut(spec, folder)));
    run = startRun(spec, paths, workspace, { prelude: bound.prelude, ...(shells && { shells }) });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    await bound?.release();
    await clearAway(spec.id, folder);
    return await recordUnstarted(spec, folder, unstarted(error, folder), await jobHere(spec));
  }
  const log = new OutputLog(folder, spec.limits.outputBytes);
  const drained = Promise.all([pipe(run.stdout, 'stdout', log), pipe(run.stderr, 'stderr', log)]);
  const startedAt = new Date().toISOString();
  const watching = watchRun(spec, folder, run, ended);
  const environment = await fingerprintFor(spec);
  const job = await jobHere(spec);
  const started = { ...common(spec, run.cwd), startedAt, pid: run.pid, environment, ...job };
  await writeRecord(folder, { state: 'running', ...started });
  tellStarted?.();
  const watched = await watching;
  await bound.release();
  await Promise.race([drained, sleep(2_000)]);
  for (const stream of [run.stdout, run.stderr]) stream.destroy();
  log.close();
  if (starts > 1 && (await isPassing(watched, folder))) {
    const { laidOut: _used, ...again } = supervising;
    return await supervise(spec, folder, again, starts - 1);
  }
  const ending = log.broken === null ? await endingOf(spec, folder, paths, watched) : noRoom(log.broken);
  const printed = isItsOwn(ending) ? await printedError(folder, run.cwd) : undefined;
  const record: EndedRun = {
    ...started,
    endedAt: new Date().toISOString(),
    exit: watched.end.exit,
    resources: resourcesOf(watched),
    hashes: withAfter(before, await hashWatched(spec, paths)),
    output: await hashOutput(paths.out, spec.limits.outputBytes),
    beside: await hashBeside(folder),
    ...ending,
    ...(printed !== undefined && { printed }),
  };
  await putAway(spec, folder);
  await writeRecord(folder, record);
  return record;
}

/** Records the end of a run that was never started here, or was lost. */
export async function recordUnstarted(
  spec: RunSpec,
  folder: string,
  ending: Ending,
  started: Partial<Pick<EndedRun, 'startedAt' | 'pid' | 'environment' | 'job' | 'resources'>> = {},
): Promise<EndedRun> {
  const now = new Date().toISOString();
  const record: EndedRun = {
    ...common(spec, join(spec.mountAt, spec.folder)),
    ...{ startedAt: now, pid: 0, environment: {}, resources: { wallSeconds: 0, memoryBytes: 0, processes: 0 } },
    ...started,
    endedAt: now,
    exit: null,
    hashes: [],
    output: null,
    beside: await hashBeside(folder),
    ...ending,
  };
  await writeRecord(folder, record);
  return record;
}

/** What a record says of its run before anything happened. */
export function common(spec: RunSpec, cwd: string) {
  const { version, id, session, purpose, arm, seed, argv, confinement, slurm } = spec;
  return { version, id, session, purpose, arm, seed, argv, cwd, confinement, ...(slurm && { slurm: slurm.job }) };
}

async function endingOf(spec: RunSpec, folder: string, paths: RunPaths, watched: Watched): Promise<Ending> {
  const { cause, end } = watched;
  if (cause) return byCause(cause);
  if (end.notStarted !== null)
    return { state: 'failed', failure: 'spawn', reason: await whyUnstarted(end.notStarted, folder) };
  if (end.overMemory) return byCause(beyondMemory(spec));
  if ((end.signal !== null || end.exit !== 0) && (await hasNoRoom(folder))) return noRoom(fullDiskSentence(folder));
  if (end.signal !== null) return { state: 'failed', failure: 'signal', reason: `It was ended by ${end.signal}.` };
  if (end.exit !== 0) return { state: 'failed', failure: 'exit', reason: `It ended with exit code ${end.exit}.` };
  if (spec.out?.readOnly) return { state: 'finished' };
  const { forbidden, bytes } = await surveyOutput(paths.out);
  if (forbidden) {
    const reason = `Its output holds ${forbidden}; evidence rests on plain files and folders alone: remove it before the run ends, or write it to $TMPDIR.`;
    return { state: 'failed', failure: 'output', reason };
  }
  const large = tooLarge(spec, bytes);
  return large ? byCause(large) : { state: 'finished' };
}

/** Whether a run that did not start would if it were started again. */
async function isPassing({ cause, end }: Watched, folder: string): Promise<boolean> {
  return cause === null && end.notStarted !== null && lacksCovered(await lastLine(folder));
}

/** Whether a run's own words can say why it ended. */
function isItsOwn(ending: Ending): boolean {
  return ending.state === 'failed' && (ending.failure === 'exit' || ending.failure === 'signal');
}

function noRoom(reason: string): Ending {
  return { state: 'failed', failure: 'disk', reason };
}

/** A run that could not be laid out is to blame, unless the disk is. */
function unstarted(error: Error, folder: string): Ending {
  if (isFullDisk(error)) return noRoom(fullDiskSentence(folder));
  // Nothing of it is the run's own: once its files are exported again, it is repeated.
  const failure = RunError.is(error, 'altered') ? 'host' : 'spawn';
  return { state: 'failed', failure, reason: error.message };
}

/** With what bubblewrap said, in its last line. */
async function whyUnstarted(what: string, folder: string): Promise<string> {
  const said = await lastLine(folder);
  return `It did not start: ${what}${said ? ` (${said})` : ''}.`;
}

async function lastLine(folder: string): Promise<string> {
  const end = (await readLog(folder, { from: -2_000 })).toString('utf8');
  return end.trim().split('\n').at(-1) ?? '';
}

function byCause(cause: Cause): Ending {
  if (cause.kind === 'stop') return { state: 'stopped', by: cause.by };
  if (cause.kind === 'host') return { state: 'failed', failure: 'host', reason: cause.reason };
  return { state: 'failed', failure: cause.failure, reason: cause.reason };
}

/** Hashes of watched files in the run's tree, and of its inputs: where they come from when they are mounted. */
async function hashWatched(spec: RunSpec, paths: RunPaths): Promise<Hashed> {
  const found: Hashed = [];
  for (const path of spec.watched) {
    found.push({ path, before: await hashes.of(join(paths.tree, spec.folder, path)), after: null });
  }
  for (const { from, as } of spec.inputs) {
    const isHere = spec.confinement !== 'none' || as.startsWith('/');
    const before = await hashes.of(isHere ? from : join(paths.tree, spec.folder, as), true);
    found.push({ path: as, before, after: null });
  }
  return found;
}

function withAfter(before: Hashed, after: Hashed): Hashed {
  return before.map((row, i) => ({ ...row, after: after[i]?.before ?? null }));
}

function resourcesOf({ wallSeconds, memoryBytes, processes }: Watched): Resources {
  return { wallSeconds, memoryBytes, processes };
}

async function pipe(stream: Readable, name: OutputStream, log: OutputLog): Promise<void> {
  stream.on('data', (bytes: Buffer) => log.write(name, bytes));
  // A pipe that breaks has said all it will; it closes all the same.
  stream.on('error', () => stream.destroy());
  await new Promise<void>((resolve) => stream.once('close', resolve));
}
