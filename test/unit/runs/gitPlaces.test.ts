import { execFileSync } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { otherGitPlaces } from '../../../src/runs/gitPlaces.ts';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'git-places-')));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function git(...words: string[]): void {
  const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...identity, ...words], { cwd: folder, stdio: 'pipe' });
}

async function repository(): Promise<string> {
  git('init', '-q', 'main');
  await writeFile(join(folder, 'main', 'labels.csv'), '1');
  git('-C', 'main', 'add', '.');
  git('-C', 'main', 'commit', '-qm', 'first');
  return join(folder, 'main');
}

test('a plain repository has everything in its own folder', async () => {
  expect(otherGitPlaces(await repository())).toEqual([]);
  expect(otherGitPlaces(folder)).toEqual([]);
});

test('a linked worktree names the main checkout with its history, and the other worktrees', async () => {
  const main = await repository();
  const [one, two] = [join(folder, 'one'), join(folder, 'two')];
  for (const place of [one, two]) git('-C', 'main', 'worktree', 'add', '-q', '--detach', place);
  expect(otherGitPlaces(main)).toEqual([one, two]);
  expect(otherGitPlaces(one)).toEqual(expect.arrayContaining([main, join(main, '.git'), two]));
});

test('a clone that borrows the objects of another names them', async () => {
  const main = await repository();
  git('clone', '-q', '--shared', main, 'borrower');
  expect(otherGitPlaces(join(folder, 'borrower'))).toEqual([join(main, '.git', 'objects')]);
});
