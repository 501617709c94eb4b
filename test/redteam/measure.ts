import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Place } from './place.ts';

const root = join(import.meta.dirname, '..', '..');
const cli = join(root, 'dist', 'cli.mjs');
const verdict = z.enum(['supported', 'refuted', 'inconclusive', 'invalid']);
const values = z.array(z.number().nullable());

/** The shape of `measure --json` that architecture.md promises, as far as the suite reads it. */
const measured = z.object({
  verdict,
  metric: z.string(),
  goal: z.string(),
  baseline: z.object({ revision: z.string(), values }),
  variants: z.array(
    z.object({
      revision: z.string(),
      values,
      verdict,
      difference: z.looseObject({ p: z.unknown(), n: z.unknown() }).nullish(),
    }),
  ),
  checks: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['void', 'doubt', 'note']),
      passed: z.boolean().nullable(),
      detail: z.string(),
      revision: z.string().optional(),
    }),
  ),
  tried: z.unknown(),
});
export type Measured = z.infer<typeof measured>;

export interface Answer {
  readonly exit: number | null;
  readonly json: Measured | null;
  /** Why there is no JSON, or what went to standard error. */
  readonly words: string;
  readonly runs: number;
}

export async function isConfined(): Promise<boolean> {
  if (process.env.MLR_REDTEAM_UNCONFINED === '1') return false;
  const { stdout } = await start(['doctor', '--json'], process.env, 30_000);
  const report = z
    .object({ findings: z.array(z.object({ name: z.string(), good: z.boolean() })) })
    .parse(JSON.parse(stdout));
  return report.findings.some(({ name, good }) => name === 'confinement' && good);
}

export async function measure(place: Place, words: readonly string[], confined: boolean): Promise<Answer> {
  const flags = ['--json', '--policy', 'autopilot', '--workspace', place.workspace];
  const all = ['measure', ...words, ...flags, ...(confined ? [] : ['--unconfined'])];
  const environment = confined ? environmentOf(place) : { ...environmentOf(place), PATH: pathWithoutSandbox(place) };
  const { exit, stdout, stderr } = await start(all, environment, 100_000);
  const parsed = parse(stdout);
  const runs = join(place.workspace, '.mlr', 'runs');
  return {
    exit,
    json: typeof parsed === 'string' ? null : parsed,
    words: typeof parsed === 'string' ? `${parsed} ${(stderr || stdout).slice(-400)}` : stderr.slice(-400),
    runs: existsSync(runs) ? readdirSync(runs).length : 0,
  };
}

/** Starts a measure, and kills it as soon as the first score of a variant stands in its records. */
export async function abandonedMeasure(place: Place, words: readonly string[]): Promise<void> {
  const all = [cli, 'measure', ...words, '--json', '--policy', 'autopilot', '--workspace', place.workspace];
  const child = spawn(process.execPath, all, { env: environmentOf(place), cwd: root, detached: true, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const sessions = join(place.workspace, '.mlr', 'sessions');
  const scores = (): number =>
    (existsSync(sessions) ? readdirSync(sessions) : [])
      .map((name) => join(sessions, name, 'events.jsonl'))
      .filter((path) => existsSync(path))
      .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/"accuracy":0/g)]).length;
  for (let waited = 0; waited < 400 && scores() < 2; waited += 1) await sleep(50);
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  await ended;
}

/** Any other command, with the folder that it starts in. */
export function command(place: Place, words: readonly string[], folder = place.workspace): Promise<Ended> {
  return start(words, environmentOf(place), 100_000, folder);
}

function environmentOf(place: Place): NodeJS.ProcessEnv {
  return {
    ...process.env,
    HOME: place.home,
    OPENAI_API_KEY: 'redteam-canary-1',
    HF_TOKEN: 'redteam-canary-2',
    AWS_SECRET_ACCESS_KEY: 'redteam-canary-3',
    MLR_REDTEAM_CANARY: 'redteam-canary-4',
  };
}

/** `--unconfined` allows runs without a sandbox and does not forbid one, so this machine is made to have none. */
function pathWithoutSandbox(place: Place): string {
  const folder = join(place.root, 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'bwrap'), '#!/bin/sh\necho "hidden by the suite" >&2\nexit 1\n', { mode: 0o755 });
  return [folder, process.env.PATH].join(delimiter);
}

function parse(stdout: string): Measured | string {
  try {
    const result = measured.safeParse(JSON.parse(stdout));
    return result.success ? result.data : `JSON of another shape: ${z.prettifyError(result.error)}`;
  } catch {
    return 'no JSON:';
  }
}

export interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(words: readonly string[], env: NodeJS.ProcessEnv, limit: number, cwd = root): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...words], {
      env,
      cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const parts = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      parts.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      parts.stderr += text;
    });
    const timer = setTimeout(() => {
      parts.stderr += ' (killed by the suite after its time)';
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, limit);
    child.on('error', reject);
    child.on('close', (exit) => {
      clearTimeout(timer);
      resolve({ exit, ...parts });
    });
  });
}
