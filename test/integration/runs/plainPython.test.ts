import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { withPlainPython } from '../../../src/runs/plainPython.ts';
import { mlr } from '../cli/commandLine.ts';
import { tinyWorkspace } from '../session/tinyWorkspace.ts';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function scratch(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'mlr-shims-'));
  folders.push(folder);
  return folder;
}

/** A version manager's folder: its python3 is a script that notes every start and where it was started. */
function shims(body = 'PATH="$BEHIND"; export PATH; exec python3 "$@"'): { search: string; starts: () => string[] } {
  const folder = scratch();
  const noted = path.join(folder, 'starts');
  const behind = process.env.PATH ?? '';
  const file = path.join(folder, 'shims', 'python3');
  mkdirSync(path.dirname(file));
  writeFileSync(file, `#!/bin/sh\nBEHIND='${behind}'\npwd >> '${noted}' 2>/dev/null\n${body}\n`);
  chmodSync(file, 0o755);
  return {
    search: [path.dirname(file), behind].join(path.delimiter),
    starts: () => (existsSync(noted) ? readFileSync(noted, 'utf8').trim().split('\n') : []),
  };
}

describe('a search path on which python3 is a version manager’s script', () => {
  test('gets the folder of the interpreter that it chooses in the workspace, asked once', async () => {
    const workspace = scratch();
    const { search, starts } = shims();
    const [plain, again] = await Promise.all([withPlainPython(search, workspace), withPlainPython(search, workspace)]);
    expect(again).toBe(plain);
    const first = plain.slice(0, -search.length - 1);
    expect(plain).toBe([first, search].join(path.delimiter));
    expect(readdirSync(first).some((name) => /^python3/.test(name))).toBe(true);
    expect(starts()).toEqual([workspace]);
  });

  test('stays as it is where the script fails, prints nonsense, or there is no python3', async () => {
    for (const body of ['exit 1', 'echo "version 3.12 is not installed"']) {
      const { search } = shims(body);
      expect(await withPlainPython(search, scratch())).toBe(search);
    }
    const none = scratch();
    expect(await withPlainPython(none, none)).toBe(none);
  });

  test('stays as it is where python3 is an interpreter', async () => {
    const search = process.env.PATH ?? '';
    expect(await withPlainPython(search, scratch())).toBe(search);
  });
});

test('a measurement starts the version manager once, and its record names the interpreter that computed', async () => {
  const cwd = tinyWorkspace(0);
  folders.push(cwd);
  const { search, starts } = shims();
  const words = ['measure', '--baseline', 'main', '--variant', 'better', '--unconfined', '--json'];
  const { code, err } = await mlr(words, { cwd, env: { PATH: search } });
  expect(code, err).toBe(0);
  expect(starts()).toEqual([cwd]);
  const runs = path.join(cwd, '.mlr', 'runs');
  const records = readdirSync(runs).map((run) => JSON.parse(readFileSync(path.join(runs, run, 'run.json'), 'utf8')));
  expect(records.length).toBeGreaterThanOrEqual(20);
  for (const { environment } of records) expect(environment.pythonPath).not.toContain('shims');
});
