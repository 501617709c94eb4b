import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adopt, undoAdopt } from '../../../src/changes/adopt.ts';
import { decide } from '../../../src/changes/decide.ts';
import type { ChangeSet } from '../../../src/domain/change.ts';
import { Repository } from '../../../src/git/repository.ts';
import { filesBelow, put, scratchRepository, userGit, userState } from '../../hosts/scratchRepository.ts';

const twenty = Array.from({ length: 20 }, (_, at) => `line ${at + 1}\n`);
const withLines = (changes: Record<number, string>) => twenty.map((line, at) => changes[at + 1] ?? line).join('');

async function proposal(base: Record<string, string>, changes: Record<string, string | null>) {
  const root = scratchRepository(base);
  const repository = await Repository.open(root);
  const { commit, tree } = await repository.resolve('HEAD');
  const list = Object.entries(changes).map(([path, content]) => ({
    path,
    content: content === null ? null : Buffer.from(content),
  }));
  const set = await repository.changeSet(commit, await repository.writeTreeWith(tree, list), 'Proposal');
  return { root, repository, commit, all: decide(set, 'all', 'accepted'), set };
}

/** The working tree's files without git's own. */
function filesOf(root: string): Record<string, string> {
  return Object.fromEntries(Object.entries(filesBelow(root)).filter(([path]) => !path.startsWith('.git/')));
}

const indexOf = (root: string) => userState(root).index;
const plain = (adoption: unknown) => JSON.parse(JSON.stringify(adoption));

