import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ReadingThread } from '../../../src/engine/readingThread.ts';

const bundle = fileURLToPath(new URL('../../../dist/readingWorker.mjs', import.meta.url));

let workspace: string;
let thread: ReadingThread;
beforeEach(async () => {
  workspace = await realpath(await mkdtemp(join(tmpdir(), 'mlr-reading-')));
  await writeFile(join(workspace, 'train.py'), 'def train(): pass\n');
  thread = new ReadingThread(workspace, bundle);
});
afterEach(async () => {
  await thread.close();
  await rm(workspace, { recursive: true });
});

async function found(question: string, changed: boolean): Promise<string[]> {
  const { hits } = await thread.search({ question, changed });
  return hits.map(({ name }) => name);
}

it('finds what was saved, and no longer what it replaced, without a look at the other files', async () => {
  expect(await found('train', true)).toContain('train');
  await writeFile(join(workspace, 'train.py'), 'def fit_forest(): pass\n');
  await writeFile(join(workspace, 'unsaid.py'), 'def fit_unsaid(): pass\n');
  await thread.takeUp(['train.py']);
  expect(await found('fit', false)).toContain('fit_forest');
  expect(await found('fit', false)).not.toContain('fit_unsaid');
  expect(await found('train', false)).not.toContain('train');
});

it('finds at its first look what was saved before anybody searched', async () => {
  await thread.takeUp(['train.py']);
  expect(await found('train', false)).toContain('train');
});

it('finds what was adopted into a workspace below the top of its repository, and nothing beside it', async () => {
  const git = promisify(execFile);
  const nested = join(workspace, 'study');
  await mkdir(nested);
  await writeFile(join(nested, 'train.py'), 'def train(): pass\n');
  await git('git', ['init', '-q'], { cwd: workspace });
  await git('git', ['add', '-A'], { cwd: workspace });
  await git('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', 'commit', '-qm', 'Study'], { cwd: workspace });
  await thread.close();
  thread = new ReadingThread(nested, bundle);
  expect(await found('train', true)).toContain('train');
  await writeFile(join(nested, 'train.py'), 'def fit_forest(): pass\n');
  await writeFile(join(workspace, 'beside.py'), 'def fit_outside(): pass\n');
  await thread.takeUpAdopted(['study/train.py', 'beside.py']);
  expect(await found('fit', false)).toEqual(['fit_forest', 'train.py']);
});
