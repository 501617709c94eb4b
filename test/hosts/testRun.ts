import { readFile, rm } from 'node:fs/promises';
import { runElectronSuite } from './electronSuite.ts';
import { runInHostSuite } from './inHostSuite.ts';
import { setup as putPlainPythonFirst } from './plainPython.ts';
import { runScenarioSuite } from './scenarioSuite.ts';
import { reportFile, type TestReport, writeReport } from './testReport.ts';
import { runVitestSuite } from './vitestSuite.ts';

interface Suite {
  /** What is typed after `npm test --`. */
  readonly group: string;
  /** The report's name. */
  readonly name: string;
  /** `test`: part of `npm test`; `all`: only of `npm test -- all`; `asked`: only when named. */
  readonly when: 'test' | 'all' | 'asked';
  /** A suite that it runs beside: one waits for a browser while the other computes. */
  readonly beside?: string;
  readonly run: (suite: string, vsix: string) => Promise<void>;
}

/** To add a suite, add a line: its `run` leaves a report under its name. */
const suites: readonly Suite[] = [
  { group: 'unit', name: 'unit', when: 'test', run: (suite) => runVitestSuite(suite, 'unit') },
  {
    group: 'in-host',
    name: 'in-host-1.139',
    when: 'test',
    beside: 'unit',
    run: (suite, vsix) => runInHostSuite(suite, '1.139', vsix),
  },
  {
    group: 'in-host',
    name: 'in-host-1.104',
    when: 'test',
    run: (suite, vsix) => runInHostSuite(suite, '1.104', vsix),
  },
  { group: 'check', name: 'check', when: 'all', beside: 'unit', run: (suite) => runVitestSuite(suite, 'check') },
  { group: 'integration', name: 'integration', when: 'all', run: (suite) => runVitestSuite(suite, 'integration') },
  { group: 'redteam', name: 'redteam', when: 'all', run: (suite) => runVitestSuite(suite, 'redteam') },
  { group: 'scenario', name: 'scenario', when: 'all', beside: 'integration', run: runScenarioSuite },
  { group: 'electron', name: 'electron', when: 'asked', run: runElectronSuite },
];

export interface Choice {
  /** The suites' groups, in the order they run. */
  readonly groups: readonly string[];
  /** Whether one of them needs the packed extension, or the built programs are enough. */
  readonly needsPackage: boolean;
  /** What was asked for and does not exist. */
  readonly unknown: readonly string[];
}

/** Reads what was typed after `npm test --`; nothing means the suites of `npm test`, `all` adds the slow ones. */
export function choose(asked: readonly string[]): Choice {
  const known = new Set(suites.map((suite) => suite.group));
  const wanted = (suite: Suite): boolean =>
    asked.includes(suite.group) ||
    (suite.when === 'test' && (asked.length === 0 || asked.includes('all'))) ||
    (suite.when === 'all' && asked.includes('all'));
  const groups = [...new Set(suites.filter(wanted).map((suite) => suite.group))];
  const builtOnly = ['unit', 'check', 'integration', 'redteam'];
  return {
    groups,
    needsPackage: groups.some((group) => !builtOnly.includes(group)),
    unknown: asked.filter((name) => name !== 'all' && !known.has(name)),
  };
}

export const suiteNames: readonly string[] = ['all', ...new Set(suites.map((suite) => suite.group))];

/** Runs the suites of the groups, one after the other but for those that run beside another, and prints a table of what their reports say.
 *  @returns the exit code: 0 when every suite ran something and all of it passed */
export async function runTests(chosen: readonly string[], vsix: string): Promise<number> {
  // For the editors' hosts too, whose runs start it as often.
  putPlainPythonFirst();
  const reports: TestReport[] = [];
  const wanted = suites.filter((one) => chosen.includes(one.group));
  for (const suite of wanted.filter((one) => !leaderOf(one, wanted))) {
    const stage = [suite, ...wanted.filter((one) => leaderOf(one, wanted) === suite)];
    process.stdout.write(`\n${stage.map((one) => one.name).join(' and ')}\n`);
    reports.push(...(await Promise.all(stage.map((one) => runSuite(one, vsix)))));
  }
  return summarize(reports);
}

/** The suite beside which this one runs, where that is wanted too. */
function leaderOf(suite: Suite, wanted: readonly Suite[]): Suite | undefined {
  return wanted.find((one) => one.name === suite.beside);
}

async function runSuite(suite: Suite, vsix: string): Promise<TestReport> {
  const file = reportFile(suite.name);
  // An old report must never stand in for a run that wrote none.
  await rm(file, { force: true });
  const began = Date.now();
  let failure: string | undefined;
  try {
    await suite.run(suite.name, vsix);
  } catch (error) {
    failure = explain(error);
  }
  const written = await readReport(file);
  const seconds = (Date.now() - began) / 1000;
  const tests = written?.tests ?? [];
  const anyFailed = tests.some((test) => test.state === 'failed');
  if (tests.length === 0) failure ??= 'it ran no test';
  const why = written?.failure ?? (anyFailed ? undefined : failure);
  const report: TestReport = { suite: suite.name, seconds, tests, ...(why ? { failure: why } : {}) };
  await writeReport(file, report);
  return report;
}

async function readReport(file: string): Promise<TestReport | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n  ${explain(error.cause)}`;
}

function summarize(reports: readonly TestReport[]): number {
  const rows = reports.map((report) => {
    const failedTests = report.tests.filter((test) => test.state === 'failed').length;
    // A suite that could not run or end is one failure more than its tests show.
    const failed = failedTests + (report.failure ? 1 : 0);
    return { report, passed: report.tests.length - failedTests, failed };
  });
  const out = ['', `${'suite'.padEnd(16)} ${'passed'.padStart(7)} ${'failed'.padStart(7)} ${'seconds'.padStart(8)}`];
  for (const { report, passed, failed } of rows) {
    const figures = [`${passed}`.padStart(7), `${failed}`.padStart(7), report.seconds.toFixed(1).padStart(8)];
    out.push(`${report.suite.padEnd(16)} ${figures.join(' ')}`);
  }
  for (const { report } of rows) out.push(...failures(report));
  const total = (key: 'passed' | 'failed'): number => rows.reduce((sum, row) => sum + row[key], 0);
  out.push(`${total('passed')} passed, ${total('failed')} failed`);
  process.stdout.write(`${out.join('\n')}\n`);
  return rows.length > 0 && total('failed') === 0 ? 0 : 1;
}

function failures(report: TestReport): string[] {
  const lines = report.tests.filter((test) => test.state === 'failed').map((test) => `${report.suite}: ${test.title}`);
  return report.failure ? [...lines, `${report.suite}: ${report.failure}`] : lines;
}
