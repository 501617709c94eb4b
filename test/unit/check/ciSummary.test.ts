import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../../scripts/ciSummary.mjs', import.meta.url));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlr-summary-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('counts a test that ran in two phases once, and demo and check as one test each', async () => {
  await phase('demo', 0);
  await phase('check', 0);
  await phase('test', 0, { unit: ['passed', 'passed'] });
  await phase('full', 0, { unit: ['passed', 'passed'], extra: ['passed'] });
  expect(summary('demo', 'test', 'check', 'full')).toEqual({ code: 0, last: '5 passed, 0 failed' });
});

it('fails for a test that passed in one phase only', async () => {
  await phase('test', 0, { unit: ['passed'] });
  await phase('full', 1, { unit: ['failed'] });
  expect(summary('test', 'full')).toEqual({ code: 1, last: '0 passed, 1 failed' });
});

it('fails when a phase did not run, when a suite ran no test, and when there is no report at all', async () => {
  await phase('test', 0, { unit: [] });
  await phase('full', 0);
  expect(summary('demo', 'test', 'full')).toEqual({ code: 1, last: '0 passed, 3 failed' });
});

it('fails when a phase ended badly although every test passed', async () => {
  await phase('test', 124, { unit: ['passed'] });
  expect(summary('test')).toEqual({ code: 1, last: '1 passed, 1 failed' });
});

it('names what failed with the beginning of its error', async () => {
  await phase('full', 1, { unit: ['failed'] });
  const { stdout } = spawnSync(process.execPath, [script, folder, 'full'], { encoding: 'utf8' });
  expect(stdout).toContain('failed: unit: test 0\n    the place of test 0\n    line 2\n');
});

async function phase(name: string, exit: number, suites: Record<string, string[]> = {}): Promise<void> {
  await put(join(name, 'phase.json'), { phase: name, exit, seconds: 1 });
  for (const [suite, states] of Object.entries(suites)) {
    const tests = states.map((state, index) => {
      const error = state === 'failed' ? { error: `\u001b[31mthe place of test ${index}\u001b[39m\nline 2` } : {};
      return { title: `test ${index}`, state, milliseconds: 1, ...error };
    });
    await put(join(name, 'reports', `${suite}.json`), { suite, seconds: 1, tests });
  }
}

async function put(path: string, content: unknown): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), JSON.stringify(content));
}

function summary(...phases: string[]): { code: number | null; last: string | undefined } {
  const { status, stdout } = spawnSync(process.execPath, [script, folder, ...phases], { encoding: 'utf8' });
  return { code: status, last: stdout.trim().split('\n').at(-1) };
}
