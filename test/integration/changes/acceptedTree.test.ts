import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptedTree } from '../../../src/changes/acceptedTree.ts';
import { decide } from '../../../src/changes/decide.ts';
import type { FileChange } from '../../../src/domain/change.ts';
import { Repository } from '../../../src/git/repository.ts';
import { scratchRepository, userGit } from '../../hosts/scratchRepository.ts';

type Files = Record<string, string | null>;

const changesOf = (files: Files) =>
  Object.entries(files).map(([path, content]) => ({
    path,
    content: content === null ? null : Buffer.from(content, 'latin1'),
  }));

async function propose(repository: Repository, before: Files, after: Files) {
  const tree = await repository.writeTreeWith(await repository.emptyTree(), changesOf(before));
  const base = await repository.commitTree(tree, [], 'base');
  const proposed = await repository.writeTreeWith(await repository.emptyTree(), changesOf(after));
  return { tree, base, proposed, set: await repository.changeSet(base, proposed, 'Proposal') };
}

/** Lines of bytes (not UTF-8), few enough to collide, with any line end; long enough for several hunks. */
const line = fc.tuple(
  fc.constantFrom(
    '',
    'a',
    'b',
    'caf\xe9',
    '\t x',
    '-- a',
    '@@ -1 +1 @@',
    '\\ No',
    'diff --git a/x b/x',
    'Binary files a and b differ',
  ),
  fc.constantFrom('\n', '\n', '\n', '\r\n', '\r'),
);
const textOf = (minLength: number) =>
  fc
    .tuple(fc.array(line, { minLength, maxLength: 90 }), fc.constantFrom('', 'end', '\xff'))
    .map(([lines, last]) => lines.map((pair) => pair.join('')).join('') + last);
const content = textOf(0);

const edits = fc.array(fc.tuple(fc.nat(49), fc.constantFrom('', 'new\n', 'a\nb\n', 'x\r\n')), {
  minLength: 2,
  maxLength: 6,
});

const filePair = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(textOf(60), edits).map(([text, places]): [string, string] => [text, withEdits(text, places)]),
  },
  { weight: 2, arbitrary: fc.tuple(content, content) },
  { weight: 1, arbitrary: content.map((text): [null, string] => [null, text]) },
  { weight: 1, arbitrary: content.map((text): [string, null] => [text, null]) },
);

function withEdits(text: string, places: readonly [number, string][]): string {
  const lines = text.split(/(?<=\n)/);
  for (const [at, line] of places) if (at < lines.length) lines[at] = line;
  return lines.join('');
}

const randomFiles = fc.array(fc.tuple(filePair, fc.infiniteStream(fc.boolean())), { minLength: 15, maxLength: 25 });

