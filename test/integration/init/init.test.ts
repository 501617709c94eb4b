import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { FirstContract } from '../../../src/domain/firstContract.ts';
import { checkContract, parseContract } from '../../../src/evidence/contractFile.ts';
import { mlr } from '../cli/commandLine.ts';
import * as layouts from './layouts.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function workspace(layout: layouts.Layout): string {
  const folder = layouts.repositoryOf(layout);
  folders.push(folder);
  return folder;
}

/** Runs `mlr init` and reads what it wrote; no file that was there has changed. */
async function init(
  cwd: string,
): Promise<{ made: FirstContract; yaml: string; contract: ReturnType<typeof parseContract> }> {
  const said = await mlr(['init', '--json'], { cwd });
  expect(said).toMatchObject({ code: 0, err: '' });
  expect(layouts.git(cwd, 'diff', 'HEAD', '--stat')).toBe('');
  const yaml = readFileSync(path.join(cwd, 'mlr.yaml'), 'utf8');
  return { made: JSON.parse(said.out), yaml, contract: parseContract(yaml, 'mlr.yaml') };
}

/** Takes the change that was printed, commits, measures the baseline alone with few seeds. */
async function noiseCard(cwd: string, { patch }: FirstContract) {
  if (patch !== null) layouts.git(cwd, 'apply', patch);
  const file = path.join(cwd, 'mlr.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('seeds: 10', 'seeds: 3'));
  layouts.commitAll(cwd, 'Say how this is measured');
  const said = await mlr(['measure', '--baseline', 'HEAD', '--json', '--unconfined', '--policy', 'autopilot'], { cwd });
  expect(said.code, said.err).toBe(0);
  const card = JSON.parse(said.out);
  expect(card.values).toHaveLength(3);
  expect(card.values.every(Number.isFinite)).toBe(true);
  return card;
}

describe('mlr init writes a contract that can be measured for', () => {
  test('a script with argparse that scores itself: the labels are split off and hidden', async () => {
    const cwd = workspace(layouts.ARGPARSE);
    const { made, contract, yaml } = await init(cwd);
    expect(contract).toMatchObject({
      task: 'Tell two clouds of points apart.',
      run: 'python3 train.py --seed {seed}',
      inputs: ['data/train.csv', 'data/test_inputs.csv'],
      hidden: ['data/test.csv'],
      protected: ['evaluate.py'],
      metrics: { accuracy: 'maximize' },
      labels: { file: 'data/train.csv', column: 'label' },
    });
    expect(readFileSync(path.join(cwd, 'data/test_inputs.csv'), 'utf8')).toMatch(/^id,x1,x2\n500,/);
    expect(yaml).toMatch(/# .*train\.py reads its arguments with argparse \(line \d+\)/);
    expect(made.diff).toContain('+    train, test = read("data/train.csv"), read("data/test_inputs.csv")');
    const card = await noiseCard(cwd, made);
    expect(new Set(card.values).size).toBeGreaterThan(1);
  });

  test('a command of click that writes predictions: scored against the labels, without a change', async () => {
    const cwd = workspace(layouts.CLICK);
    const { made, contract } = await init(cwd);
    expect(contract.run).toBe('python3 predict.py --random-seed {seed} --output {out}');
    expect(contract.hidden).toEqual(['data/test_labels.csv']);
    expect(made.diff).toBeNull();
  });

  test('a notebook alone: its cells become a script that takes the seed', async () => {
    const cwd = workspace(layouts.NOTEBOOK);
    const { made, contract } = await init(cwd);
    expect(contract.run).toBe('python3 analysis_run.py');
    expect(readFileSync(path.join(cwd, 'analysis_run.py'), 'utf8')).toContain('# %matplotlib inline');
    const card = await noiseCard(cwd, made);
    expect(new Set(card.values).size).toBeGreaterThan(1);
  });

  test('a package below src/: started as a module, its own function of the score taken out', async () => {
    const cwd = workspace(layouts.PACKAGE);
    const { made, contract } = await init(cwd);
    expect(contract.run).toBe('env PYTHONPATH=src python3 -m clouds.train --seed {seed}');
    await noiseCard(cwd, made);
  });

  test('groups without labels: judged apart from the script, by how far rows lie from their middle', async () => {
    const cwd = workspace(layouts.UNSUPERVISED);
    const { made, contract } = await init(cwd);
    expect(contract).toMatchObject({
      run: 'python3 kmeans.py --seed {seed} --out-dir {out}',
      metrics: { spread: 'minimize' },
      hidden: [],
    });
    const card = await noiseCard(cwd, made);
    expect(card.mean).toBeGreaterThan(0);
  });

  test('a plain script with its seed in the code: the seed and the predictions go by the change it prints', async () => {
    const cwd = workspace(layouts.PLAIN);
    const { made, contract } = await init(cwd);
    expect(contract.run).toBe('python3 run.py');
    expect(made.diff).toContain('+random.seed(int(os.environ.get("MLR_SEED", "7")))');
    const card = await noiseCard(cwd, made);
    expect(new Set(card.values).size).toBeGreaterThan(1);
  });
});

describe('mlr init writes a contract to go on with for', () => {
  test('hydra: seed and output as overrides, its logs below {out}', async () => {
    const cwd = workspace(layouts.HYDRA);
    const { made, contract, yaml } = await init(cwd);
    expect(contract.run).toBe('python3 main.py seed={seed} output_dir={out} hydra.run.dir={out}/hydra');
    expect(contract.hidden).toEqual(['data/test_labels.csv']);
    expect(yaml).toContain('# prepare: "pip install -r requirements.txt"');
    expect(made.diff).toContain('-    y_true = pd.read_csv("data/test_labels.csv")["label"]');
    expect(made.diff).toContain('+        writer.writerows(enumerate(preds))');
    checkContract(contract, (name) => existsSync(path.join(cwd, name)));
  });

  test('an empty folder: a form, and what to fill in', async () => {
    const cwd = workspace({});
    const { made, contract } = await init(cwd);
    expect(contract.run).toContain('{seed}');
    expect(made.notes.join(' ')).toContain('No Python script or notebook was found');
    expect(made.next).toContain('write the script, and name it under run');
  });
});

test('mlr init overwrites nothing: with a contract there it says so, exit code 2', async () => {
  const cwd = workspace({ 'mlr.yaml': 'mine\n', 'train.py': 'print(1)\n' });
  const said = await mlr(['init'], { cwd });
  expect(said.code).toBe(2);
  expect(said.err).toMatch(
    /^mlr: .*mlr\.yaml is there already, and mlr init overwrites nothing: edit it, or move it away/,
  );
  expect(readFileSync(path.join(cwd, 'mlr.yaml'), 'utf8')).toBe('mine\n');
  expect(existsSync(path.join(cwd, 'evaluate.py'))).toBe(false);
});

test('mlr init shows a person what it wrote, the change of the script, and what to do next', async () => {
  const cwd = workspace(layouts.ARGPARSE);
  const { out } = await mlr(['init'], { cwd });
  expect(out).toMatch(/^Written\n {2}mlr\.yaml +the contract/);
  expect(out).toContain('--- a/train.py');
  expect(out).toMatch(/Next\n {2}1\. read mlr\.yaml\n {2}2\. git apply \.mlr\/init\.patch/);
});
