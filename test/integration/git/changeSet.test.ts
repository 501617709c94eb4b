import { describe, expect, test } from 'vitest';
import { ChangeSet } from '../../../src/domain/change.ts';
import { Repository } from '../../../src/git/repository.ts';
import { scratchRepository } from '../../hosts/scratchRepository.ts';

type Files = Record<string, string | Buffer | null>;

async function proposed(base: Record<string, string | Buffer>, changes: Files) {
  const repository = await Repository.open(scratchRepository(base));
  const { commit, tree: before } = await repository.resolve('HEAD');
  const list = Object.entries(changes).map(([path, content]) => ({
    path,
    content: content === null ? null : Buffer.from(content),
  }));
  const tree = await repository.writeTreeWith(before, list);
  return { repository, commit, tree, set: ChangeSet.parse(await repository.changeSet(commit, tree, 'Proposal')) };
}

const twenty = Array.from({ length: 20 }, (_, at) => `line ${at + 1}\n`);
const withLines = (changes: Record<number, string>) => twenty.map((line, at) => changes[at + 1] ?? line).join('');

describe('a change set', () => {
  test('shows each place that changed as a hunk with three lines of context', async () => {
    const { set } = await proposed(
      { 'a.py': twenty.join('') },
      { 'a.py': withLines({ 3: 'three\n', 17: 'seventeen' + '\n' }) },
    );
    expect(set.files).toHaveLength(1);
    expect(set.files[0]?.hunks.map(({ id: _, ...hunk }) => hunk)).toEqual([
      {
        oldStart: 1,
        oldLines: 6,
        newStart: 1,
        newLines: 6,
        decision: 'open',
        lines: [' line 1', ' line 2', '-line 3', '+three', ' line 4', ' line 5', ' line 6'],
      },
      {
        oldStart: 14,
        oldLines: 7,
        newStart: 14,
        newLines: 7,
        decision: 'open',
        lines: [' line 14', ' line 15', ' line 16', '-line 17', '+seventeen', ' line 18', ' line 19', ' line 20'],
      },
    ]);
  });

  test('keeps the id of a hunk that a later proposal leaves as it was, wherever it moves', async () => {
    const first = await proposed({ a: twenty.join('') }, { a: withLines({ 17: 'x\n' }) });
    const second = await proposed({ a: twenty.join('') }, { a: withLines({ 2: 'one\nmore\n', 17: 'x\n' }) });
    expect(second.set.files[0]?.hunks.map((hunk) => hunk.id)).toContain(first.set.files[0]?.hunks[0]?.id);
  });

  test('gives equal hunks of one file different ids', async () => {
    const block = 'a\nb\nc\nd\ne\nf\ng\nh\n';
    const { set } = await proposed({ a: block.repeat(2) }, { a: 'a\nb\nc\nd\nX\nf\ng\nh\n'.repeat(2) });
    const ids = set.files.flatMap((file) => file.hunks.map((hunk) => hunk.id));
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
  });

  test('says what kind of change each file has, whatever its name and content', async () => {
    const { set } = await proposed(
      {
        'gone "q"\n.txt': 'x\n',
        'binary.bin': Buffer.from([0, 1]),
        'diff --git a/x b/x': '-- a\n',
        'latin.txt': Buffer.from('caf\xe9\n', 'latin1'),
      },
      {
        'gone "q"\n.txt': null,
        'binary.bin': Buffer.from([0, 2]),
        'diff --git a/x b/x': '-- a\ndiff --git a/y b/y\n@@ -1 +1 @@\nBinary files a and b differ\n',
        'empty ö': '',
        'latin.txt': Buffer.from('caf\xe9s\n', 'latin1'),
        'no end': 'x',
      },
    );
    expect(
      set.files.map(({ path, kind, binary, hunks }) => [path, kind, binary, hunks.map((hunk) => hunk.lines)]),
    ).toEqual([
      ['binary.bin', 'modified', true, [[]]],
      [
        'diff --git a/x b/x',
        'modified',
        false,
        [[' -- a', '+diff --git a/y b/y', '+@@ -1 +1 @@', '+Binary files a and b differ']],
      ],
      ['empty ö', 'added', false, [[]]],
      ['gone "q"\n.txt', 'deleted', false, [['-x']]],
      ['latin.txt', 'modified', false, [['-caf\ufffd', '+caf\ufffds']]],
      ['no end', 'added', false, [['+x', '\\ No newline at end of file']]],
    ]);
  });

  test('holds a file that becomes a link, or only its mode, as one piece', async () => {
    const repository = await Repository.open(scratchRepository({ a: 'x\n', b: 'y\n', c: '1\n' }));
    const { commit, tree } = await repository.resolve('HEAD');
    const changed = await repository.writeTreeWith(tree, [
      { path: 'a', content: Buffer.from('b'), mode: '120000' },
      { path: 'b', content: Buffer.from('y\n'), mode: '100755' },
      { path: 'c', content: Buffer.from('2\n') },
    ]);
    const set = await repository.changeSet(commit, changed, 't');
    expect(
      set.files.map(({ path, kind, binary, hunks }) => [path, kind, binary, hunks.flatMap((hunk) => hunk.lines)]),
    ).toEqual([
      ['a', 'modified', true, []],
      ['b', 'modified', false, []],
      ['c', 'modified', false, ['-1', '+2']],
    ]);
  });

  test('reads the same under any diff configuration of the user', async () => {
    const { repository, commit, tree, set } = await proposed({ a: twenty.join('') }, { a: withLines({ 9: 'nine\n' }) });
    const { userGit } = await import('../../hosts/scratchRepository.ts');
    for (const [key, value] of [
      ['diff.noprefix', 'true'],
      ['diff.external', '/bin/false'],
      ['diff.context', '0'],
      ['color.ui', 'always'],
    ]) {
      userGit(repository.top, 'config', key ?? '', value ?? '');
    }
    expect(await repository.changeSet(commit, tree, 'Proposal')).toEqual(set);
    expect(await repository.diff(commit, tree)).toContain('diff --git a/a b/a\n');
  });
});

