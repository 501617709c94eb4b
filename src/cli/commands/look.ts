import { existsSync } from 'node:fs';
import path from 'node:path';
import pc from 'picocolors';
import { toldCost } from '../../domain/cost.ts';
import { costLine } from '../../domain/costInWords.ts';
import type { EndedRun } from '../../domain/run.ts';
import { whyFailed } from '../../domain/whyFailed.ts';
import type { EngineApi } from '../../engine/api.ts';
import { readPaperFor } from '../../engine/finding.ts';
import { outputOf, searchedOutput, startOfLast } from '../../engine/output.ts';
import { type IndexRequest, indexWorkspace } from '../../engine/reading.ts';
import { EXIT } from '../exitCode.ts';
import { withEngine } from '../openEngine.ts';
import { printJson } from '../print.ts';
import { UsageError } from '../usageError.ts';
import { asking } from './asking.ts';
import type { CommonOptions } from './options.ts';

export async function read(named: string, options: CommonOptions & { localOnly?: boolean }): Promise<void> {
  const { localOnly, ...around } = asking(options);
  // A file is meant as it lies from here, wherever the workspace is.
  const paper = existsSync(named) ? path.resolve(named) : named;
  const found = await readPaperFor(around, { paper, localOnly });
  if (options.json) return printJson(found);
  for (const notice of found.notices ?? []) process.stderr.write(`mlr: ${notice}\n`);
  const pages = found.pages > 0 ? `${found.pages} pages, ` : '';
  const headings = found.sections.map((s) => `  ${s.heading}`).join('\n');
  const counts = [`${found.references.length} references`, ...floatCounts(found)].join(', ');
  const text = `${pc.bold(found.title)}\n${found.authors.join(', ')}\n${pages}${counts}\n\n${found.abstract}\n\n${headings}\n`;
  process.stdout.write(text);
  const hidden = found.hidden ?? [];
  if (hidden.length > 0) {
    const place = (page: number | undefined) => (page === undefined ? '' : `page ${page}, `);
    const places = hidden.map(({ page, how, text }) => `  ${place(page)}${how}: ${text.slice(0, 100)}`).join('\n');
    process.stdout.write(`\nHidden from a reader and left out (${hidden.length}):\n${places}\n`);
  }
}

function floatCounts({
  tables = [],
  figures = [],
  equations = [],
}: Awaited<ReturnType<typeof readPaperFor>>): string[] {
  const named = (count: number, one: string) => (count === 0 ? [] : [`${count} ${one}${count === 1 ? '' : 's'}`]);
  return [...named(tables.length, 'table'), ...named(figures.length, 'figure'), ...named(equations.length, 'equation')];
}

export async function sessions(options: CommonOptions & { search?: string }): Promise<void> {
  await withEngine(options.workspace, null, async (engine) => {
    if (options.search !== undefined) return sayFound(await engine.searchSessions(options.search), engine, options);
    const list = await engine.list();
    if (options.json) return printJson({ sessions: list.map(asJson) });
    if (list.length === 0) process.stdout.write('No sessions in this workspace yet: mlr research PAPER begins one.\n');
    for (const one of list) process.stdout.write(sessionLines(one));
  });
}

type Sessions = Awaited<ReturnType<EngineApi['list']>>;
type Search = Awaited<ReturnType<EngineApi['searchSessions']>>;

/** Sessions that hold some words, each with what they stand in. */
async function sayFound({ found, complete }: Search, engine: EngineApi, { json }: CommonOptions): Promise<void> {
  const places = new Map(found.map(({ session, ...place }) => [session, place]));
  const list = (await engine.list()).filter(({ id }) => places.has(id));
  if (!complete) process.stderr.write('mlr: only the newest sessions were searched: the rest took too long\n');
  if (json)
    return printJson({ sessions: list.map((one) => ({ ...asJson(one), found: places.get(one.id) })), complete });
  if (list.length === 0) process.stdout.write('No session of this workspace says that.\n');
  for (const one of list) {
    const place = places.get(one.id);
    process.stdout.write(sessionLines(one, place && `${place.of}: ${place.excerpt}`));
  }
}

function asJson(session: Sessions[number]) {
  return { ...session, cost: toldCost(session.cost) };
}

function sessionLines({ id, kind, status, phase, verdict, title, problem, origin, cost }: Sessions[number], said = '') {
  const state = status === 'finished' ? (verdict ?? 'finished') : `${status} (${phase})`;
  const from = origin === null ? '' : `branched from ${origin.session} at ${origin.gate}`;
  const more = [said, from, costLine(cost)].filter((line) => line !== '').map((line) => `    ${pc.dim(line)}\n`);
  return `${id}  ${kind.padEnd(8)}  ${state.padEnd(20)}  ${problem ?? title}\n${more.join('')}`;
}

