import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examineMachine } from '../../../src/engine/doctor.ts';
import { importedModules } from '../../../src/workspace/environment/imports.ts';
import { interpretersOf } from '../../../src/workspace/environment/interpreters.ts';
import { containers, disk, graphics, memory, slurm } from '../../../src/workspace/environment/machine.ts';
import { ask } from '../../../src/workspace/environment/program.ts';

let root: string;
let path: string | undefined;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mlr-machine-'));
  path = process.env.PATH;
});
afterEach(async () => {
  process.env.PATH = path;
  await rm(root, { recursive: true });
});

async function write(name: string, text = ''): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), text);
}

/** Puts a program of this name first on the PATH, or before nothing else at all. */
async function program(name: string, script: string): Promise<void> {
  await write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
  await chmod(join(root, 'bin', name), 0o755);
  process.env.PATH = `${join(root, 'bin')}:/usr/bin:/bin`;
}

describe('what scripts import', () => {
  it('is named with who imports it, but for what the workspace brings and what can be done without', async () => {
    await write(
      'train.py',
      'import os, torch.nn as nn\nfrom model import Net\ntry:\n    import apex\nexcept ImportError: pass\n',
    );
    await write('model.py', 'from sklearn.linear_model import Ridge\n');
    await write('tests/test_model.py', 'import pytest\n');
    expect(await importedModules(root)).toEqual([
      { module: 'sklearn', by: 'model.py' },
      { module: 'os', by: 'train.py' },
      { module: 'torch', by: 'train.py' },
    ]);
  });
});

describe('interpreters', () => {
  it('are found in the workspace with what is installed, and what is not, without starting them', async () => {
    await write('.venv/pyvenv.cfg', 'home = /usr/bin\nversion = 3.12.4\n');
    await write('.venv/bin/python', 'exit 1');
    await write('.venv/lib/python3.12/site-packages/torch-2.3.0+cu121.dist-info/METADATA');
    await write('.venv/lib/python3.12/site-packages/torch/__init__.py');
    await write('.venv/lib/python3.12/site-packages/scikit_learn-1.5.0.dist-info/METADATA');
    const own = (await interpretersOf(root, ['os', 'torch', 'yaml'])).find(({ name }) => name === '.venv');
    expect(own).toMatchObject({ version: '3.12.4', problem: null, lacks: ['yaml'] });
    expect(own?.packages).toEqual({ torch: '2.3.0+cu121', 'scikit-learn': '1.5.0' });
  });

  it('that are gone are gaps with a way out, and a missing module is one that pip can mend', async () => {
    await write('old/pyvenv.cfg', 'version = 3.8.1\n');
    await write('.venv/pyvenv.cfg', 'version = 3.12.4\n');
    await write('.venv/bin/python');
    await write('.venv/lib/python3.12/site-packages/six.py');
    await write('train.py', 'import sklearn\n');
    const { findings } = await examineMachine(root);
    const found = (name: string) => findings.find((one) => one.name === name);
    expect(found('old')).toMatchObject({ good: false, wayOut: 'make it anew: python3 -m venv --clear old' });
    expect(found('.venv')).toMatchObject({
      state: 'gap',
      found: expect.stringContaining('not sklearn, which train.py imports'),
      wayOut: `${join(root, '.venv/bin/python')} -m pip install scikit-learn`,
    });
  });
});

describe('a machine', () => {
  it('shows its cards by nvidia-smi, and says where the driver fails', async () => {
    await program('nvidia-smi', 'echo "NVIDIA A100, 40960 MiB, 12 MiB, 550.54"');
    expect(await graphics()).toMatchObject({
      state: 'ok',
      found: 'NVIDIA A100, 40960 MiB (12 MiB in use), driver 550.54',
    });
    await program('nvidia-smi', 'echo "Failed to initialize NVML" >&2; exit 9');
    expect(await graphics()).toMatchObject({ state: 'gap', found: 'nvidia-smi fails: Failed to initialize NVML' });
  });

  it('shows partitions of a cluster, or none', async () => {
    await program('sinfo', 'echo "gpu* up 4 nodes gpu:a100:8"');
    expect(await slurm()).toMatchObject({ state: 'ok', found: 'gpu* up 4 nodes gpu:a100:8' });
    await rm(join(root, 'bin/sinfo'));
    // The machine may have Slurm's programs of its own.
    process.env.PATH = join(root, 'bin');
    expect(await slurm()).toMatchObject({ state: 'none', wayOut: null });
  });

  it('misses a container engine that does not answer only where the workspace wants one', async () => {
    await program('podman', 'exit 1');
    await program('docker', 'echo "Cannot connect to the Docker daemon" >&2; exit 1');
    expect((await containers(root)).state).toBe('none');
    await write('.devcontainer/devcontainer.json', '{}');
    expect(await containers(root)).toMatchObject({ state: 'gap', found: expect.stringContaining('Cannot connect') });
  });

  it('has memory and a disk', async () => {
    expect(memory().found).toMatch(/GiB/);
    expect((await disk(root)).found).toMatch(/GiB free of/);
  });
});

describe('a probe', () => {
  it('gives up on a program that does not answer, and says so', async () => {
    expect(await ask('sleep', ['5'], 50)).toEqual({ ok: false, why: 'it did not answer within 0.05 s' });
    expect(await ask('mlr-no-such-program', [])).toEqual({ ok: false, why: 'absent' });
  });
});
