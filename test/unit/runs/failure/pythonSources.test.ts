import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pythonSources } from '../../../../src/runs/failure/pythonSources.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mlr-sources-'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

it('the sources of a workspace are its own: an environment of agents is, one of packages is not, nor what is hidden', async () => {
  const names = [
    'env/gridworld.py',
    'env/lib/python3.11/site-packages/x.py',
    '.venv/y.py',
    'train.py',
    'data/labels.py',
  ];
  for (const name of names) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), 'a = 1\nb = 2');
  }
  const sources = await pythonSources(root, (path) => path.startsWith('data/'));
  expect(sources.files).toEqual(['train.py', 'env/gridworld.py']);
  expect(await sources.lines('train.py')).toEqual(['a = 1', 'b = 2']);
  expect(await sources.lines('gone.py')).toEqual([]);
});
