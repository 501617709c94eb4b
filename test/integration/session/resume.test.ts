import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Measurement } from '../../../src/domain/evidence.ts';
import { tinyWorkspace } from './tinyWorkspace.ts';

const mlr = fileURLToPath(new URL('../../../dist/cli.mjs', import.meta.url));
const words = [
  'measure',
  '--baseline',
  'main',
  '--variant',
  'better',
  '--unconfined',
  '--policy',
  'autopilot',
  '--json',
];

let workspace: string;
beforeEach(() => {
  workspace = tinyWorkspace();
});
afterEach(async () => {
  killAll(workspace);
  await expect.poll(() => processesOf(workspace), { timeout: 60_000 }).toEqual([]);
  rmSync(workspace, { recursive: true, force: true });
});

describe('a measurement that was killed', () => {
  test('goes on after kill -9 of the command line: nothing finished is run again, nothing is left behind', async () => {
    const killed = start(words);
    await expect.poll(() => finished(workspace).length, { timeout: 300_000 }).toBeGreaterThanOrEqual(2);
    killed.kill('SIGKILL');
    const before = recordsOf(workspace);

    const measurement = await resumed(workspace);

    expect(measurement.verdict).toBe('supported');
    expect(measurement.runs).toHaveLength(10);
    const after = recordsOf(workspace);
    for (const [id, record] of before) expect(after.get(id)).toBe(record);
    expect(eventsOf(workspace).filter((type) => type === 'registered')).toHaveLength(1);
    await expect.poll(() => processesOf(workspace), { timeout: 60_000 }).toEqual([]);
  });

  test('goes on after kill -9 of everything, and repeats only the run that was lost', async () => {
    start(words);
    await expect.poll(() => finished(workspace).length, { timeout: 300_000 }).toBeGreaterThanOrEqual(1);
    killAll(workspace);
    const before = recordsOf(workspace);

    const measurement = await resumed(workspace);

    expect(measurement.verdict).toBe('supported');
    const after = recordsOf(workspace);
    for (const [id, record] of before) expect(after.get(id)).toBe(record);
    const repeated = [...after.keys()].filter((id) => /-2(-evaluate)?$/.test(id));
    expect(repeated.length).toBeLessThanOrEqual(2);
  });

  test.each([
    ['the command line alone', (killed: ChildProcess) => killed.kill('SIGKILL')],
    ['everything', () => killAll(workspace)],
  ])('runs no file that somebody altered after kill -9 of %s', async (_what, kill) => {
    const killed = start(words);
    await expect.poll(() => finished(workspace).length, { timeout: 300_000 }).toBeGreaterThanOrEqual(2);
    kill(killed);
    for (const arm of exportsOf(workspace)) {
      writeFileSync(path.join(arm, 'sitecustomize.py'), 'raise SystemExit(1)');
      if (!existsSync(path.join(arm, 'train.py'))) writeFileSync(path.join(arm, 'data', 'answers.txt'), '2\n');
      else
        writeFileSync(path.join(arm, 'train.py'), 'import sys\nopen(sys.argv[2] + "/score.txt", "w").write("0.1")\n');
    }

    const measurement = await resumed(workspace);

    expect(measurement.verdict).toBe('supported');
    for (const value of measurement.baseline.values) expect(value).toBeGreaterThanOrEqual(0.5);
    for (const { values } of measurement.variants)
      for (const value of values) expect(value).toBeGreaterThanOrEqual(0.6);
    const said = noticesOf(workspace).filter((text) => text.includes('was altered since it was exported'));
    expect(said).toHaveLength(exportsOf(workspace).length);
    for (const arm of exportsOf(workspace)) expect(existsSync(path.join(arm, 'sitecustomize.py'))).toBe(false);
  });

  test('is stopped by Ctrl-C with exit code 130 and the way to go on, and can be resumed', async () => {
    const stopped = start(words);
    let said = '';
    stopped.stderr?.on('data', (text: Buffer) => {
      said += text.toString('utf8');
    });
    await expect.poll(() => finished(workspace).length, { timeout: 300_000 }).toBeGreaterThanOrEqual(1);
    stopped.kill('SIGINT');
    const code = await new Promise((resolve) => stopped.once('close', resolve));
    expect(code).toBe(130);
    expect(said).toMatch(/go on with: mlr resume \S+/);
    expect((await resumed(workspace)).verdict).toBe('supported');
  });
});

function start(args: string[]): ChildProcess {
  return spawn(process.execPath, [mlr, ...args, '--workspace', workspace], { stdio: ['ignore', 'ignore', 'pipe'] });
}

async function resumed(folder: string): Promise<Measurement> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    mlr,
    'resume',
    'last',
    '--json',
    '--workspace',
    folder,
  ]);
  return JSON.parse(stdout) as Measurement;
}

function killAll(folder: string): void {
  for (const pid of processesOf(folder)) process.kill(pid, 'SIGKILL');
}

/** Folders that the arms and the hidden files of the one session were exported to. */
function exportsOf(folder: string): string[] {
  const [session = ''] = readdirSync(path.join(folder, '.mlr', 'sessions'));
  const arms = path.join(folder, '.mlr', 'sessions', session, 'arms');
  return readdirSync(arms).map((name) => path.join(arms, name));
}

function noticesOf(folder: string): string[] {
  const [session = ''] = readdirSync(path.join(folder, '.mlr', 'sessions'));
  const lines = readFileSync(path.join(folder, '.mlr', 'sessions', session, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return lines.flatMap((line) => {
    const event = JSON.parse(line) as { type: string; text?: string };
    return event.type === 'notice' && event.text !== undefined ? [event.text] : [];
  });
}

/** The records of runs that have ended, as text, by id. */
function recordsOf(folder: string): Map<string, string> {
  const runs = path.join(folder, '.mlr', 'runs');
  const names = existsSync(runs) ? readdirSync(runs) : [];
  const ended = names.flatMap((id): [string, string][] => {
    const file = path.join(runs, id, 'run.json');
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    return /"state": "(finished|failed|stopped)"/.test(text) ? [[id, text]] : [];
  });
  return new Map(ended);
}

function finished(folder: string): string[] {
  return [...recordsOf(folder)].filter(([, text]) => text.includes('"purpose": "run"')).map(([id]) => id);
}

function eventsOf(folder: string): string[] {
  const [session = ''] = readdirSync(path.join(folder, '.mlr', 'sessions'));
  const lines = readFileSync(path.join(folder, '.mlr', 'sessions', session, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => (JSON.parse(line) as { type: string }).type);
}

/** Processes that were started for this workspace, or work in it. */
function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => mentions(`/proc/${pid}/cmdline`, folder))
    .map(Number);
}

function mentions(file: string, folder: string): boolean {
  try {
    return readFileSync(file, 'utf8').includes(folder);
  } catch {
    // The process has ended meanwhile.
    return false;
  }
}
