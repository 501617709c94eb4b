import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tinyWorkspace } from '../session/tinyWorkspace.ts';
import { mlr, pathWith, start } from './commandLine.ts';

const compare = ['measure', '--baseline', 'main', '--variant', 'better'];

let cwd: string;
const folders: string[] = [];
beforeEach(() => {
  cwd = tinyWorkspace(0.1);
  folders.push(cwd);
});
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function only(...programs: string[]): Record<string, string> {
  const folder = pathWith(...programs);
  folders.push(folder);
  return { PATH: folder };
}

/** The sentences of a failure, without the progress that stands before it. */
function sentences(err: string): string {
  return err.slice(err.indexOf('mlr: '));
}

describe('a workspace that cannot be measured is told apart, exit code 2', () => {
  test.each([
    [
      'no repository',
      () => rmSync(path.join(cwd, '.git'), { recursive: true }),
      /^mlr: \/.* is not a git repository; run `git init && git add -A && git commit -m start` there first\.\n/,
    ],
    [
      'a repository without a commit',
      () => {
        rmSync(path.join(cwd, '.git'), { recursive: true });
        execFileSync('git', ['init', '-q'], { cwd });
      },
      /^mlr: \/.* is a git repository without a commit; run `git add -A && git commit -m start` there first\.\n/,
    ],
    [
      'a contract with errors',
      () => commitContract((yaml) => yaml.replace('maximize', 'max').replace('seeds: 5', 'seed: 5')),
      /^mlr: mlr\.yaml:5:\d+ `metrics\.accuracy`: expected maximize or minimize, found `?"?max.*\(and 1 more\)\.\n/,
    ],
    ['a contract that is no YAML', () => commitContract(() => 'version: [1\n'), /^mlr: mlr\.yaml:\d+:\d+ .+\n/],
    [
      'a contract that names a missing file',
      () => commitContract((yaml) => yaml.replace('protected: [', 'protected: [nothing.py, ')),
      /^mlr: mlr\.yaml:7:\d+ `protected\.0`: .*nothing\.py.*\n/,
    ],
    [
      'no contract',
      () => execFileSync('git', [...who, 'rm', '-q', 'mlr.yaml'], { cwd }) && commit(),
      /^mlr: \/.*mlr\.yaml: main holds no contract; write one, commit it on the baseline, and measure again\.\n/,
    ],
    [
      'a program that is not there',
      () => commitContract((yaml) => yaml.replace('run: "python3', 'run: "julia')),
      /^mlr: mlr\.yaml `run`: there is no program julia on this machine's PATH; install it, or give its path\.\n/,
    ],
  ])('%s', async (_, spoil, sentence) => {
    spoil();
    const { code, out, err } = await mlr([...compare, '--json'], { cwd });
    expect(sentences(err)).toMatch(sentence);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ error: { message: expect.any(String) as string } });
    expect(err).not.toMatch(/^ {4}at /m);
    // What must be mended first is asked for again: no session waits for it, and nothing says that it could go on.
    if (!sentences(err).includes('there is no program')) {
      expect(existsSync(path.join(cwd, '.mlr', 'sessions'))).toBe(false);
      expect(err).not.toContain('go on with');
    }
  });

  test.each([
    [['measure', '--baseline', 'main', '--variant', 'nothing'], /"nothing" names no commit of \/.*; give a branch/],
    [['measure', '--baseline', 'main', '--variant', 'main'], /main holds the same files as main: there is nothing/],
  ])('%j', async (words, sentence) => {
    const { code, err } = await mlr(words, { cwd });
    expect(code).toBe(2);
    expect(sentences(err)).toMatch(sentence);
    expect(existsSync(path.join(cwd, '.mlr', 'sessions'))).toBe(false);
  });

  test('no git on the PATH', async () => {
    const { code, err } = await mlr(compare, { cwd, env: only('python3') });
    expect(code).toBe(2);
    expect(sentences(err)).toMatch(/^mlr: git was not found on PATH; install git/);
  });

  test('no Python on the PATH, before a seed is spent on it; with Python the session goes on', async () => {
    const { code, err } = await mlr([...compare, '--unconfined'], { cwd, env: only('git') });
    expect(code).toBe(2);
    expect(sentences(err)).toMatch(
      /^mlr: mlr\.yaml `run`: there is no program python3 on this machine's PATH; install it, or name an interpreter under `python`\.\n +Nothing is lost; then go on with: mlr resume \S+\n$/,
    );
    expect(err).not.toContain('registered');
    const resumed = await mlr(['resume', 'last', '--json', '--unconfined'], { cwd });
    expect(JSON.parse(resumed.out)).toMatchObject({ verdict: 'supported' });
  });
});

test('uncommitted changes are measured as a snapshot, named, and left as they are', async () => {
  appendFileSync(path.join(cwd, 'train.py'), '# changed\n');
  const before = readFileSync(path.join(cwd, 'train.py'), 'utf8');
  const words = ['measure', '--baseline', 'main', '--variant', 'worktree', '--unconfined', '--json'];
  const { code, out, err } = await mlr(words, { cwd });
  expect(err).toContain('uncommitted changes kept as a snapshot: train.py\n');
  expect(readFileSync(path.join(cwd, 'train.py'), 'utf8')).toBe(before);
  // A comment changes no output, so the comparison is void: the JSON is printed all the same.
  expect(code).toBe(3);
  expect(JSON.parse(out)).toMatchObject({ verdict: 'invalid', baseline: { revision: 'main' } });
});

describe('a machine that cannot confine runs', () => {
  const bare = () => only('git', 'python3');

  test('is refused on autopilot with one sentence that names the flag', async () => {
    const { code, err } = await mlr([...compare, '--policy', 'autopilot'], { cwd, env: bare() });
    expect(code).toBe(2);
    expect(sentences(err)).toMatch(/^mlr: Nothing on this machine can confine runs .* or add --unconfined\.\n/);
  });

  test('is asked about otherwise: exit code 4 and what to answer; a wrong answer changes nothing, a right one goes on', async () => {
    const env = bare();
    const waiting = await mlr([...compare, '--json'], { cwd, env });
    expect(waiting.code).toBe(4);
    const { waiting: gate } = JSON.parse(waiting.out) as { waiting: { session: string; gate: string } };
    expect(gate).toMatchObject({
      gate: 'unconfined',
      options: [{ choice: 'approve' }, { choice: 'stop' }],
    });
    const unknown = await mlr(['answer', gate.session, 'adopt', 'yes'], { cwd, env });
    expect(unknown).toMatchObject({ code: 2, out: '' });
    expect(unknown.err).toContain('has no open gate "adopt"; open: unconfined.');
    const wrong = await mlr(['answer', gate.session, 'unconfined', 'perhaps'], { cwd, env });
    expect(wrong).toMatchObject({ code: 2, out: '' });
    expect(wrong.err).toContain('Gate "unconfined" takes approve, stop; "perhaps" is none of them.');
    const right = await mlr(['answer', gate.session, 'unconfined', 'approve', '--json'], { cwd, env });
    expect(right.code).toBe(0);
    expect(JSON.parse(right.out)).toMatchObject({ verdict: 'supported' });
  });

  test('a person who declined may change their mind', async () => {
    const env = bare();
    await mlr(compare, { cwd, env });
    const declined = await mlr(['answer', 'last', 'unconfined', 'stop'], { cwd, env });
    expect(declined.code).toBe(2);
    const asked = await mlr(['resume', 'last'], { cwd, env });
    expect(asked.code).toBe(4);
    expect(asked.out).toMatch(/mlr answer \S+ unconfined-2 approve {3}# Run without confinement/);
    const agreed = await mlr(['resume', 'last', '--unconfined', '--json'], { cwd, env });
    expect(JSON.parse(agreed.out)).toMatchObject({ verdict: 'supported' });
  });
});

test('a session is worked on by one process: a second joins the first and gets the same result', async () => {
  // Long enough for the second to begin on a busy machine.
  cwd = tinyWorkspace(1);
  folders.push(cwd);
  const first = start([...compare, '--unconfined', '--json'], { cwd });
  await expect.poll(() => first.said.err, { timeout: 120_000 }).toContain('registered');
  const second = await mlr(['resume', 'last', '--json'], { cwd });
  const { code, out } = await first.ended;
  expect(second.err).toMatch(/^mlr: process \d+ works on this session; joining it\n/);
  expect([code, second.code]).toEqual([0, 0]);
  expect(JSON.parse(second.out)).toEqual(JSON.parse(out));
});

test('who joined a session goes on with it where the process that worked on it is killed', async () => {
  cwd = tinyWorkspace(1);
  folders.push(cwd);
  const first = start([...compare, '--unconfined'], { cwd });
  await expect.poll(() => first.said.err, { timeout: 120_000 }).toContain('registered');
  const second = start(['resume', 'last', '--json'], { cwd });
  await expect.poll(() => second.said.err, { timeout: 120_000 }).toContain('joining it');
  first.process.kill('SIGKILL');
  const { code, out, err } = await second.ended;
  expect(code, err).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ verdict: 'supported' });
});

const who = ['-c', 'user.name=t', '-c', 'user.email=t@localhost'];

function commit(): void {
  execFileSync('git', [...who, 'commit', '-qam', 'Spoil it'], { cwd });
}

function commitContract(change: (yaml: string) => string): void {
  const file = path.join(cwd, 'mlr.yaml');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  commit();
}
