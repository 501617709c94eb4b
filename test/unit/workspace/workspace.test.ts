import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeWorkspace } from '../../../src/workspace/describeWorkspace.ts';
import { listFiles } from '../../../src/workspace/listFiles.ts';
import { outline } from '../../../src/workspace/outline.ts';
import { readingDesk } from '../../../src/workspace/readingDesk.ts';
import { readText } from '../../../src/workspace/readText.ts';
import { searchPattern } from '../../../src/workspace/searchPattern.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mlr-workspace-'));
});
afterEach(() => rm(root, { recursive: true }));

describe('a search by pattern', () => {
  it('finds the lines that match, but for hidden files', async () => {
    await files({ 'train.py': 'rate = 1\nRATE  = 2\nrates = 3\n', 'labels.csv': 'rate = 4\n' });
    const found = await searchPattern(root, '^rate\\s*=', { hidden: ['labels.csv'] });
    expect(found).toEqual({
      ok: true,
      matches: [
        { path: 'train.py', line: 1, text: 'rate = 1' },
        { path: 'train.py', line: 2, text: 'RATE  = 2' },
      ],
    });
  });

  it('is given up where the pattern would never end, and says so', async () => {
    await files({ 'train.py': `${'a'.repeat(100)}!\n` });
    const found = await searchPattern(root, '^(a+)+$');
    expect(found).toEqual({ ok: false, why: expect.stringContaining('takes too long') });
  });
});

describe('the files of a workspace', () => {
  it('are those that git would list, in a steady order', async () => {
    await files({
      '.git/config': '',
      '.gitignore': '*.log\n/build/\n',
      'a.log': '',
      'build/x.py': '',
      'sub/.gitignore': '!keep.log\nsecret*\n',
      'sub/keep.log': '',
      'sub/other.log': '',
      'sub/secret.txt': '',
      'sub/build/y.py': '',
      'train.py': 'x',
      '__pycache__/train.pyc': '',
      '.mlr/sessions/1/events.jsonl': '',
    });
    expect(await paths()).toEqual(['.gitignore', 'sub/.gitignore', 'sub/build/y.py', 'sub/keep.log', 'train.py']);
  });

  it('obey the rules of the repository above them', async () => {
    await files({ '.git/config': '', '.gitignore': 'out/\n', 'project/out/big.bin': '', 'project/run.py': '' });
    expect((await listFiles(join(root, 'project'))).files).toEqual([{ path: 'run.py', bytes: 0 }]);
  });

  it('do not lead out of it through links, and end at a limit that is said', async () => {
    await files({ 'a.py': '', 'b.py': '', 'c.py': '' });
    await symlink('/etc', join(root, 'aa'));
    expect(await paths()).toEqual(['a.py', 'b.py', 'c.py']);
    expect(await listFiles(root, { most: 2 })).toMatchObject({
      files: [{ path: 'a.py' }, { path: 'b.py' }],
      truncated: true,
    });
    expect((await listFiles(root, { most: 3, ignored: ['b.*'] })).files.map(({ path }) => path)).toEqual([
      'a.py',
      'c.py',
    ]);
  });
});

it('what we may not read is left out and refused, and does not stop the rest', async () => {
  await files({ 'train.py': 'x', 'locked/a.py': 'x', 'secret.py': 'x' });
  await chmod(root, 0o755);
  await chmod(join(root, 'locked'), 0o000);
  await chmod(join(root, 'secret.py'), 0o000);
  const [list, found, secret] = await asAnotherUser(() =>
    Promise.all([listFiles(root), searchPattern(root, 'x'), readText(root, 'secret.py')]),
  );
  await chmod(join(root, 'locked'), 0o755);
  expect(list.files.map(({ path }) => path)).toEqual(['secret.py', 'train.py']);
  expect(found).toMatchObject({ ok: true, matches: [{ path: 'train.py' }] });
  expect(secret).toEqual({ ok: false, why: 'secret.py may not be read.' });
  await expect(listFiles(join(root, 'nowhere'))).rejects.toThrow('ENOENT');
});

describe('reading a file', () => {
  it('never shows what is hidden, outside, in .git, in what the tool keeps, or no text', async () => {
    await files({
      '.mlr/sessions/s/arms/t-hidden/labels/test.csv': '1',
      'labels/test.csv': '1',
      '.git/config': 'x',
      'model.bin': 'a\0b',
      'ok.txt': 'fine',
    });
    await symlink(join(root, 'labels/test.csv'), join(root, 'innocent.csv'));
    await symlink('/etc/passwd', join(root, 'users.txt'));
    await symlink('real.csv', join(root, 'answers.csv'));
    await writeFile(join(root, 'real.csv'), '1');
    expect(await readText(root, 'real.csv', { hidden: ['answers.csv'] })).toMatchObject({ ok: false });
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const refusals = [
      'labels/test.csv',
      './labels/../labels/test.csv',
      'innocent.csv',
      '.git/config',
      '.mlr/sessions/s/arms/t-hidden/labels/test.csv',
      'users.txt',
      '/etc/passwd',
      '../..',
      'model.bin',
      'pipe',
      'labels',
      'none',
    ];
    for (const path of refusals)
      expect(await readText(root, path, { hidden: ['labels'] }), path).toMatchObject({ ok: false });
    expect(await readText(root, 'ok.txt')).toEqual({ ok: true, text: 'fine', bytes: 4, whole: true });
  });

  it('of which only the beginning is wanted does not cut a character in half', async () => {
    await files({ 'a.txt': 'aä' });
    expect(await readText(root, 'a.txt', { mostBytes: 2 })).toMatchObject({ text: 'a', bytes: 3, whole: false });
  });
});

