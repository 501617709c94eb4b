import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Run, RunSpec } from '../domain/run.ts';
import { RunError, systemCode } from './runError.ts';

/** Where the parts of a run's folder are; `folder` is `<workspace>/.mlr/runs/<id>`. */
export const inRun = {
  spec: (folder: string) => join(folder, 'spec.json'),
  record: (folder: string) => join(folder, 'run.json'),
  log: (folder: string) => join(folder, 'output.log'),
  times: (folder: string) => join(folder, 'output.times'),
  /** The newest output, while the run goes on and its log is full. */
  live: (folder: string) => join(folder, 'output.live'),
  out: (folder: string) => join(folder, 'out'),
  /** The sum of what is left of `out` where large files were removed to make room. */
  freed: (folder: string) => join(folder, 'freed.json'),
  tree: (folder: string) => join(folder, 'tree'),
  home: (folder: string) => join(folder, 'home'),
  stop: (folder: string) => join(folder, 'stop'),
  /** Why it waits, in words, where somebody else than its supervisor decides when it starts. */
  waits: (folder: string) => join(folder, 'waits'),
};

/** Name of `out/` as a confined run sees it, below its working directory. */
const OUT_INSIDE = '.mlr-out';

const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** @throws RunError `spec` for an id that is no plain file name. */
export function runFolder(workspace: string, id: string): string {
  return join(workspace, '.mlr', 'runs', plainName(id, 'run'));
}

/** Where an environment of packages that runs use lies, by the hash of what it is made of. */
export function environmentFolder(workspace: string, lock: string): string {
  return join(environmentsFolder(workspace), plainName(lock, 'environment'));
}

export function environmentsFolder(workspace: string): string {
  return join(workspace, '.mlr', 'envs');
}

/** What is installed in such an environment, a line each; it is there once the environment is whole. */
export function lockIn(environment: string): string {
  return join(environment, 'mlr-lock.txt');
}

/** @throws RunError `spec` for a session that is no plain file name. */
export function sessionFolder(workspace: string, session: string): string {
  return join(workspace, '.mlr', 'sessions', plainName(session, 'session'));
}

/**
 * The path of the run's output folder as the run itself sees it: what `{out}` in `argv` stands for.
 * Where nothing is mounted that is the folder on this machine.
 */
export function outInside(
  spec: Pick<RunSpec, 'id' | 'confinement' | 'mountAt' | 'folder' | 'out'>,
  workspace: string,
): string {
  if (spec.confinement !== 'none') return join(spec.mountAt, spec.folder, OUT_INSIDE);
  return spec.out?.path ?? inRun.out(runFolder(workspace, spec.id));
}

/**
 * A run's record, or null where there is none.
 * @throws RunError `record` for a file that is no record of this version.
 */
export async function readRecord(folder: string): Promise<Run | null> {
  return await readJson(inRun.record(folder), (value) => Run.parse(value));
}

/** @throws RunError `unknown` where there is none, `record` where it cannot be read. */
export async function readSpec(folder: string): Promise<RunSpec> {
  const spec = await readJson(inRun.spec(folder), (value) => RunSpec.parse(value));
  if (spec === null)
    throw new RunError('unknown', `There is no run ${basename(folder)}: ${inRun.spec(folder)} is missing.`);
  return spec;
}

export async function writeRecord(folder: string, run: Run): Promise<void> {
  await writeWhole(inRun.record(folder), `${JSON.stringify(run, null, 2)}\n`);
}

export async function writeSpec(folder: string, spec: RunSpec): Promise<void> {
  await writeWhole(inRun.spec(folder), `${JSON.stringify(spec, null, 2)}\n`);
}

/** Asks whoever runs it to end a run; it takes effect within a second. */
export async function requestStop(workspace: string, id: string, by: string): Promise<void> {
  await writeWhole(inRun.stop(runFolder(workspace, id)), `${by}\n`);
}

/** Writes a file so that a reader sees all of it or nothing. Files here are small: a way through the pool of threads for
 *  each call would take many times as long as the calls. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    writeMaking(draft, text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    if (!['ENOSPC', 'EDQUOT'].includes(systemCode(error) ?? '')) throw error;
    throw new RunError('disk', `The disk has no room for ${path}: make some, and go on.`, { cause: error });
  }
}

function writeMaking(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** Text of a small file, or null where it is missing. */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function readJson<T>(path: string, parse: (value: unknown) => T): Promise<T | null> {
  const text = await readIfThere(path);
  if (text === null) return null;
  try {
    return parse(JSON.parse(text));
  } catch (error) {
    throw new RunError('record', `${path} cannot be read as a record of this version; move it away to go on.`, {
      cause: error,
    });
  }
}

function plainName(name: string, what: string): string {
  if (PLAIN_NAME.test(name)) return name;
  throw new RunError('spec', `"${name}" cannot name a ${what}: letters, digits, dots and dashes only.`);
}
