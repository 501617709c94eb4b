import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Measurement } from '../../../src/domain/evidence.ts';
import { tinyWorkspace } from '../session/tinyWorkspace.ts';
import { mlr, type Said } from './commandLine.ts';

const REASON = 'the learner has no randomness';

let workspace: string;
beforeAll(() => {
  workspace = tinyWorkspace(0);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: workspace });
  const script = path.join(workspace, 'train.py');
  const branch = (name: string, text: string) => {
    git('checkout', '-qb', name, 'main');
    writeFileSync(script, text);
    git('commit', '-qam', name);
  };
  const write = 'import sys\nopen(sys.argv[2] + "/score.txt", "w").write("0.7")\n';
  branch('constant', write);
  branch('broken', 'raise SystemExit(1)\n');
  git('checkout', '-q', 'main');
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

const run = (...words: string[]): Promise<Said> => mlr(words, { cwd: workspace });

async function measured(variant: string): Promise<Measurement> {
  const said = await run('measure', '--baseline', 'main', '--variant', variant, '--unconfined', '--json');
  return JSON.parse(said.out) as Measurement;
}

describe('mlr accept', { timeout: 300_000 }, () => {
  test('turns a verdict that one doubt left open into a supported one, and the report says when', async () => {
    const before = await measured('constant');
    expect(before.verdict).toBe('inconclusive');
    const said = await run('accept', before.session, 'seed-effect', '--reason', REASON, '--json');
    const after = JSON.parse(said.out) as Measurement & { report: string };
    expect([said.code, after.verdict]).toEqual([0, 'supported']);
    expect(after.variants.map(({ difference }) => difference)).toEqual(before.variants.map((v) => v.difference));
    expect(readFileSync(after.report, 'utf8')).toContain(`accepted after seeing the result: ${REASON}`);
    expect((await run('verify', before.session)).code).toBe(0);
    expect((await run('sessions')).out).toContain('supported');
  });

  test('does it once', async () => {
    const said = await run('accept', 'last', 'seed-effect', '--reason', 'once more');
    expect([said.code, said.err]).toEqual([
      2,
      expect.stringMatching(/^mlr: seed-effect was accepted before in session \S+: the learner has no randomness\.\n/),
    ]);
  });

  test('refuses in one sentence what is no open doubt, and changes nothing', async () => {
    const { session } = await measured('broken');
    const refusals = [
      ['runs-complete', /^mlr: runs-complete is void in session \S+, which nobody can accept: mend/],
      [
        'clean-tree',
        /^mlr: clean-tree raised no doubt in session \S+, so there is nothing to accept; open doubts: none/,
      ],
      ['coverage', /^mlr: coverage was not run in session/],
      ['no-such-check', /^mlr: Session \S+ has no check "no-such-check"/],
    ] as const;
    for (const [check, sentence] of refusals) {
      const said = await run('accept', session, check, '--reason', 'I say so');
      expect([said.code, said.err.trimEnd().split('\n').length]).toEqual([2, 1]);
      expect(said.err).toMatch(sentence);
    }
    expect((await run('accept', session, 'runs-complete', '--reason', ' ')).err).toContain('needs a reason');
    expect((await run('verify', session)).code).toBe(0);
  });

  test('refuses a session without a verdict', async () => {
    const said = await run('measure', '--baseline', 'main', '--unconfined', '--json');
    const { session } = JSON.parse(said.out) as { session: string };
    const refused = await run('accept', session, 'seed-effect', '--reason', 'why not');
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('has no verdict (it is finished)')]);
  });
});
