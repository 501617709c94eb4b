import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Measurement } from '../domain/evidence.ts';
import type { ExportedRun } from './exportedRun.ts';

/** Numbers of MLflow's enums in `meta.yaml` (mlflow/protos/service.proto RunStatus, mlflow/entities/source_type.py). */
const STATUS = { FINISHED: 3, FAILED: 4, KILLED: 5 } as const;
const LOCAL = 4;

/** MLflow's file store: `mlruns/<experiment>/<run>/{meta.yaml, metrics/, params/, tags/}`, as
 *  mlflow/store/tracking/file_store.py reads it. An experiment is a session; ids are derived, so that a second export
 *  overwrites the first. */
export async function writeMlflow(
  folder: string,
  runs: readonly ExportedRun[],
  measurement: Measurement,
): Promise<string> {
  const store = resolve(folder, 'mlruns');
  const experiment = String(BigInt(`0x${hexOf(measurement.session, 15)}`) + 1n)
    .padStart(18, '1')
    .slice(0, 18);
  const home = join(store, experiment);
  const started = Math.min(...runs.map(({ start }) => start));
  await writeAll(home, {
    'meta.yaml': yaml({
      artifact_location: pathToFileURL(home).href,
      creation_time: started,
      experiment_id: experiment,
      last_update_time: Math.max(...runs.map(({ end }) => end)),
      lifecycle_stage: 'active',
      name: `mlr ${measurement.session}`,
    }),
    ...under('tags', { 'mlr.hypothesis': measurement.registration.hypothesis, 'mlr.verdict': measurement.verdict }),
  });
  for (const run of runs) {
    const id = hexOf(run.id, 32);
    await mkdir(join(home, id, 'artifacts'), { recursive: true });
    const lines = Object.entries(run.metrics).map(([name, value]) => [name, `${run.end} ${value} 0\n`] as const);
    await writeAll(join(home, id), {
      'meta.yaml': yaml({
        artifact_uri: pathToFileURL(join(home, id, 'artifacts')).href,
        end_time: run.end,
        entry_point_name: '',
        experiment_id: experiment,
        lifecycle_stage: 'active',
        run_id: id,
        run_name: run.name,
        run_uuid: id,
        source_name: '',
        source_type: LOCAL,
        source_version: '',
        start_time: run.start,
        status: STATUS[run.status],
        tags: [],
        user_id: '',
      }),
      ...under('metrics', Object.fromEntries(lines)),
      ...under('params', run.params),
      ...under('tags', { ...run.tags, 'mlflow.runName': run.name }),
    });
  }
  return store;
}

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const part of ['', 'metrics', 'params', 'tags']) await mkdir(join(folder, part), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

/** Keys are paths of files there; MLflow allows letters, digits, underscores, dashes, dots, spaces and single slashes
 *  (mlflow/utils/validation.py). */
function under(part: string, values: Readonly<Record<string, string>>): Record<string, string> {
  const allowed = (name: string): string => name.replace(/[^\p{L}\p{N}_ .-]/gu, '_').replace(/^\.+/, '_');
  const named = Object.entries(values).map(([key, value]) => {
    const parts = key.split('/').filter(Boolean);
    return [[part, ...parts.map(allowed)].join('/'), value] as const;
  });
  return Object.fromEntries(named);
}

/** JSON scalars are YAML. */
function yaml(values: Readonly<Record<string, string | number | readonly string[]>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');
}

function hexOf(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}
