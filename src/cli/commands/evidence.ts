import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Reproduction } from '../../domain/evidence.ts';
import {
  copyReport,
  exportReport,
  newestEvidence,
  reportFolderAt,
  type Verification,
  verify as verifyTarget,
} from '../../engine/verifying.ts';
import { drive } from '../drive.ts';
import { EXIT } from '../exitCode.ts';
import { withEngine } from '../openEngine.ts';
import { conclude, last } from '../outcome.ts';
import { printJson } from '../print.ts';
import { UsageError } from '../usageError.ts';
import { type CommonOptions, modelChoice, type RunningOptions } from './options.ts';

export interface ReportOptions extends CommonOptions {
  out?: string;
  anonymous?: boolean;
  withHidden?: boolean;
}

export interface AgainOptions extends RunningOptions {
  hidden?: string;
}

export async function report(name: string, options: ReportOptions): Promise<void> {
  const { out, anonymous = false, withHidden = false } = options;
  if (out !== undefined) {
    const file = await copyReport(options.workspace, name, path.resolve(out), { anonymous, withHidden });
    if (options.json) return printJson({ session: name, file });
    process.stdout.write(`${file}\n`);
    return;
  }
  if (anonymous || withHidden)
    throw new UsageError('--anonymous and --with-hidden write a folder: name it with --out DIR.');
  await withEngine(options.workspace, name, async (engine) => {
    const { events } = await engine.attach(name);
    const session = last(events, 'session.started')?.session ?? name;
    const file = last(events, 'report.written')?.file;
    if (file === undefined) {
      const wayOut = last(events, 'session.finished') ? 'it ended without one' : `go on with: mlr resume ${session}`;
      throw new UsageError(`Session ${session} has no report; ${wayOut}.`);
    }
    const markdown = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new UsageError(`${file}: the report was moved or removed; restore it from git or a copy.`, { cause });
    });
    if (options.json) return printJson({ session, file, markdown });
    process.stdout.write(markdown);
  });
}

export async function verify(
  target: string | undefined,
  options: AgainOptions & { evaluate?: boolean; rerun?: number },
): Promise<void> {
  const name = target ?? (await newestEvidence(options.workspace));
  const found = await verifyTarget(options.workspace, name);
  if (!found.holds) process.exitCode = EXIT.invalid;
  const deeper = options.evaluate === true || options.rerun !== undefined;
  if (!deeper || !found.holds) {
    if (options.json) printJson(found);
    else process.stdout.write(verificationText(found, name));
    return;
  }
  if (!options.json) process.stdout.write(verificationText(found, name));
  const scoresOnly = options.evaluate === true;
  const again = await runAgain(name, options, {
    tolerance: 1e-6,
    pairs: scoresOnly ? null : (options.rerun ?? null),
    scoresOnly,
  });
  if (again === null) return;
  if (!again.reproduced) process.exitCode = EXIT.invalid;
  if (options.json) printJson({ ...found, holds: again.reproduced, problem: again.problem, again });
  else process.stdout.write(reproductionText(again));
}

function verificationText({ session, events, runs, claims, problem }: Verification, name: string): string {
  const called = session || name;
  if (problem !== null) return `${called} does not hold: ${problem}\n`;
  if (claims === 0) return `${called} holds: ${events} events; it has no report.\n`;
  return `${called} holds: ${events === 0 ? '' : `${events} events, `}${runs} runs, ${claims} numbers.\n`;
}

/** Exit code 3 where a report is not reproduced. */
export async function reproduce(target: string, options: AgainOptions & { tolerance: number }): Promise<void> {
  const again = await runAgain(target, options, { tolerance: options.tolerance, pairs: null, scoresOnly: false });
  if (again === null) return;
  if (!again.reproduced) process.exitCode = EXIT.invalid;
  if (options.json) printJson(again);
  else process.stdout.write(reproductionText(again));
}

export async function exportRuns(
  target: string,
  options: CommonOptions & { format: 'csv' | 'json' | 'mlflow'; out: string },
): Promise<void> {
  const written = await exportReport(options.workspace, target, options.format, path.resolve(options.out));
  if (options.json) return printJson({ written });
  process.stdout.write(`${written.join('\n')}\n`);
}

/** @returns null where the session came to no end, of which was told */
async function runAgain(
  target: string,
  options: AgainOptions,
  how: { tolerance: number; pairs: number | null; scoresOnly: boolean },
): Promise<Reproduction | null> {
  const report = reportFolderAt(target) ?? target;
  const hidden = options.hidden === undefined ? null : path.resolve(options.hidden);
  return await withEngine(options.workspace, null, async (engine) => {
    const { session } = await engine.start({
      assignment: { kind: 'reproduce', report, hidden, ...how },
      policy: options.policy,
      unconfined: options.unconfined ?? false,
      ...(options.jobs !== undefined && { jobs: options.jobs }),
      budgetTokens: null,
      model: modelChoice({}),
    });
    const { rest, events } = await drive(engine, session);
    const found = last(events, 'reproduced')?.reproduction;
    if (rest.kind === 'finished' && found !== undefined) return found;
    process.exitCode = conclude(session, rest, events, options);
    return null;
  });
}

function reproductionText({ reproduced, claims, runs, problem, notCompared, tolerance }: Reproduction): string {
  const off = claims.filter(({ within }) => !within);
  const lines = off
    .slice(0, 10)
    .map(({ id, reported, found }) => `  ${id}: reported ${reported}, found ${found ?? 'nothing'}`);
  const left =
    notCompared.length === 0
      ? ''
      : `; ${notCompared.length} numbers were not compared (times, memory, pairs that were left out)`;
  const head = `${reproduced ? 'Reproduced' : 'Not reproduced'}: ${claims.length - off.length} of ${claims.length} numbers within ${tolerance} after ${runs.length} runs${left}.`;
  return `${[head, ...(problem === null ? [] : [`  ${problem}`]), ...lines].join('\n')}\n`;
}