describe('adopting a variant', () => {
  const base = { 'a.py': twenty.join(''), 'old "ö".txt': 'x', 'bin/tool': 'run\n' };
  const changes = { 'a.py': withLines({ 3: 'three\n' }), 'old "ö".txt': null, 'new/deep/b.py': 'b\r\nno end' };

  test('onto the tree it was made from gives exactly the measured files, and undo gives back the old ones', async () => {
    const { root, repository, commit, all } = await proposal(base, changes);
    chmodSync(join(root, 'a.py'), 0o640);
    const index = indexOf(root);
    const adoption = plain(await adopt(repository, commit, all.tree, all));
    expect(filesOf(root)).toEqual({ 'a.py': changes['a.py'], 'bin/tool': 'run\n', 'new/deep/b.py': 'b\r\nno end' });
    expect(adoption).toMatchObject({
      applied: ['a.py', 'new/deep/b.py', 'old "ö".txt'],
      conflicting: [],
      partly: false,
    });
    expect(statSync(join(root, 'a.py')).mode & 0o777).toBe(0o640);
    expect(indexOf(root)).toBe(index);
    expect(await undoAdopt(repository, adoption)).toEqual({
      restored: ['a.py', 'new/deep/b.py', 'old "ö".txt'],
      conflicting: [],
    });
    expect(filesOf(root)).toEqual(base);
    expect(userGit(root, 'status', '--porcelain')).toBe('');
  });

  test('in part is said to be not measured', async () => {
    const { root, repository, commit, set } = await proposal(base, changes);
    const some = decide(set, { file: 'a.py' }, 'accepted');
    expect(await adopt(repository, commit, set.tree, some)).toMatchObject({ applied: ['a.py'], partly: true });
    expect(filesOf(root)).toEqual({ ...base, 'a.py': changes['a.py'] });
  });

  test("merges with the user's edits elsewhere in a file, never touches those at the same lines, and says so", async () => {
    const { root, repository, commit, all } = await proposal(
      { ...base, 'same.py': 'one\n', 'gone.py': '1\n', 'kept.py': 'k\n' },
      { ...changes, 'same.py': 'agent\n', 'gone.py': '2\n', 'kept.py': null },
    );
    put(root, {
      'a.py': withLines({ 15: 'user\n' }),
      'same.py': 'user\n',
      'new/deep/b.py': 'mine\n',
      'kept.py': 'edited\n',
    });
    rmSync(join(root, 'gone.py'));
    const before = filesOf(root);
    const adoption = await adopt(repository, commit, all.tree, all);
    expect(adoption.applied).toEqual(['a.py', 'old "ö".txt']);
    expect(adoption.conflicting).toEqual(['gone.py', 'kept.py', 'new/deep/b.py', 'same.py']);
    expect(adoption.partly).toBe(true);
    const { 'old "ö".txt': _, ...rest } = before;
    expect(filesOf(root)).toEqual({ ...rest, 'a.py': withLines({ 3: 'three\n', 15: 'user\n' }) });
    await undoAdopt(repository, adoption);
    expect(filesOf(root)).toEqual(before);
  });

  test('onto files that hold the change already writes nothing', async () => {
    const { root, repository, commit, all } = await proposal({ 'a.py': '1\n' }, { 'a.py': '2\n' });
    put(root, { 'a.py': '2\n' });
    expect(await adopt(repository, commit, all.tree, all)).toEqual({
      applied: ['a.py'],
      conflicting: [],
      partly: false,
      files: [],
      undo: null,
    });
  });

  test('onto a tree changed elsewhere applies, and is said to be not measured', async () => {
    const { root, repository, commit, all } = await proposal({ 'a.py': '1\n', 'data.csv': '1\n' }, { 'a.py': '2\n' });
    put(root, { 'data.csv': '2\n' });
    expect(await adopt(repository, commit, all.tree, all)).toMatchObject({
      applied: ['a.py'],
      conflicting: [],
      partly: true,
    });
  });

  test('changes no file at all where one of them cannot be written', async () => {
    const tooLong = 'x'.repeat(256);
    const files = { a: '1\n', gone: '1\n' };
    const { root, repository, commit, all } = await proposal(files, { a: '2\n', gone: null, [tooLong]: '1\n' });
    await expect(adopt(repository, commit, all.tree, all)).rejects.toMatchObject({ reason: 'not-written' });
    expect(filesOf(root)).toEqual(files);
  });

  test('is still the measured variant where large untracked inputs were left out of the snapshot', async () => {
    const { root, repository, commit, all } = await proposal({ a: '1\n' }, { a: '2\n' });
    put(root, { 'data/large.bin': 'x' });
    expect(await adopt(repository, commit, all.tree, all, { leaveOut: ['data'] })).toMatchObject({ partly: false });
  });

  test('undo leaves alone what the user has changed since', async () => {
    const { root, repository, commit, all } = await proposal({ a: '1\n', b: '1\n' }, { a: '2\n', b: '2\n' });
    const adoption = await adopt(repository, commit, all.tree, all);
    put(root, { a: 'mine\n' });
    expect(await undoAdopt(repository, adoption)).toEqual({ restored: ['b'], conflicting: ['a'] });
    expect(filesOf(root)).toEqual({ a: 'mine\n', b: '1\n' });
  });

  test('undo still has the old bytes after git has cleaned up', async () => {
    const { root, repository, commit, all } = await proposal({ a: 'tracked\n' }, { a: 'new\n', b: 'new\n' });
    const adoption = await adopt(repository, commit, all.tree, all);
    userGit(root, 'gc', '--quiet', '--prune=now');
    await undoAdopt(repository, adoption);
    expect(filesOf(root)).toEqual({ a: 'tracked\n' });
  });

  test("keeps the user's line ends where git converts them", async () => {
    const { root, repository, commit, all } = await proposal(
      { '.gitattributes': '*.txt text eol=crlf\n', 'a.txt': 'one\ntwo\nthree\n' },
      { 'a.txt': 'one\nTWO\nthree\n' },
    );
    writeFileSync(join(root, 'a.txt'), 'one\r\ntwo\r\nthree\r\n');
    expect(await adopt(repository, commit, all.tree, all)).toMatchObject({ applied: ['a.txt'], partly: false });
    expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('one\r\nTWO\r\nthree\r\n');
  });

  const swap = {
    before: { a: 'file\n', 'b/c/d': 'inside\n', 'b/e': 'too\n' },
    after: { a: null, 'a/x': 'inside\n', 'b/c/d': null, 'b/e': null, b: 'file\n' },
  };

  test('turns files into folders and folders into files, and undo turns them back', async () => {
    const { root, repository, commit, all } = await proposal(swap.before, swap.after);
    const adoption = await adopt(repository, commit, all.tree, all);
    expect(adoption).toMatchObject({ conflicting: [], partly: false });
    expect(filesOf(root)).toEqual({ 'a/x': 'inside\n', b: 'file\n' });
    expect((await undoAdopt(repository, adoption)).conflicting).toEqual([]);
    expect(filesOf(root)).toEqual(swap.before);
  });

  test("makes neither half of such a turn where a file of the user's is in the way", async () => {
    const { root, repository, commit, all } = await proposal(swap.before, swap.after);
    put(root, { a: 'edited\n', 'b/mine': 'user\n' });
    const before = filesOf(root);
    expect((await adopt(repository, commit, all.tree, all)).conflicting).toEqual(['a', 'a/x', 'b', 'b/c/d', 'b/e']);
    expect(filesOf(root)).toEqual(before);
  });

  test('never writes through a link that leads out of the repository', async () => {
    const { root, repository, commit, all } = await proposal({ 'x/a': '1\n' }, { 'x/a': '2\n' });
    const other = scratchRepository({ a: '1\n' });
    rmSync(join(root, 'x'), { recursive: true });
    const { symlinkSync } = await import('node:fs');
    symlinkSync(other, join(root, 'x'));
    expect(await adopt(repository, commit, all.tree, all)).toMatchObject({ applied: [], conflicting: ['x/a'] });
    expect(readFileSync(join(other, 'a'), 'utf8')).toBe('1\n');
  });
});

describe('a decision', () => {
  const decisions = (set: ChangeSet) => set.files.flatMap((file) => file.hunks.map((hunk) => hunk.decision));

  test('is made hunk by hunk, file by file or for all, and can be taken back', async () => {
    const { set } = await proposal(
      { a: twenty.join(''), b: '1\n' },
      { a: withLines({ 2: 'x\n', 18: 'y\n' }), b: '2\n' },
    );
    const second = set.files[0]?.hunks[1]?.id ?? '';
    const one = decide(set, { hunks: [second] }, 'accepted');
    expect(decisions(one)).toEqual(['open', 'accepted', 'open']);
    expect(decisions(decide(one, { file: 'b' }, 'rejected'))).toEqual(['open', 'accepted', 'rejected']);
    expect(decisions(decide(one, 'all', 'open'))).toEqual(['open', 'open', 'open']);
    expect(decisions(set)).toEqual(['open', 'open', 'open']);
  });

  test('on a hunk or file that is not there is refused', async () => {
    const { set } = await proposal({ a: '1\n' }, { a: '2\n' });
    expect(() => decide(set, { hunks: ['nope'] }, 'accepted')).toThrow('has no hunk nope');
    expect(() => decide(set, { file: 'b' }, 'accepted')).toThrow('does not change b');
  });
});