it('an outline names classes, methods and functions with their lines, also where the code does not parse', async () => {
  const source = [
    'import x',
    'if x:',
    '    def guarded(): pass',
    'class Net(Base):',
    '    @property',
    '    def size(self, a,',
    '             b=1):',
    '        def inner(): pass',
    '        return 1',
    'def broken(:',
    'async def main(): pass',
  ].join('\n');
  const found = (await outline(source)).map(
    ({ kind, signature, line, endLine }) => `${kind} ${signature} ${line}-${endLine}`,
  );
  expect(found.slice(0, 3)).toEqual([
    'function guarded() 3-3',
    'class Net(Base) 4-9',
    'method Net.size(self, a, b=1) 6-9',
  ]);
  expect(found).toContain('function main() 11-11');
});

it('a workspace is described in a few lines: files, definitions, README, contract, first rows of tables', async () => {
  await files({
    'README.md': '# Digits\n\nTell which digit was written.\n',
    'mlr.yaml': 'version: 1\n',
    'train.py': 'def main():\n    pass\n',
    'data/train.csv': 'id,label\n1,a\n2,b\n3,c\n',
    'data/labels.csv': 'id,label\n9,SECRET\n',
  });
  const description = await describeWorkspace(root, { hidden: ['data/labels.csv'] });
  expect(description).toMatchInlineSnapshot(`
    "Files:
    - README.md (40 B)
    - data/labels.csv (18 B, hidden: only the evaluation sees it)
    - data/train.csv (21 B)
    - mlr.yaml (11 B)
    - train.py (21 B)

    Definitions:
    - train.py: main() line 1

    README.md:
        # Digits
        
        Tell which digit was written.

    mlr.yaml:
        version: 1

    data/train.csv, first 3 lines:
        id,label
        1,a
        2,b"
  `);
  expect(await describeWorkspace(root, { hidden: ['data/labels.csv'] })).toBe(description);
});

it('a large workspace is described in bounded words', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 200 }, (_, i) => [`m${i}.py`, `def ${'f'.repeat(50)}(): pass\n`.repeat(100)]),
  );
  await files({ ...many, 'README.md': `${'long '.repeat(1000)}\n`.repeat(100) });
  const description = await describeWorkspace(root);
  expect(description.length).toBeLessThan(24_100);
  expect(description).toContain('- and 51 more');
});

describe('a reading desk', () => {
  it('lists, reads lines and searches in words for a model', async () => {
    await files({ 'train.py': 'a = 1\nb = 2\ndef main():\n    pass\n', 'data/x.csv': '1', 'labels.csv': 's' });
    const desk = readingDesk(root, ['labels.csv']);
    expect(await desk.list('.')).toEqual({ ok: true, text: 'data/x.csv (1 B)\nlabels.csv (hidden)\ntrain.py (33 B)' });
    expect(await desk.list('data/')).toEqual({ ok: true, text: 'data/x.csv (1 B)' });
    expect(await desk.list('nowhere')).toMatchObject({ ok: false });
    expect(await desk.read('train.py', { from: 2, lines: 1 })).toEqual({
      ok: true,
      text: 'train.py, lines 2 to 2 of 4:\nb = 2\n[defined in this file: main 3-4]',
    });
    expect(await desk.read('labels.csv')).toEqual({ ok: false, text: 'labels.csv is hidden.' });
    expect((await desk.search('^B = [0-9]')).text).toBe('train.py:2: b = 2');
    expect((await desk.search('a', 'data')).text).toBe('No line matches a.');
    expect((await desk.search('zzz')).text).toBe('No line matches zzz.');
    const unusable = await desk.search('main(');
    expect(unusable).toEqual({ ok: false, text: expect.stringContaining('put \\ before signs that are meant') });
  });
});

async function files(contents: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(contents)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

async function paths(): Promise<string[]> {
  return (await listFiles(root)).files.map(({ path }) => path);
}

/** Permissions bind everybody but root, so root becomes nobody for as long as the work takes. */
async function asAnotherUser<T>(work: () => Promise<T>): Promise<T> {
  const root = process.getuid?.() === 0;
  if (root) process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    if (root) process.seteuid?.(0);
  }
}