describe('a repair made on one arm', () => {
  async function repaired(base: Files, mended: Files, variant: Files) {
    const repository = await Repository.open(scratchRepository(base as Record<string, string>));
    const { commit: from, tree } = await repository.resolve('HEAD');
    const commit = async (files: Files) => {
      const changes = Object.entries(files).map(([path, content]) => ({
        path,
        content: content === null ? null : Buffer.from(content),
      }));
      return repository.commitTree(await repository.writeTreeWith(tree, changes), [from], 'x');
    };
    const done = await repository.transplant({ from, to: await commit(mended) }, await commit(variant));
    const files: Record<string, string> = {};
    for (const { path } of await repository.listFiles(done.tree))
      files[path] = (await repository.readFile(done.tree, path))?.toString() ?? '';
    return { files, conflicts: done.conflicts };
  }

  test('is carried over where the other arm changed other lines or files', async () => {
    const base = { 'a.py': twenty.join(''), 'b.py': 'b\n', 'c.py': 'c\n' };
    const mended = { 'a.py': withLines({ 3: 'mended\n' }), 'new.py': 'new\n', 'c.py': null };
    const variant = { 'a.py': withLines({ 15: 'idea\n' }), 'b.py': 'idea\n' };
    expect(await repaired(base, mended, variant)).toEqual({
      files: { 'a.py': withLines({ 3: 'mended\n', 15: 'idea\n' }), 'b.py': 'idea\n', 'new.py': 'new\n' },
      conflicts: [],
    });
  });

  test("leaves the other arm's text where both changed the same lines, and names the file", async () => {
    const base = { 'a.py': twenty.join(''), 'gone.py': 'x\n', 'same.py': '1\n', bin: 'a\0' };
    const mended = {
      'a.py': withLines({ 3: 'mended\n', 12: 'also\n' }),
      'gone.py': 'y\n',
      'same.py': '2\n',
      bin: 'b\0',
      'both.py': 'm\n',
    };
    const variant = {
      'a.py': withLines({ 3: 'idea\n' }),
      'gone.py': null,
      'same.py': '2\n',
      bin: 'c\0',
      'both.py': 'v\n',
    };
    expect(await repaired(base, mended, variant)).toEqual({
      files: { 'a.py': withLines({ 3: 'idea\n', 12: 'also\n' }), 'same.py': '2\n', bin: 'c\0', 'both.py': 'v\n' },
      conflicts: ['a.py', 'bin', 'both.py', 'gone.py'],
    });
  });
});
