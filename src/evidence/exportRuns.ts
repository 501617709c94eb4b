import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportedRun } from './exportedRun.ts';
import { writeMlflow } from './mlflowStore.ts';
import type { ReportRequest } from './reportRequest.ts';
import type { RunEvidence } from './runEvidence.ts';

export type ExportFormat = 'csv' | 'json' | 'mlflow';

/** Writes the runs of a report for other tools to show, with parameters, metrics and tags.
 *  @returns the files or folders that were written */
export async function exportRuns(folder: string, format: ExportFormat, request: ReportRequest): Promise<string[]> {
  const runs = request.evidence.map((one) => exported(one, request));
  await mkdir(folder, { recursive: true });
  if (format === 'mlflow') return [await writeMlflow(folder, runs, request.measurement)];
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
