import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Repository } from '../../../src/git/repository.ts';
import {
  filesBelow,
  put,
  scratchFolder,
  scratchRepository,
  userGit,
  userState,
} from '../../hosts/scratchRepository.ts';

async function agentAt(root: string) {
  const repository = await Repository.open(root);
  const { commit } = await repository.resolve('HEAD');
  const folder = join(scratchFolder(), 'agent');
  return { repository, commit, folder, branch: await repository.addWorktree(folder, 'mlr/idea', commit) };
}

describe("an agent's worktree", () => {
  test('commits what the agent changed to its own branch and nothing else', async () => {
    const root = scratchRepository({ a: '1\n', gone: '1\n', '.gitignore': '*.log\n' });
    put(root, { a: 'dirty\n' });
    const before = userState(root);
    const { repository, folder, branch, commit } = await agentAt(root);
    expect(await repository.commitWorktree(folder, 'nothing')).toBeNull();
    put(folder, { a: '2\n', 'new "x"\n': 'n\n', 'run.log': 'x', '.mlr/note': 'x' });
    rmSync(join(folder, 'gone'));
    const made = await repository.commitWorktree(folder, 'Try it');
    expect(userGit(root, 'rev-parse', branch)).toBe(made?.commit);
    expect(userGit(root, 'rev-parse', `${branch}^`)).toBe(commit);
    expect((await repository.listFiles(made?.tree ?? '')).map((file) => file.path)).toEqual([
      '.gitignore',
      'a',
      'new "x"\n',
    ]);
    expect(userGit(folder, 'status', '--porcelain', '--', '.', ':!.mlr')).toBe('');
    expect(await repository.commitWorktree(folder, 'again')).toBeNull();
    await repository.removeWorktree(folder);
    expect(existsSync(folder)).toBe(false);
    expect(userGit(root, 'worktree', 'list').split('\n')).toHaveLength(1);
    const { branches, ...rest } = userState(root);
    expect(rest).toEqual((({ branches: _, ...others }) => others)(before));
    expect(
      branches
        ?.split('\n')
        .filter((line) => !line.includes('refs/heads/mlr/'))
        .join('\n'),
    ).toBe(before.branches);
  });

  test('gets a free branch name where the name is taken', async () => {
    const root = scratchRepository({ a: '1\n' });
    const first = await agentAt(root);
    const second = await agentAt(root);
    const third = await agentAt(root);
    expect([first.branch, second.branch, third.branch]).toEqual(['mlr/idea', 'mlr/idea-2', 'mlr/idea-3']);
    await expect(first.repository.addWorktree(join(scratchFolder(), 'x'), 'main', first.commit)).rejects.toMatchObject({
      reason: 'bad-name',
    });
  });

  test('cannot start programs by a repository put in the place of its .git', async () => {
    const root = scratchRepository({ a: '1\n' });
    const { repository, folder, branch } = await agentAt(root);
    renameSync(join(folder, '.git'), join(folder, 'away'));
    rmSync(join(folder, 'away'));
    userGit(folder, 'init', '--quiet');
    const mark = join(scratchFolder(), 'started');
    userGit(folder, 'config', 'filter.evil.clean', `touch '${mark}'; cat`);
    put(folder, { a: '2\n', '.gitattributes': '* filter=evil\n' });
    const made = await repository.commitWorktree(folder, 'Try');
    expect(existsSync(mark)).toBe(false);
    expect(userGit(root, 'rev-parse', branch)).toBe(made?.commit);
  });

  test('can be looked at uncommitted, and set back to any commit', async () => {
    const root = scratchRepository({ a: '1\n', '.gitignore': '*.pyc\n' });
    const { repository, folder, branch, commit } = await agentAt(root);
    put(folder, { a: '2\n', 'new/b': 'x\n', 'c.pyc': 'x' });
    const tree = await repository.worktreeTree(folder);
    expect((await repository.changeSet(commit, tree, 't')).files.map((file) => file.path)).toEqual(['a', 'new/b']);
    expect(userGit(root, 'rev-parse', branch)).toBe(commit);
    const second = await repository.commitTree(tree, [commit], 'second');
    await repository.resetWorktree(folder, second);
    expect([userGit(root, 'rev-parse', branch), await repository.worktreeTree(folder)]).toEqual([second, tree]);
    put(folder, { 'new/c': 'y\n' });
    await repository.resetWorktree(folder, commit);
    expect(filesBelow(folder)).toMatchObject({ a: '1\n', 'c.pyc': 'x' });
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });

  test("that is on a branch of the user's does not move that branch", async () => {
    const root = scratchRepository({ a: '1\n' });
    userGit(root, 'branch', 'feature');
    const { repository, folder, commit } = await agentAt(root);
    userGit(folder, 'checkout', '--quiet', 'feature');
    const other = await repository.commitTree(await repository.emptyTree(), [commit], 'x');
    await expect(repository.resetWorktree(folder, other)).rejects.toMatchObject({ reason: 'no-worktree' });
    expect(userGit(root, 'rev-parse', 'feature')).toBe(commit);
  });

  test('is refused when it has left its branch', async () => {
    const root = scratchRepository({ a: '1\n' });
    const { repository, folder } = await agentAt(root);
    userGit(folder, 'checkout', '--quiet', '--detach');
    await expect(repository.commitWorktree(folder, 'x')).rejects.toMatchObject({ reason: 'no-worktree' });
    await expect(repository.commitWorktree(root, 'x')).rejects.toMatchObject({ reason: 'no-worktree' });
  });

  test('can be removed even after its .git was damaged', async () => {
    const root = scratchRepository({ a: '1\n' });
    const { repository, folder } = await agentAt(root);
    rmSync(join(folder, '.git'));
    await repository.removeWorktree(folder);
    expect(existsSync(folder)).toBe(false);
    expect(userGit(root, 'worktree', 'list').split('\n')).toHaveLength(1);
  });

  test("is never one of the user's own, nor are those forgotten", async () => {
    const root = scratchRepository({ a: '1\n' });
    const own = join(scratchFolder(), 'own');
    userGit(root, 'worktree', 'add', '--quiet', '-b', 'mlr/by-hand', own);
    const repository = await Repository.open(root);
    await expect(repository.removeWorktree(own)).rejects.toMatchObject({ reason: 'no-worktree' });
    await expect(repository.removeWorktree(root)).rejects.toMatchObject({ reason: 'no-worktree' });
    renameSync(own, `${own}.away`);
    await repository.pruneWorktrees();
    renameSync(`${own}.away`, own);
    expect(userGit(own, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('mlr/by-hand');
  });

  test('whose folder somebody deleted is forgotten', async () => {
    const root = scratchRepository({ a: '1\n' });
    const { repository, folder } = await agentAt(root);
    rmSync(folder, { recursive: true });
    await repository.pruneWorktrees();
    expect(userGit(root, 'worktree', 'list').split('\n')).toHaveLength(1);
  });

  test('is not made in a folder that holds something', async () => {
    const root = scratchRepository({ a: '1\n' });
    const repository = await Repository.open(root);
    const folder = scratchFolder();
    mkdirSync(join(folder, 'x'));
    writeFileSync(join(folder, 'x/y'), '');
    await expect(
      repository.addWorktree(folder, 'mlr/idea', (await repository.resolve('HEAD')).commit),
    ).rejects.toMatchObject({
      reason: 'failed',
      message: expect.stringContaining('already exists'),
    });
  });
});
