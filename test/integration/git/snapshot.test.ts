import { chmodSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
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

describe('a snapshot of the working tree', () => {
  test('is not made when nothing differs from HEAD', async () => {
    const root = scratchRepository({ a: '1\n', '.gitignore': 'ignored\n' });
    put(root, { ignored: 'x', '.mlr/sessions/s/events.jsonl': '{}' });
    expect(await (await Repository.open(root)).snapshot('s')).toBeNull();
  });

  test('holds staged, unstaged and untracked changes and leaves all of them as they were', async () => {
    const root = scratchRepository({
      'staged.py': '1\n',
      'both.py': '1\n',
      'edited.py': '1\n',
      'deleted.py': '1\n',
      'removed.py': '1\n',
      'file to folder': '1\n',
      'tool.sh': 'x\n',
      '.gitignore': '*.ckpt\n',
      'mlr.yaml': 'version: 1\n',
      '.mlr/ideas/one.md': 'idea\n',
    });
    put(root, { 'staged.py': '2\n', 'both.py': '2\n' });
    put(root, { 'forced.ckpt': 'forced\n', 'added.py': 'new\n' });
    userGit(root, 'add', 'staged.py', 'both.py', 'added.py');
    userGit(root, 'add', '-f', 'forced.ckpt');
    userGit(root, 'rm', '--quiet', 'removed.py');
    put(root, {
      'both.py': '3\n',
      'edited.py': '2\n',
      'new "ö"\n.txt': 'odd\n',
      'weights.ckpt': 'big\n',
      '-n': 'dash',
    });
    rmSync(join(root, 'deleted.py'));
    rmSync(join(root, 'file to folder'));
    put(root, { 'file to folder/inside': '1\n', '.mlr/ideas/one.md': 'changed\n', 'sub/.mlr/x': 'x\n' });
    userGit(root, 'add', '-f', 'sub/.mlr/x');
    symlinkSync('edited.py', join(root, 'link'));
    chmodSync(join(root, 'tool.sh'), 0o755);
    put(root, { 'stashed.py': 'later\n' });
    userGit(root, 'stash', 'push', '--quiet', '--include-untracked', '--', 'stashed.py');
    const before = userState(root);

    const repository = await Repository.open(root);
    const made = await repository.snapshot('s-1');

    expect(userState(root)).toEqual(before);
    expect(before.stash).not.toBe('');
    expect(made?.changed.sort()).toEqual(
      [
        '-n',
        'added.py',
        'both.py',
        'deleted.py',
        'edited.py',
        'file to folder',
        'file to folder/inside',
        'forced.ckpt',
        'link',
        'new "ö"\n.txt',
        'removed.py',
        'staged.py',
        'tool.sh',
      ].sort(),
    );
    const commit = made?.commit ?? '';
    expect((await repository.readFile(commit, 'both.py'))?.toString()).toBe('3\n');
    expect((await repository.readFile(commit, '.mlr/ideas/one.md'))?.toString()).toBe('idea\n');
    expect((await repository.readFile(commit, 'link'))?.toString()).toBe('edited.py');
    expect((await repository.listFiles(commit)).find((file) => file.path === 'tool.sh')?.mode).toBe('100755');
    expect(userGit(root, 'rev-parse', 'refs/mlr/s-1/worktree')).toBe(commit);
    expect(userGit(root, 'rev-parse', `${commit}^`)).toBe(userGit(root, 'rev-parse', 'HEAD'));
  });

  test('leaves out untracked inputs when told to, and nothing that is tracked', async () => {
    const root = scratchRepository({ 'data/small.csv': '1\n' });
    put(root, { 'data/small.csv': '2\n', 'data/large.bin': 'x', 'data.py': 'x' });
    const repository = await Repository.open(root);
    expect((await repository.snapshot('s', { leaveOut: ['data/'] }))?.changed).toEqual(['data.py', 'data/small.csv']);
  });

  test('works in a repository with SHA-256 object ids', async () => {
    const root = scratchFolder();
    userGit(root, 'init', '--quiet', '--object-format=sha256');
    put(root, { a: '1\n', b: '1\n' });
    userGit(root, 'add', '-A');
    userGit(root, 'commit', '--quiet', '-m', 'start');
    rmSync(join(root, 'a'));
    put(root, { c: '1\n' });
    const made = await (await Repository.open(root)).snapshot('s');
    expect(made?.changed).toEqual(['a', 'c']);
    expect(made?.tree).toHaveLength(64);
  });

  test('stores files through their filter, as Git LFS sets one up, and an export brings them back', async () => {
    const root = scratchRepository({ '.gitattributes': '*.bin filter=large\n', 'w.bin': 'POINTER' });
    userGit(root, 'config', 'filter.large.clean', 'tr a-z A-Z');
    userGit(root, 'config', 'filter.large.smudge', 'tr A-Z a-z');
    userGit(root, 'config', 'filter.large.required', 'true');
    put(root, { 'w.bin': 'weights' });
    const repository = await Repository.open(root);
    const made = await repository.snapshot('s');
    expect((await repository.readFile(made?.commit ?? '', 'w.bin'))?.toString()).toBe('WEIGHTS');
    const folder = join(scratchFolder(), 'export');
    await repository.exportTree(made?.tree ?? '', folder, { leaveOut: [] });
    expect(filesBelow(folder)['w.bin']).toBe('weights');
    userGit(root, 'config', 'filter.large.clean', 'no-such-program');
    put(root, { 'w.bin': 'other' });
    await expect(repository.snapshot('s')).rejects.toMatchObject({
      reason: 'failed',
      message: expect.stringContaining('w.bin'),
    });
  });

  test('hands the filters that git starts no key of the caller', async () => {
    const root = scratchRepository({ '.gitattributes': '*.bin filter=spy\n', 'w.bin': 'x' });
    const seen = join(scratchFolder(), 'environment');
    userGit(root, 'config', 'filter.spy.clean', `env > '${seen}'; cat`);
    put(root, { 'w.bin': 'other' });
    process.env.OPENAI_API_KEY = 'sk-secret';
    try {
      await (await Repository.open(root)).snapshot('s');
    } finally {
      delete process.env.OPENAI_API_KEY;
    }
    const environment = readFileSync(seen, 'utf8');
    expect(environment).toContain('PATH=');
    expect(environment).not.toContain('sk-secret');
  });

  test('of the same files is the same tree, so measuring twice compares like with like', async () => {
    const root = scratchRepository({ a: '1\n' });
    put(root, { a: '2\n', b: 'new\n' });
    const repository = await Repository.open(root);
    const trees = [(await repository.snapshot('one'))?.tree, (await repository.snapshot('two'))?.tree];
    expect(trees[0]).toBeDefined();
    expect(trees[0]).toBe(trees[1]);
  });

  test('holds a folder that became a link, and a link that became a folder', async () => {
    const root = scratchRepository({ 'x/a': '1\n', 'y/b': '1\n' });
    symlinkSync('y', join(root, 'z'));
    userGit(root, 'add', '-A');
    userGit(root, 'commit', '--quiet', '-m', 'link');
    rmSync(join(root, 'x'), { recursive: true });
    symlinkSync('y', join(root, 'x'));
    rmSync(join(root, 'z'));
    put(root, { 'z/c': '1\n' });
    const repository = await Repository.open(root);
    const made = await repository.snapshot('s');
    expect((await repository.listFiles(made?.tree ?? '')).map(({ path, mode }) => [path, mode])).toEqual([
      ['x', '120000'],
      ['y/b', '100644'],
      ['z/c', '100644'],
    ]);
  });

  test('works in the middle of a merge with conflicts', async () => {
    const root = scratchRepository({ a: 'base\n' });
    userGit(root, 'checkout', '--quiet', '-b', 'side');
    put(root, { a: 'side\n' });
    userGit(root, 'commit', '--quiet', '-am', 'side');
    userGit(root, 'checkout', '--quiet', 'main');
    put(root, { a: 'main\n' });
    userGit(root, 'commit', '--quiet', '-am', 'main');
    expect(() => userGit(root, 'merge', '--quiet', 'side')).toThrow();
    const before = userState(root);
    const repository = await Repository.open(root);
    const made = await repository.snapshot('s');
    expect((await repository.readFile(made?.commit ?? '', 'a'))?.toString()).toContain('<<<<<<<');
    expect(userState(root)).toEqual(before);
  });

  test('leaves out repositories inside it and leaves submodules as they are', async () => {
    const inner = scratchRepository({ x: '1\n' });
    const root = scratchRepository({ a: 'x\n' });
    userGit(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'module');
    userGit(root, 'commit', '--quiet', '-m', 'module');
    put(root, { 'module/x': 'dirty\n', 'nested/file': 'x\n', a: 'y\n' });
    userGit(join(root, 'nested'), 'init', '--quiet');
    const repository = await Repository.open(root);
    expect((await repository.snapshot('s'))?.changed).toEqual(['a']);
  });

  test('starts no program that a file-system monitor setting names', async () => {
    const root = scratchRepository({ a: 'x\n' });
    userGit(root, 'config', 'core.fsmonitor', `touch '${join(root, 'started')}'; true`);
    put(root, { a: 'y\n' });
    expect((await (await Repository.open(root)).snapshot('s'))?.changed).toEqual(['a']);
  });
});
