import Mocha from 'mocha';
import { type TestOutcome, type TestReport, writeReport } from './testReport.ts';

/** A topic's file, loaded only once mocha's `suite` and `test` are in place. */
export type Topic = readonly [name: string, load: () => Promise<unknown>];

export interface MochaRun {
  readonly suite: string;
  readonly topics: readonly Topic[];
  /** Where the report goes, as JSON. */
  readonly report: string;
  readonly timeoutMilliseconds: number;
}

/**
 * Runs bundled mocha suites and writes their report. A test that is marked as skipped counts as
 * failed: on a host where everything can run there is no reason for one.
 * @returns how many tests failed, a suite without tests counting as one
 */
export async function runMocha(run: MochaRun): Promise<number> {
  const mocha = new Mocha({
    ui: 'tdd',
    retries: 0,
    forbidOnly: true,
    forbidPending: true,
    timeout: run.timeoutMilliseconds,
    reporter: SilentReporter,
  });
  for (const [name, load] of run.topics) {
    mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, name, mocha);
    await load();
  }
  const began = Date.now();
  const tests = await outcomes(mocha);
  const report: TestReport = { suite: run.suite, seconds: (Date.now() - began) / 1000, tests };
  await writeReport(run.report, report);
  return tests.length === 0 ? 1 : tests.filter((test) => test.state === 'failed').length;
}

function outcomes(mocha: Mocha): Promise<TestOutcome[]> {
  const tests: TestOutcome[] = [];
  const add = (test: Mocha.Runnable, state: TestOutcome['state'], error?: Error): void => {
    const line = { title: test.fullTitle(), state, milliseconds: test.duration ?? 0 };
    tests.push(error ? { ...line, error: error.stack ?? error.message } : line);
    printLine(`${state === 'passed' ? '✓' : '✗'} ${line.title} (${line.milliseconds} ms)`);
    if (error) printLine(error.stack ?? error.message);
  };
  return new Promise((done) => {
    mocha
      .run(() => done(tests))
      .on('pass', (test) => add(test, 'passed'))
      .on('fail', (test: Mocha.Runnable, error: Error) => add(test, 'failed', error));
  });
}

/** Shows a line on the terminal that runs the tests, from inside an extension host too. */
export function printLine(line: string): void {
  // biome-ignore lint/suspicious/noConsole: the extension host forwards its console and nothing else
  console.log(line);
}

class SilentReporter extends Mocha.reporters.Base {}
