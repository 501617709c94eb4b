import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFile, editFile } from '../../../src/changes/editFile.ts';
import { put, scratchFolder } from '../../hosts/scratchRepository.ts';

const change = { oldText: '1', newText: '2' };

describe('editing a file', () => {
  test('keeps its mode and leaves nothing behind', async () => {
    const root = scratchFolder();
    put(root, { 'run.sh': '\uFEFF1\r\nx' });
    chmodSync(join(root, 'run.sh'), 0o750);
    await editFile(root, 'run.sh', change);
    expect(readFileSync(join(root, 'run.sh'), 'utf8')).toBe('\uFEFF2\r\nx');
    expect(statSync(join(root, 'run.sh')).mode & 0o777).toBe(0o750);
    expect(readdirSync(root)).toEqual(['run.sh']);
  });

  test('changes the file that a link inside the workspace names, and keeps the link', async () => {
    const root = scratchFolder();
    put(root, { 'real/a': '1' });
    symlinkSync('real/a', join(root, 'link'));
    await editFile(root, 'link', change);
    expect(readFileSync(join(root, 'real/a'), 'utf8')).toBe('2');
    expect(lstatSync(join(root, 'link')).isSymbolicLink()).toBe(true);
  });

  test('does not reach into another name of the same file', async () => {
    const root = scratchFolder();
    put(root, { 'evaluate.py': '1' });
    linkSync(join(root, 'evaluate.py'), join(root, 'alias.py'));
    await editFile(root, 'alias.py', change, { protected: ['evaluate.py'] });
    expect(readFileSync(join(root, 'evaluate.py'), 'utf8')).toBe('1');
  });

  test('says why and leaves the file as it was when the text is not there, not text, or no file', async () => {
    const root = scratchFolder();
    put(root, { a: 'x = 3\n', latin: Buffer.from([0x31, 0xe9]), binary: '1\0', 'folder/x': '' });
    await expect(editFile(root, 'a', { oldText: 'x = 4', newText: '' })).rejects.toMatchObject({
      reason: 'refused-edit',
      message: expect.stringMatching(/^a was not changed: oldText was not found\. The nearest is at lines 1-1/),
    });
    await expect(editFile(root, 'latin', change)).rejects.toMatchObject({ reason: 'not-text' });
    await expect(editFile(root, 'binary', change)).rejects.toMatchObject({ reason: 'not-text' });
    await expect(editFile(root, 'folder', change)).rejects.toMatchObject({ reason: 'not-a-file' });
    await expect(editFile(root, 'gone', change)).rejects.toMatchObject({ reason: 'missing' });
    expect(readFileSync(join(root, 'a'), 'utf8')).toBe('x = 3\n');
  });
});

describe('creating a file', () => {
  test('makes its folders, and never overwrites', async () => {
    const root = scratchFolder();
    await createFile(root, 'new/deep/ü "x".py', 'content\r\n');
    expect(readFileSync(join(root, 'new/deep/ü "x".py'), 'utf8')).toBe('content\r\n');
    await expect(createFile(root, 'new/deep/ü "x".py', 'other')).rejects.toMatchObject({ reason: 'exists' });
  });
});

describe('no edit reaches', () => {
  const outside = (root: string) => join(root, '../outside');
  const cases: [string, string, string][] = [
    ['a path above the root', '../outside/a', 'outside'],
    ['an absolute path elsewhere', '/etc/passwd', 'outside'],
    ['the root itself', '.', 'outside'],
    ['a NUL in the name', 'a\0b', 'outside'],
    ['through a linked folder', 'away/a', 'outside'],
    ['through a linked file', 'afile', 'outside'],
    ['a new file through a linked folder', 'away/new', 'outside'],
    ['a new file through a dangling link', 'dangling', 'outside'],
    ['.git', '.git/config', 'forbidden'],
    ['.git in other letters', 'sub/.GIT/hooks/x', 'forbidden'],
    ['.git with what some file systems ignore', '.g\u200cit/config', 'forbidden'],
    ['.mlr', '.mlr/sessions/s/events.jsonl', 'forbidden'],
    ['.git through a link', 'gitlink/config', 'forbidden'],
    ['a protected file', 'evaluate.py', 'protected'],
    ['a protected file by a detour', 'sub/../evaluate.py', 'protected'],
    ['a protected file through a link', 'alias.py', 'protected'],
    ['what a protected link names', 'src/metric.py', 'protected'],
    ['a file of a forbidden folder', 'hidden/labels.csv', 'forbidden'],
    ['a new file in a forbidden folder', 'hidden/new', 'forbidden'],
  ];

  test.each(cases)('%s', async (_, path, reason) => {
    const root = join(scratchFolder(), 'root');
    put(root, {
      'evaluate.py': '1',
      'src/metric.py': '1',
      'hidden/labels.csv': '1',
      '.git/config': '1',
      'sub/x': '1',
      '.mlr/x': '1',
    });
    mkdirSync(outside(root));
    writeFileSync(join(outside(root), 'a'), '1');
    symlinkSync('../outside', join(root, 'away'));
    symlinkSync('../outside/a', join(root, 'afile'));
    symlinkSync('../outside/nothing', join(root, 'dangling'));
    symlinkSync('.git', join(root, 'gitlink'));
    symlinkSync('evaluate.py', join(root, 'alias.py'));
    symlinkSync('src/metric.py', join(root, 'metric.py'));
    const guards = { protected: ['evaluate.py', 'metric.py'], forbidden: ['hidden'] };
    await expect(editFile(root, path, change, guards)).rejects.toMatchObject({ name: 'ChangeError', reason });
    await expect(createFile(root, path, 'x', guards)).rejects.toMatchObject({ name: 'ChangeError', reason });
    expect(readFileSync(join(outside(root), 'a'), 'utf8')).toBe('1');
    expect(readdirSync(outside(root))).toEqual(['a']);
  });

  test('files beside a guarded one are free, whatever they are called', async () => {
    const root = scratchFolder();
    put(root, { 'hidden.py': '1', 'evaluate.py.bak': '1', '.gitignore': '1', '.github/x': '1' });
    for (const path of ['hidden.py', 'evaluate.py.bak', '.gitignore', '.github/x', join(root, 'sub/..x')]) {
      if (path.endsWith('..x')) await createFile(root, path, '2');
      else await editFile(root, path, change, { protected: ['evaluate.py'], forbidden: ['hidden'] });
    }
    expect(readFileSync(join(root, '.gitignore'), 'utf8')).toBe('2');
  });
});