describe('the accepted tree of any change', () => {
  test('is the proposal when all is accepted, the base when nothing is, and what git apply makes of the accepted hunks between', async () => {
    const repository = await Repository.open(scratchRepository({ readme: '' }));
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(randomFiles, async (pairs) => {
        const before = Object.fromEntries(pairs.map(([[text]], at) => [`f "${at}" ö`, text]));
        const after = Object.fromEntries(pairs.map(([[, text]], at) => [`f "${at}" ö`, text]));
        const { tree, proposed, set } = await propose(repository, before, after);
        expect(await acceptedTree(repository, decide(set, 'all', 'accepted'))).toBe(proposed);
        expect(await acceptedTree(repository, set)).toBe(tree);
        expect(await acceptedTree(repository, decide(set, 'all', 'rejected'))).toBe(tree);

        const hunks = set.files.flatMap((file) => file.hunks);
        const flips = pairs.flatMap(([, stream]) => [...stream.take(10)]);
        const ids = hunks.filter((_, at) => flips[at] === true).map((hunk) => hunk.id);
        const some = decide(set, { hunks: ids }, 'accepted');
        const made = await acceptedTree(repository, some);
        expect(await contentsOf(repository, made)).toEqual(byGitApply(before, after, some.files));
        compared += some.files.filter(isSplit).reduce((sum, file) => sum + file.hunks.length, 0);
      }),
      { numRuns: 3, endOnFailure: true },
    );
    expect(compared).toBeGreaterThan(5);
  });

  test('takes each hunk with its own line ends and final line end', async () => {
    const repository = await Repository.open(scratchRepository({ readme: '' }));
    const lines = Array.from({ length: 20 }, (_, at) => `${at}\r\n`).join('');
    const { set } = await propose(repository, { a: `first\n${lines}last` }, { a: `FIRST\r\n${lines}last\n` });
    const [file] = set.files;
    const pick = async (at: number) => {
      const tree = await acceptedTree(repository, decide(set, { hunks: [file?.hunks[at]?.id ?? ''] }, 'accepted'));
      return (await repository.readFile(tree, 'a'))?.toString();
    };
    expect(file?.hunks).toHaveLength(2);
    expect(await pick(0)).toBe(`FIRST\r\n${lines}last`);
    expect(await pick(1)).toBe(`first\n${lines}last\n`);
  });

  test('leaves rejected binaries, modes and links as the base has them', async () => {
    const repository = await Repository.open(scratchRepository({ bin: 'a\0', tool: 'x\n', was: 'file\n', c: '1\n' }));
    const { commit, tree } = await repository.resolve('HEAD');
    const proposed = await repository.writeTreeWith(tree, [
      { path: 'bin', content: Buffer.from('b\0') },
      { path: 'tool', content: Buffer.from('x\n'), mode: '100755' },
      { path: 'was', content: Buffer.from('c'), mode: '120000' },
      { path: 'c', content: Buffer.from('2\n') },
    ]);
    const set = await repository.changeSet(commit, proposed, 't');
    const only = async (path: string) => {
      const made = await acceptedTree(repository, decide(set, { file: path }, 'accepted'));
      return (await repository.changeSet(commit, made, 't')).files.map((file) => [file.path, file.after]);
    };
    for (const { path, after } of set.files) expect(await only(path)).toEqual([[path, after]]);
  });

  test('refuses half of a file that becomes a folder', async () => {
    const repository = await Repository.open(scratchRepository({ readme: '' }));
    const { set } = await propose(repository, { a: 'x\n' }, { 'a/b': 'y\n' });
    await expect(acceptedTree(repository, decide(set, { file: 'a/b' }, 'accepted'))).rejects.toMatchObject({
      reason: 'inconsistent',
    });
  });
});

function isSplit(file: FileChange): boolean {
  return new Set(file.hunks.map((hunk) => hunk.decision === 'accepted')).size === 2;
}

async function contentsOf(repository: Repository, tree: string): Promise<Record<string, string>> {
  const files = await repository.listFiles(tree);
  const contents = files.map(
    async ({ path, blob }) => [path, (await repository.blob(blob)).toString('latin1')] as const,
  );
  return Object.fromEntries(await Promise.all(contents));
}

/** What git itself makes of the accepted hunks, from a diff and by an apply of its own. */
function byGitApply(before: Files, after: Files, files: readonly FileChange[]): Record<string, string> {
  const wanted: Files = { ...before };
  for (const file of files.filter((one) => one.hunks.every((hunk) => hunk.decision === 'accepted'))) {
    wanted[file.path] = after[file.path] ?? null;
  }
  const folder = mkdtempSync(join(tmpdir(), 'mlr-apply-'));
  try {
    const split = files.filter(isSplit);
    const patches = split.map((file, at) =>
      acceptedPatch(
        folder,
        `f${at}`,
        [before, after].map((side) => side[file.path] ?? ''),
        file,
      ),
    );
    writeFileSync(join(folder, 'patch'), Buffer.from(patches.join(''), 'latin1'));
    if (patches.length > 0) userGit(folder, 'apply', '--whitespace=nowarn', 'patch');
    for (const [at, file] of split.entries()) wanted[file.path] = readFileSync(join(folder, `f${at}`), 'latin1');
  } finally {
    rmSync(folder, { recursive: true });
  }
  return Object.fromEntries(Object.entries(wanted).flatMap(([path, text]) => (text === null ? [] : [[path, text]])));
}

function acceptedPatch(folder: string, name: string, sides: readonly string[], file: FileChange): string {
  writeFileSync(join(folder, name), Buffer.from(sides[0] ?? '', 'latin1'));
  writeFileSync(join(folder, `${name}.new`), Buffer.from(sides[1] ?? '', 'latin1'));
  const options = ['--no-index', '--histogram', '--text', name, `${name}.new`];
  const printed = spawnSync('git', ['diff', ...options], { cwd: folder }).stdout.toString('latin1');
  const [, ...hunks] = printed.split(/(?<=\n)(?=@@ -)/);
  expect(hunks).toHaveLength(file.hunks.length);
  const chosen = hunks.filter((_, at) => file.hunks[at]?.decision === 'accepted').join('');
  return `--- a/${name}\n+++ b/${name}\n${chosen}`;
}
