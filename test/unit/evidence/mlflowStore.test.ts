import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseContract } from '../../../src/evidence/contractFile.ts';
import type { ExportedRun } from '../../../src/evidence/exportedRun.ts';
import { exportRuns } from '../../../src/evidence/exportRuns.ts';
import { writeMlflow } from '../../../src/evidence/mlflowStore.ts';
import { exampleMeasurement } from './exampleMeasurement.ts';

const CONTRACT = parseContract(
  'version: 1\ntask: t\nrun: "r {seed} {out}"\nevaluate: "e {out}"\nmetrics: { accuracy: maximize }\n',
  'mlr.yaml',
);
const { measurement, evidence } = exampleMeasurement({ variants: 1, seeds: 3 });
const RUN: ExportedRun = {
  id: 'm0-7-variant',
  name: 'variant seed 7',
  status: 'KILLED',
  start: 1_767_268_800_000,
  end: 1_767_268_802_500,
  params: { seed: '7', args: '' },
  metrics: { 'val/größe': 0.125, loss: 1e-7, 'a:b': Number.NaN },
  tags: { 'mlr.run': 'm0-7-variant' },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlflow test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function meta(home: string): Promise<Record<string, unknown>> {
  return parse(await readFile(join(home, 'meta.yaml'), 'utf8'), { version: '1.1' }) as Record<string, unknown>;
}

/** The one experiment of a store, and its folder. */
async function experimentIn(store: string): Promise<string> {
  const names = await readdir(store);
  expect(names).toHaveLength(1);
  return join(store, names[0] ?? '');
}

describe('MLflow’s file store', () => {
  it('has the experiment’s and the run’s meta.yaml with exactly the fields that MLflow writes', async () => {
    const home = await experimentIn(await writeMlflow(folder, [RUN], measurement));
    const experiment = await meta(home);
    expect(experiment).toEqual({
      artifact_location: expect.stringMatching(/^file:\/\/\//),
      creation_time: RUN.start,
      experiment_id: home.split('/').at(-1),
      last_update_time: RUN.end,
      lifecycle_stage: 'active',
      name: `mlr ${measurement.session}`,
    });
    const id = (await readdir(home)).find((name) => /^[0-9a-f]{32}$/.test(name)) ?? '';
    const run = await meta(join(home, id));
    expect(run).toEqual({
      artifact_uri: `${experiment.artifact_location}/${id}/artifacts`,
      end_time: RUN.end,
      entry_point_name: '',
      experiment_id: experiment.experiment_id,
      lifecycle_stage: 'active',
      run_id: id,
      run_name: 'variant seed 7',
      run_uuid: id,
      source_name: '',
      source_type: 4,
      source_version: '',
      start_time: RUN.start,
      status: 5,
      tags: [],
      user_id: '',
    });
    expect((await stat(fileURLToPath(String(run.artifact_uri)))).isDirectory()).toBe(true);
  });

  it('has a file a metric with `timestamp value step`, a parameter and a tag, by names that MLflow allows', async () => {
    const home = await experimentIn(await writeMlflow(folder, [RUN], measurement));
    const id = (await readdir(home)).find((name) => /^[0-9a-f]{32}$/.test(name)) ?? '';
    const read = (name: string) => readFile(join(home, id, name), 'utf8');
    expect(await read('metrics/val/größe')).toBe(`${RUN.end} 0.125 0\n`);
    expect(await read('metrics/loss')).toBe(`${RUN.end} 1e-7 0\n`);
    expect(await read('metrics/a_b')).toBe(`${RUN.end} NaN 0\n`);
    expect(await read('params/seed')).toBe('7');
    expect(await read('params/args')).toBe('');
    expect(await read('tags/mlflow.runName')).toBe('variant seed 7');
  });

  it('holds every run of a report, and a second export overwrites the first', async () => {
    const request = { measurement, evidence, contract: CONTRACT, confinement: 'none', version: '1.2.3' } as const;
    for (let times = 0; times < 2; times++) await exportRuns(folder, 'mlflow', request);
    const home = await experimentIn(join(folder, 'mlruns'));
    const runs = (await readdir(home)).filter((name) => /^[0-9a-f]{32}$/.test(name));
    expect(runs).toHaveLength(6);
    const statuses = await Promise.all(runs.map(async (id) => (await meta(join(home, id))).status));
    expect(new Set(statuses)).toEqual(new Set([3]));
  });
});
