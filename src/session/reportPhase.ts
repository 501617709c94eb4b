import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Measurement } from '../domain/evidence.ts';
import type { Desk } from './desk.ts';

export async function writeReport(desk: Desk, measurement: Measurement, review: string | null): Promise<void> {
  const { session, ports } = desk;
  const folder = path.join(ports.workspace, '.mlr', 'reports', session.id);
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'report.md');
  await writeFile(file, JSON.stringify(measurement) + (review ?? ''));
  await session.append({ type: 'report.written', folder, file });
}