interface FollowOptions {
  last?: number;
  search?: string;
}

/** Ctrl-C asks for the run's end and waits for it; closing the terminal stops nothing. */
export async function follow(run: string, options: CommonOptions & FollowOptions): Promise<void> {
  if (options.search !== undefined) return await searchRun(run, options.search, options);
  const from = options.last === undefined ? 0 : await startOfLast(options.workspace, run, options.last);
  const onWaiting = (why: string): boolean => process.stderr.write(`${pc.dim(why)}\n`);
  const output = outputOf(options.workspace, run, { from, onWaiting });
  let text = '';
  let stopping = false;
  const interrupt = (): void => {
    if (stopping) process.exit(EXIT.interrupted);
    stopping = true;
    process.exitCode = EXIT.interrupted;
    process.stderr.write(`mlr: asking run ${run} to stop (Ctrl-C again leaves at once)\n`);
    // A run that has just ended needs no stopping: the loop below sees its end.
    withEngine(options.workspace, null, (engine) => engine.stopRun(run, 'researcher')).catch((error: Error) =>
      process.stderr.write(`mlr: ${error.message}\n`),
    );
  };
  process.on('SIGINT', interrupt);
  try {
    for (;;) {
      const next = await output.next();
      if (next.done) return options.json ? printJson({ run: next.value, output: text }) : sayEnd(next.value);
      if (options.json) text += next.value;
      else process.stdout.write(next.value);
    }
  } finally {
    process.off('SIGINT', interrupt);
  }
}

async function searchRun(run: string, words: string, options: CommonOptions): Promise<void> {
  const found: object[] = [];
  for await (const line of searchedOutput(options.workspace, run, words)) {
    if (options.json) found.push(line);
    else process.stdout.write(`${pc.dim(`${(line.seconds ?? 0).toFixed(1).padStart(9)} s`)}  ${line.text}\n`);
  }
  if (options.json) printJson({ run, lines: found });
}

function sayEnd(run: EndedRun): void {
  if (run.state === 'finished') return;
  process.stderr.write(
    `mlr: the run ${run.state === 'failed' ? `failed: ${whyFailed(run)}` : `was stopped by ${run.by}`}\n`,
  );
}

export async function stop(name: string | undefined, options: CommonOptions): Promise<void> {
  await withEngine(options.workspace, null, async (engine) => {
    const list = await engine.list();
    const matches = name === undefined || name === 'last' ? list.slice(-1) : list.filter((s) => s.id.startsWith(name));
    const [session] = matches;
    if (matches.length > 1) throw new UsageError(`"${name}" names more than one session; give more of its id.`);
    if (session) await stopSession(options.workspace, session.id);
    else if (name === undefined) throw new UsageError('There is no session in this workspace to stop.');
    else await engine.stopRun(name, 'researcher');
    const stopped = session?.id ?? name;
    if (options.json) printJson({ stopped });
    else process.stdout.write(`stopped ${stopped}${session ? `; go on with: mlr resume ${stopped}` : ''}\n`);
  });
}

/** A command line that worked on the session ends with it, perhaps before it has answered. */
async function stopSession(workspace: string, id: string): Promise<void> {
  try {
    await withEngine(workspace, id, (owner) => owner.stop(id, 'researcher'));
  } catch (error) {
    if ((error as { reason?: unknown }).reason !== 'gone') throw error;
    const stopped = await withEngine(workspace, null, async (engine) => await engine.list());
    if (stopped.find((session) => session.id === id)?.status !== 'stopped') throw error;
  }
}

export async function index(options: CommonOptions & IndexRequest): Promise<void> {
  const found = await indexWorkspace(options.workspace, options);
  for (const notice of found.notices) process.stderr.write(`mlr: ${notice}\n`);
  if (options.json) return printJson(found);
  for (const { path, line, signature, name, doc } of found.hits ?? []) {
    process.stdout.write(
      `${pc.cyan(`${path}:${line}`)}  ${signature || name}${doc ? `\n    ${pc.dim(doc.slice(0, 120))}` : ''}\n`,
    );
  }
  if (found.hits?.length === 0) process.stdout.write('Nothing in this workspace is called so or says so.\n');
  if (found.hits) return;
  const languages = Object.entries(found.languages).map(([language, files]) => `${language} ${files}`);
  process.stdout.write(
    `${found.files} files, ${found.symbols} definitions (${languages.join(', ') || 'no language that is known'}); ${found.parsed} files parsed in ${found.seconds.toFixed(1)} s\n`,
  );
  const left = found.problems.slice(0, 10).map(({ path, problem }) => `  ${path}: ${problem}`);
  if (found.problems.length > 10) left.push(`  and ${found.problems.length - 10} more`);
  if (left.length > 0) process.stdout.write(`left out, in part or whole:\n${left.join('\n')}\n`);
}
