import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Measurement } from '../../../src/domain/evidence.ts';
import { tinyWorkspace } from './tinyWorkspace.ts';

const mlr = fileURLToPath(new URL('../../../dist/cli.mjs', import.meta.url));

let workspace: string;
beforeEach(() => {
  workspace = tinyWorkspace(0);
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

test('a dirty workspace is measured without git ever holding its untracked data', async () => {
  const put = (name: string, text: string) => writeFileSync(path.join(workspace, name), text);
  const read = (name: string) => readFileSync(path.join(workspace, name), 'utf8');
  const git = (...words: string[]) => execFileSync('git', words, { cwd: workspace, encoding: 'utf8' });
  put('mlr.yaml', `${read('mlr.yaml')}inputs: [data/corpus.txt]\n`);
  git('-c', 'user.name=t', '-c', 'user.email=t@localhost', 'commit', '-qam', 'Name the corpus');
  put('data/corpus.txt', 'untracked words\n');
  put('train.py', `open("data/corpus.txt").read()\n${read('train.py').replace('0.5 +', '0.6 +')}`);

  const words = ['measure', '--baseline', 'main', '--variant', 'worktree', '--unconfined', '--policy', 'autopilot'];
  const { stdout } = await promisify(execFile)(process.execPath, [mlr, ...words, '--json', '--workspace', workspace]);

  expect((JSON.parse(stdout) as Measurement).verdict).toBe('supported');
  const snapshot = git('for-each-ref', '--format=%(refname)', 'refs/mlr')
    .split('\n')
    .find((ref) => ref.endsWith('/worktree'));
  expect(git('ls-tree', '-r', '--name-only', snapshot ?? '').split('\n')).not.toContain('data/corpus.txt');
  expect(git('status', '--porcelain')).toContain('data/corpus.txt');
});
