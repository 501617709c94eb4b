import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './cacheFolder.ts';
import { HostError } from './hostError.ts';
import { reportFile, type TestOutcome, type TestReport, writeReport } from './testReport.ts';

/** The part of vitest's JSON report that is read here. */
interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly duration?: number | null;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** Runs a vitest project; what it does not pass counts as failed, skipped tests too. */
export async function runVitestSuite(suite: string, project: string): Promise<void> {
  const raw = reportFile(`${suite}.vitest`);
  await rm(raw, { force: true });
  const began = Date.now();
  const args = [join(projectRoot, 'node_modules/vitest/vitest.mjs'), 'run', '--project', project];
  args.push('--retry', '0', '--reporter=default', '--reporter=json', `--outputFile.json=${raw}`);
  const code = await new Promise<number | null>((done, fail) => {
    const child = spawn(process.execPath, args, { cwd: projectRoot, stdio: 'inherit' });
    child.once('error', fail);
    child.once('exit', done);
  });
  const tests = await readOutcomes(raw);
  const report: TestReport = { suite, seconds: (Date.now() - began) / 1000, tests };
  const unexplained = code !== 0 && tests.every((test) => test.state === 'passed');
  await writeReport(
    reportFile(suite),
    unexplained ? { ...report, failure: `vitest ended with exit code ${code}` } : report,
  );
}

async function readOutcomes(file: string): Promise<TestOutcome[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new HostError('suite', 'vitest wrote no report; see its output above.', { cause: error });
  }
  const report: VitestReport = JSON.parse(text);
  return report.testResults.flatMap((file) => {
    const tests = file.assertionResults.map(outcome);
    // A file that does not even load has no tests of its own to fail.
    const broken = file.status === 'failed' && tests.every((test) => test.state === 'passed');
    return broken ? [...tests, { title: file.name, ...failed(file.message) }] : tests;
  });
}

function outcome(test: VitestReport['testResults'][number]['assertionResults'][number]): TestOutcome {
  const milliseconds = Math.round(test.duration ?? 0);
  if (test.status === 'passed') return { title: test.fullName, state: 'passed', milliseconds };
  const error = test.failureMessages?.join('\n') || `vitest calls it ${test.status}`;
  return { title: test.fullName, ...failed(error), milliseconds };
}

function failed(error: string): Pick<TestOutcome, 'state' | 'milliseconds' | 'error'> {
  return { state: 'failed', milliseconds: 0, error };
}
