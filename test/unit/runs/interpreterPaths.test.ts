import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { interpreterPaths } from '../../../src/runs/interpreterPaths.ts';

let home: string;
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'home-')));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

async function file(path: string): Promise<void> {
  await mkdir(dirname(join(home, path)), { recursive: true });
  await writeFile(join(home, path), '');
}

async function link(path: string, to: string): Promise<void> {
  await mkdir(dirname(join(home, path)), { recursive: true });
  await symlink(to, join(home, path));
}

const pathOf = (...folders: string[]) => ({
  PATH: [...folders.map((folder) => join(home, folder)), '/usr/bin'].join(':'),
});
const seen = (command: string, env: Record<string, string>) =>
  interpreterPaths(command, env, [home]).map((path) => path.slice(home.length + 1));

test('the folder for user programs is shown without the key rings beside it', async () => {
  for (const path of ['.local/bin/tool', '.local/lib/python3.11/x.py', '.local/share/keyrings/login']) await file(path);
  await link('.local/bin/python3', '/usr/bin/python3');
  expect(seen('python3', pathOf('.local/bin'))).toEqual(['.local/bin', '.local/lib']);
});

test('a virtual environment is shown with the installations that its links lead through', async () => {
  await file('uv/cpython-3.12.4/bin/python3.12');
  await file('uv/cpython-3.12.4/lib/os.py');
  await link('uv/cpython-3.12.4/bin/python3', 'python3.12');
  await link('uv/cpython-3.12', 'cpython-3.12.4');
  await file('project/.venv/pyvenv.cfg');
  await link('project/.venv/bin/python', join(home, 'uv/cpython-3.12/bin/python3'));
  expect(seen(join(home, 'project/.venv/bin/python'), {})).toEqual([
    'project/.venv',
    'uv/cpython-3.12',
    'uv/cpython-3.12.4',
  ]);
});

test('pyenv and conda are shown whole, a folder of scripts alone is not its parent', async () => {
  for (const path of ['.pyenv/versions/3.11/bin/python', '.pyenv/shims/python3', 'bin/mine', '.ssh/id'])
    await file(path);
  for (const path of ['conda/conda-meta/history', 'conda/bin/python']) await file(path);
  expect(seen('python3', pathOf('.pyenv/shims', 'bin', 'conda/bin'))).toEqual(['.pyenv', 'bin', 'conda']);
});

test('nothing is shown of a home that holds no programs, nor the home itself', async () => {
  await file('bin-less/x');
  expect(seen('python3', { PATH: `${home}:/usr/bin` })).toEqual([]);
  expect(seen('python3', { PATH: 'relative:/usr/bin', VIRTUAL_ENV: join(home, 'gone') })).toEqual([]);
});
