import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mlr } from '../cli/commandLine.ts';
import { tinyWorkspace } from './tinyWorkspace.ts';

const WEIGHTS =
  'for name in ("weights.bin", "best.bin"): open(out + "/" + name, "wb").write(bytes([seed % 251]) * 2**21)\n';

let cwd: string;
beforeAll(async () => {
  cwd = tinyWorkspace(0);
  for (const branch of ['better', 'main']) {
    git('checkout', '-q', branch);
    appendFileSync(path.join(cwd, 'train.py'), WEIGHTS);
    appendFileSync(path.join(cwd, 'mlr.yaml'), 'keep: [best.bin]\n');
    git('commit', '-qam', 'Write weights');
  }
  await mlr(['measure', '--baseline', 'main', '--variant', 'better', '--unconfined', '--json'], { cwd });
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

test('mlr clean shows what could go and touches nothing, then frees it and leaves what verify and reproduce need', async () => {
  const outs = () => runs().map((run) => readdirSync(path.join(run, 'out')).sort().join());
  const before = await mlr(['clean', '--json'], { cwd });
  expect(JSON.parse(before.out)).toMatchObject({
    sessions: [{ title: 'better against main', outputs: 10 * 2 ** 21 }],
    unfinished: 0,
    removed: false,
  });
  expect(new Set(outs())).toEqual(new Set(['best.bin,score.txt,weights.bin']));
  const shown = await mlr(['clean'], { cwd });
  expect(shown.out).toMatch(
    /21\.0 MB {2}large files that its runs wrote\n\n21\.\d MB can go: mlr clean --yes removes it\./,
  );

  expect((await mlr(['clean', '--yes'], { cwd })).out).toContain('21.0 MB removed.');
  expect(new Set(outs())).toEqual(new Set(['best.bin,score.txt']));
  expect(existsSync(path.join(cwd, '.mlr', 'sessions', only('sessions'), 'arms'))).toBe(false);
  expect((await mlr(['clean'], { cwd })).out).toBe('There is nothing to remove.\n');
  expect(JSON.parse((await mlr(['verify', '--json'], { cwd })).out)).toMatchObject({ holds: true, problem: null });
  const again = await mlr(['reproduce', 'last', '--unconfined', '--json'], { cwd });
  expect(JSON.parse(again.out)).toMatchObject({ reproduced: true });

  writeFileSync(path.join(runs()[0] ?? '', 'out', 'score.txt'), '0.9');
  const altered = JSON.parse((await mlr(['verify', only('reports'), '--json'], { cwd })).out) as { problem: string };
  expect(altered).toMatchObject({ holds: false, problem: expect.stringContaining('out was altered') as string });
});

/** Folders of the runs of arms that were measured. */
function runs(): string[] {
  const store = path.join(cwd, '.mlr', 'runs');
  const names = readdirSync(store).filter((name) => /^m.*-(?:baseline|variant)$/.test(name));
  return names.map((name) => path.join(store, name));
}

function only(what: 'sessions' | 'reports'): string {
  return readdirSync(path.join(cwd, '.mlr', what))[0] ?? '';
}

function git(...words: string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...words], { cwd });
}
