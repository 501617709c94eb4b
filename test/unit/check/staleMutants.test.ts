import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

interface Mutant {
  readonly breaks: string;
  readonly file: string;
  readonly from: string;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));

it('every mutant still has its line, once: one that breaks nothing would count for a check that nobody tests', async () => {
  const folder = join(root, 'scripts', 'mutants');
  const lists = await Promise.all(
    (await readdir(folder)).map(async (name): Promise<Record<string, Mutant[]>> => {
      return import(pathToFileURL(join(folder, name)).href);
    }),
  );
  const mutants = lists.flatMap((list) => Object.values(list).flat());
  expect(mutants.length).toBeGreaterThan(100);
  const stale: string[] = [];
  for (const { breaks, file, from } of mutants) {
    if ((await readFile(join(root, file), 'utf8')).split(from).length !== 2) stale.push(`${file}: ${breaks}`);
  }
  expect(stale).toEqual([]);
});
