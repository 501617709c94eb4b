import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { artifactsRoot } from './cacheFolder.ts';

/** What every suite leaves behind, whatever ran it; the summary counts nothing else. */
export interface TestReport {
  readonly suite: string;
  readonly seconds: number;
  readonly tests: readonly TestOutcome[];
  /** Why the suite as a whole could not run or end as it should. */
  readonly failure?: string;
}

export interface TestOutcome {
  readonly title: string;
  readonly state: 'passed' | 'failed';
  readonly milliseconds: number;
  readonly error?: string;
}

export function reportFile(suite: string): string {
  return join(artifactsRoot, 'reports', `${suite}.json`);
}

export async function writeReport(file: string, report: TestReport): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
}
