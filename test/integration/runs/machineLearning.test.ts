import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { probeConfinement } from '../../../src/runs/confinement.ts';
import { readOutput } from '../../../src/runs/outputLog.ts';
import { ScratchWorkspace } from '../../hosts/scratchWorkspace.ts';

const PYTHON = '/usr/bin/python3';
const { level } = await probeConfinement();
const has = (module: string): boolean => spawnSync(PYTHON, ['-c', `import ${module}`]).status === 0;
const learns = level === 'bwrap' && has('sklearn');
/** 600 MB, so that it is tried only where somebody has installed it. */
const hasTorch = level === 'bwrap' && has('torch');

test('this machine has what machine learning is tried with, or the reason is told', () => {
  if (!learns) process.stderr.write('not run: scikit-learn confined (it needs bubblewrap, and python3-sklearn)\n');
  if (!hasTorch) process.stderr.write('not run: PyTorch confined (it is asked for by installing python3-torch)\n');
  if (process.env.MLR_REQUIRE === 'all') expect(learns).toBe(true);
});

let place: ScratchWorkspace;
beforeEach(async () => {
  place = await ScratchWorkspace.make();
});
afterEach(() => place.remove());

async function printed(words: string[], source = place.arm): Promise<string> {
  const limits = { memoryBytes: 4 * 2 ** 30, processes: 512, wallSeconds: 60 };
  const spec = place.spec(words, { confinement: 'bwrap', source, limits });
  const { state } = await place.run(spec);
  const output = await readOutput(place.top, spec.id);
  expect({ state, output }).toEqual({ state: 'finished', output });
  return output.trim();
}

describe.runIf(learns)('machine learning as it is, confined', () => {
  test('fits a forest on two cores, counts its processes, and keeps what a library writes to its home', async () => {
    const program = `
import os
from joblib import Memory, Parallel, delayed
from sklearn.datasets import get_data_home, load_digits
from sklearn.ensemble import RandomForestClassifier
def me(n):
    import time; time.sleep(0.2)
    return os.getpid()
workers = set(Parallel(n_jobs=2)(delayed(me)(n) for n in range(6)))
x, y = load_digits(return_X_y=True)
forest = RandomForestClassifier(10, n_jobs=2, random_state=0).fit(x[:1000], y[:1000])
cached = Memory(os.path.expanduser("~/.cache/joblib"), verbose=0).cache(me)
print(len(workers), os.getpid() in workers, round(forest.score(x[1000:], y[1000:]), 1), cached(1) == cached(1), os.path.isdir(get_data_home()))`;
    expect(await printed([PYTHON, '-c', program])).toBe('2 False 0.9 True True');
  });
});

describe.runIf(level === 'bwrap')('an editable install with a src/ layout', () => {
  test("gives every arm its own modules, though it points into the researcher's checkout", async () => {
    const environment = join(place.top, '.venv');
    execFileSync(PYTHON, ['-m', 'venv', '--without-pip', environment]);
    const packages = execFileSync(join(environment, 'bin/python'), [
      '-c',
      'import site; print(site.getsitepackages()[0])',
    ]);
    await writeFile(join(packages.toString().trim(), '__editable__.model-1.0.pth'), `${join(place.top, 'src')}\n`);
    const variant = join(place.arm, '..', 'variant');
    for (const [folder, name] of [
      [place.top, 'checkout'],
      [place.arm, 'baseline'],
      [variant, 'variant'],
    ] as const) {
      await mkdir(join(folder, 'src/model'), { recursive: true });
      await writeFile(join(folder, 'src/model/__init__.py'), `name = "${name}"\n`);
    }
    const words = [join(environment, 'bin/python'), '-c', 'import model; print(model.name)'];
    expect([await printed(words), await printed(words, variant)]).toEqual(['baseline', 'variant']);
  });
});

// No test where nobody asked for it: a skipped one counts as failed.
if (hasTorch) {
  describe('PyTorch as it is, confined', () => {
    test('loads data with two workers and hands tensors through shared memory', async () => {
      await place.write(
        'load.py',
        `import torch
from torch.utils.data import DataLoader, Dataset, get_worker_info
class Numbers(Dataset):
    def __len__(self): return 4000
    def __getitem__(self, i): return torch.full((1000,), float(i)), get_worker_info().id
seen, total = set(), 0.0
for values, workers in DataLoader(Numbers(), batch_size=100, num_workers=2):
    seen |= set(workers.tolist())
    total += values[:, 0].sum().item()
print(sorted(seen), total)
`,
      );
      expect(await printed([PYTHON, 'load.py'])).toBe('[0, 1] 7998000.0');
    });
  });
}
