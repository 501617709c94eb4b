import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tinyWorkspace } from '../session/tinyWorkspace.ts';
import { mlr } from './commandLine.ts';

const measureNoise = ['measure', '--baseline', 'main', '--unconfined'];

let cwd: string;
beforeEach(() => {
  cwd = tinyWorkspace(0.05);
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

describe('a baseline measured alone', () => {
  test('says what a comparison could show and what it costs, without a verdict and without counting as a try', async () => {
    const { code, out, err } = await mlr([...measureNoise, '--json'], { cwd });
    expect(code).toBe(0);
    const card = JSON.parse(out) as { values: number[]; mean: number; noiseFloor: number; plans: { seeds: number }[] };
    expect(card).toMatchObject({ metric: 'accuracy', revision: 'main', secondsPerRun: expect.any(Number) as number });
    expect(card.values).toHaveLength(5);
    expect(card.mean).toBeCloseTo(card.values.reduce((a, b) => a + b) / 5, 12);
    expect(card.plans.map(({ seeds }) => seeds)).toEqual([5, 8, 10]);
    expect(err.match(/baseline seed \d+: accuracy 0\.5\d*/g)).toHaveLength(5);
    const compared = await mlr([...measureNoise, '--variant', 'better', '--json'], { cwd });
    expect(JSON.parse(compared.out)).toMatchObject({ tried: 1 });
  });

  test('prints a card for people', async () => {
    const { out } = await mlr(measureNoise, { cwd });
    expect(out).toMatch(
      /^\nNoise {2}accuracy of main over 5 seeds\n {2}mean 0\.50\d*, from 0\.\d+ to 0\.\d+, standard deviation 0\.00\d*\n/,
    );
    expect(out).toMatch(/^ +seeds +gain +runs +time\n +5 +0\.\d+ +10 +[\d.]+ s$/m);
  });

  test('whose runs all fail says where their output is, exit code 2', async () => {
    writeFileSync(path.join(cwd, 'train.py'), 'raise SystemExit(3)\n');
    const { code, err } = await mlr(['measure', '--baseline', 'worktree', '--unconfined'], { cwd });
    expect(code).toBe(2);
    const run =
      /mlr: .*needs two seeds with a score: .*\(mlr follow (\S+)\), mend the baseline and measure again\.\n/.exec(err);
    expect(run).not.toBeNull();
    const followed = await mlr(['follow', run?.[1] ?? ''], { cwd });
    expect(followed).toMatchObject({ code: 0, err: expect.stringContaining('the run failed: ') as string });
  });
});

describe('a session', () => {
  test('that is finished is told again by resume, has nothing to stop, and no gate to answer', async () => {
    const first = await mlr([...measureNoise, '--json'], { cwd });
    const again = await mlr(['resume', 'last', '--json'], { cwd });
    expect(again).toMatchObject({ code: 0, out: first.out });
    expect(await mlr(['stop', 'last'], { cwd })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^mlr: Session \S+ is finished: there is nothing to stop\.\n$/) as string,
    });
    const answered = await mlr(['answer', 'last', 'adopt', 'keep'], { cwd });
    expect(answered.code).toBe(2);
    expect(answered.err).toContain('has no open gate "adopt"; open: none.');
    const reported = await mlr(['report', 'last'], { cwd });
    expect(reported).toMatchObject({ code: 2, out: '' });
    expect(reported.err).toMatch(/^mlr: Session \S+ has no report; it ended without one\.\n$/);
  });

  test('that nobody knows is answered with those there are', async () => {
    await mlr(measureNoise, { cwd });
    const { code, err } = await mlr(['resume', 'nothing'], { cwd });
    expect(code).toBe(2);
    expect(err).toMatch(/^mlr: "nothing" names no session of \/.*; the newest are: \d{8}-\d{6}-[0-9a-f]{6}\.\n$/);
  });

  test('whose log was altered is named with the line, exit code 3; the other sessions are listed all the same', async () => {
    await mlr([...measureNoise, '--json'], { cwd });
    const folder = path.join(cwd, '.mlr', 'sessions');
    const [session = ''] = readdirSync(folder);
    const log = path.join(folder, session, 'events.jsonl');
    const lines = readFileSync(log, 'utf8').split('\n');
    lines[2] = (lines[2] ?? '').replace(/"seq":3/, '"seq":33');
    writeFileSync(log, lines.join('\n'));
    const resumed = await mlr(['resume', session, '--json'], { cwd });
    expect(resumed.code).toBe(3);
    expect(resumed.err).toMatch(
      /^mlr: \/.*events\.jsonl:3: this line of the session's log was altered or damaged .*\n$/,
    );
    await mlr([...measureNoise, '--json'], { cwd });
    const list = await mlr(['sessions'], { cwd });
    expect(list.code).toBe(0);
    expect(list.out.split('\n')).toHaveLength(3);
    expect(list.out).toContain('events.jsonl:3: ');
    expect(list.out).toContain('The noise of main');
  });
});
