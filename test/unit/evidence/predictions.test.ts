import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Arm } from '../../../src/domain/evidence.ts';
import type { ArmResult } from '../../../src/evidence/armRuns.ts';
import type { CheckRequest } from '../../../src/evidence/checkRequest.ts';
import { parseContract } from '../../../src/evidence/contractFile.ts';
import { checkPredictions } from '../../../src/evidence/coverageCheck.ts';

const baseline: Arm = { name: 'baseline', revision: 'main', commit: 'c0', tree: 't0' };
const variant: Arm = { name: 'variant', revision: 'idea', commit: 'c1', tree: 't1' };

describe('what a run predicts', () => {
  let top: string;
  beforeEach(async () => {
    top = await mkdtemp(join(tmpdir(), 'predictions-test-'));
  });
  afterEach(() => rm(top, { recursive: true, force: true }));

  async function check(files: Record<string, string | Buffer>, predictions = '{ file: predictions.csv, id: id }') {
    const all = {
      'data/test.csv': 'id,x\na,1\nb,2\nc,3\n',
      '.mlr/runs/base/out/predictions.csv': 'id,label\nc,1\na,0\nb,1\n',
      '.mlr/runs/base/out/predictions.jsonl': '{"id":"a","label":1}\n{"id":"b","label":1}\n{"id":"c","label":0}\n',
      ...files,
    };
    await rm(join(top, '.mlr'), { recursive: true, force: true });
    for (const [name, content] of Object.entries(all)) {
      await mkdir(dirname(join(top, name)), { recursive: true });
      await writeFile(join(top, name), content);
    }
    const key = predictions === '' ? '' : `predictions: ${predictions}\n`;
    const contract = parseContract(
      `version: 1\ntask: t\nrun: r\nevaluate: e\nmetrics: { accuracy: maximize }\ninputs: [data/test.csv]\n${key}`,
      'mlr.yaml',
    );
    const result = (arm: Arm, id: string) =>
      ({ arm, seed: 1, runs: [{ id, state: 'finished' }], evaluations: [], scores: null }) as unknown as ArmResult;
    const request = {
      ...{ workspace: top, contract, registration: { baseline, variants: [variant] } },
      arms: { evaluator: top, inputs: [{ from: join(top, 'data/test.csv'), as: 'data/test.csv' }] },
      blocks: [
        new Map([
          ['baseline', result(baseline, 'base')],
          ['variant', result(variant, 'var')],
        ]),
      ],
    };
    return await checkPredictions(request as unknown as CheckRequest);
  }
  const own = (text: string | Buffer, file = 'predictions.csv') => ({ [`.mlr/runs/var/out/${file}`]: text });

  it('must be every test row once, in any order', async () => {
    expect(await check(own('id,label\nb,1\na,0\nc,0\n'))).toMatchObject([
      { name: 'output-format', passed: true },
      { name: 'coverage', passed: true, detail: 'each of the 3 test rows is predicted once in every run' },
    ]);
  });

  it('is void where ids are missing, twice, foreign, or the file is not there', async () => {
    const detail = async (text: string) => (await check(own(text)))[1];
    expect(await detail('id,label\na,1\nb,1\n')).toMatchObject({
      ...{ kind: 'void', passed: false, revision: 'idea' },
      detail: 'seed 1: 1 test ids are missing (c)',
    });
    expect((await detail('id,label\na,1\nb,1\nc,1\nc,1\n'))?.detail).toBe('seed 1: 1 ids are there twice');
    expect((await detail('id,label\na,1\nb,1\nc,1\nd,1\n'))?.detail).toBe(
      'seed 1: 1 ids are not in the test input (d)',
    );
    expect((await detail('label\n1\n'))?.detail).toBe('seed 1: predictions.csv has no column id');
    expect((await check({ '.mlr/runs/var/out/else.csv': '' }))[1]?.detail).toBe(
      'seed 1: it wrote no predictions.csv that can be read',
    );
  });

  it('is counted by rows where there is no id', async () => {
    const rows = async (text: string) => (await check(own(text), '{ file: predictions.csv }'))[1]?.passed;
    expect(await rows('label\n1\n0\n1\n')).toBe(true);
    expect(await rows('1\n0\n1\n')).toBe(true);
    expect(await rows('label\n1\n0\n')).toBe(false);
  });

  it('is counted by rows where the test input gives several rows one id', async () => {
    const words = { 'data/test.csv': 'id,x\na,1\na,2\nb,3\n' };
    const passed = async (text: string) =>
      (await check({ ...words, '.mlr/runs/base/out/predictions.csv': text, ...own(text) }))[1]?.passed;
    expect(await passed('id,label\na,1\na,0\nb,1\n')).toBe(true);
    expect(await passed('id,label\na,1\nb,1\n')).toBe(false);
  });

  it('may be JSON lines, and is not run where its format is no table', async () => {
    const jsonl = own('{"id":"c","label":1}\n{"id":"b","label":1}\n{"id":"a","label":0}\n', 'predictions.jsonl');
    expect((await check(jsonl, '{ file: predictions.jsonl, id: id }'))[1]?.passed).toBe(true);
    expect((await check({}, '{ file: predictions.npy }'))[1]?.passed).toBeNull();
    expect((await check({}, ''))[1]).toMatchObject({ name: 'coverage', passed: null });
  });

  it('is void in a format whose loading runs code, whatever its name, but a checkpoint beside it is not', async () => {
    const pickle = Buffer.from([0x80, 4, 0x95, 0, 0x2e]);
    expect((await check(own(pickle)))[0]).toMatchObject({ name: 'output-format', kind: 'void', passed: false });
    expect((await check(own(pickle, 'predictions.pkl'), ''))[0]?.passed).toBe(false);
    expect((await check(own(pickle, 'answers.bin'), ''))[0]?.passed).toBe(false);
    const beside = { ...own('id,label\nb,1\na,0\nc,0\n'), ...own(pickle, 'model.pkl') };
    expect((await check(beside))[0]?.passed).toBe(true);
    expect((await check(beside, ''))[0]?.passed).toBe(true);
  });
});
