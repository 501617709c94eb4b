import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportRequest } from './reportRequest.ts';
import type { RunEvidence } from './runEvidence.ts';

export type ExportFormat = 'csv' | 'json' | 'mlflow';

/** A run as other tools know one. */
interface ExportedRun {
  readonly id: string;
  readonly name: string;
  readonly status: 'FINISHED' | 'FAILED' | 'KILLED';
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Writes the runs of a report for other tools to show, with parameters, metrics and tags.
 *  @returns the files or folders that were written */
export async function exportRuns(folder: string, format: ExportFormat, request: ReportRequest): Promise<string[]> {
  const runs = request.evidence.map((one) => exported(one, request));
  await mkdir(folder, { recursive: true });
  if (format === 'mlflow') return [await writeMlflow(folder, runs, request)];
  const file = join(folder, `runs.${format}`);
  await writeFile(file, format === 'json' ? `${JSON.stringify(runs, null, 2)}\n` : csv(runs));
  return [file];
}

function exported({ run, scores }: RunEvidence, { measurement, version }: ReportRequest): ExportedRun {
  const { registration, verdict, session } = measurement;
  const arm = [registration.baseline, ...registration.variants].find(({ name }) => name === run.arm?.name);
  const judged = measurement.variants[registration.variants.findIndex(({ name }) => name === run.arm?.name)]?.verdict;
  const measured = { seconds: run.resources.wallSeconds, memory: run.resources.memoryBytes };
  const known = Object.entries({ ...measured, ...scores?.metrics }).filter(
    (entry): entry is [string, number] => entry[1] !== null,
  );
  const status = { finished: 'FINISHED', failed: 'FAILED', stopped: 'KILLED' } as const;
  return {
    id: run.id,
    name: `${run.arm?.name ?? 'run'} seed ${run.seed}`,
    status: status[run.state],
    start: Date.parse(run.startedAt),
    end: Date.parse(run.endedAt),
    params: {
      arm: run.arm?.name ?? '',
      revision: arm?.revision ?? '',
      seed: String(run.seed),
      ...(arm?.args && { args: arm.args.join(' ') }),
    },
    metrics: Object.fromEntries(known),
    tags: {
      'mlr.session': session,
      'mlr.registration': registration.id,
      'mlr.commit': run.arm?.commit ?? '',
      'mlr.verdict': judged ?? verdict,
      'mlr.version': version,
      'mlr.run': run.id,
    },
  };
}

/** One row a run; a metric that a run did not give is an empty cell (RFC 4180). */
function csv(runs: readonly ExportedRun[]): string {
  const keys = (part: 'params' | 'metrics' | 'tags'): string[] => [
    ...new Set(runs.flatMap((run) => Object.keys(run[part]))),
  ];
  const columns = (['params', 'metrics', 'tags'] as const).flatMap((part) => keys(part).map((key) => ({ part, key })));
  const header = ['id', 'status', 'start', 'end', ...columns.map(({ part, key }) => `${part}.${key}`)];
  const rows = runs.map((run) => [
    run.id,
    run.status,
    new Date(run.start).toISOString(),
    new Date(run.end).toISOString(),
    ...columns.map(({ part, key }) => String(run[part][key] ?? '')),
  ]);
  return [header, ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell;
}

/** MLflow's file store: `mlruns/<experiment>/<run>/{meta.yaml, metrics/, params/, tags/}`, as
 *  mlflow/store/tracking/file_store.py reads it. An experiment is a session; ids are derived, so that a second export
 *  overwrites the first. */
async function writeMlflow(
  folder: string,
  runs: readonly ExportedRun[],
  { measurement }: ReportRequest,
): Promise<string> {
  const store = join(folder, 'mlruns');
  const experiment = String(BigInt(`0x${hexOf(measurement.session, 15)}`) + 1n)
    .padStart(18, '1')
    .slice(0, 18);
  const home = join(store, experiment);
  const started = Math.min(...runs.map(({ start }) => start));
  await writeAll(home, {
    'meta.yaml': yaml({
      artifact_location: `mlruns/${experiment}`,
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
        artifact_uri: `mlruns/${experiment}/${id}/artifacts`,
        end_time: run.end,
        entry_point_name: '',
        experiment_id: experiment,
        lifecycle_stage: 'active',
        run_id: id,
        run_name: run.name,
        run_uuid: id,
        source_name: '',
        source_type: 4,
        source_version: '',
        start_time: run.start,
        status: { FINISHED: 3, FAILED: 4, KILLED: 5 }[run.status],
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
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}

/** Keys are file names there; MLflow allows letters, digits, underscores, dashes, dots, spaces and slashes. */
function under(part: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      `${part}/${key.replace(/[^\w .-]/g, '_').replace(/^\.+/, '_')}`,
      value,
    ]),
  );
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
