import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filledSha256, fillOnce } from '../../../src/evidence/exports.ts';

let folder: string;
let top: string;
let filled: number;
const told: string[] = [];
beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'exports-test-'));
  folder = join(top, 'arm');
  filled = 0;
  told.length = 0;
});
afterEach(() => rm(top, { recursive: true, force: true }));

async function fill(): Promise<void> {
  await fillOnce(
    folder,
    async (draft) => {
      filled += 1;
      await writeFile(join(draft, 'a.py'), 'a');
    },
    async () => {
      told.push('altered');
    },
  );
}

test('a folder is filled once, whoever asks for it at the same time', async () => {
  await Promise.all([fill(), fill(), fill()]);
  await fill();
  expect(filled).toBe(1);
  expect(await readFile(join(folder, 'a.py'), 'utf8')).toBe('a');
  expect(await filledSha256(folder)).toMatch(/^[0-9a-f]{64}$/);
  expect(await readdir(top)).toEqual(['arm']);
});

test('one that an earlier process left is used where it holds the same, and nothing is said', async () => {
  await mkdir(folder);
  await writeFile(join(folder, 'a.py'), 'a');
  await fill();
  expect(told).toEqual([]);
  expect(await readdir(top)).toEqual(['arm']);
});

test.each([
  ['another file', 'b.py', 'b'],
  ['another content', 'a.py', 'b'],
])('one that an earlier process left is filled anew where it holds %s', async (_what, name, content) => {
  await mkdir(folder);
  await writeFile(join(folder, 'a.py'), 'a');
  await writeFile(join(folder, name), content);
  await fill();
  expect(told).toEqual(['altered']);
  expect(await readdir(folder)).toEqual(['a.py']);
  expect(await readFile(join(folder, 'a.py'), 'utf8')).toBe('a');
});

test('a folder that was removed is filled again, and one that could not be filled is tried again', async () => {
  await fill();
  await rm(folder, { recursive: true });
  await fill();
  expect(filled).toBe(2);
  const other = join(top, 'other');
  const fails = fillOnce(
    other,
    () => Promise.reject(new Error('no room')),
    () => Promise.resolve(),
  );
  await expect(fails).rejects.toThrow('no room');
  expect(await filledSha256(other)).toBeUndefined();
  expect((await readdir(top)).sort()).toEqual(['arm']);
});
