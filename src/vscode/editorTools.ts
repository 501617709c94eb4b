import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Assignment, SessionEvent } from '../domain/event.ts';
import { papersOf } from './choosePaper.ts';
import { startSettings } from './settings.ts';
import type { Surface } from './surface.ts';
import { SurfaceError } from './surfaceError.ts';
import type { ToolName } from './toolNames.ts';

/** What other agents of the editor can have done: what only this product does. Their words are data. */

/** A measurement is waited for this long; a longer one goes on by itself. Milliseconds. */
const PATIENCE = 120_000;
/** Passages that a search answers with, and characters of each. */
const MOST_PASSAGES = 8;
const PASSAGE = 600;
/** Of a run's output, from its end. Characters. */
const OUTPUT = 4000;

interface Input {
  query?: string;
  baseline?: string;
  variant?: string;
  run?: string;
  session?: string;
}

interface Asked {
  readonly input: object;
  readonly token: vscode.CancellationToken;
}

/** What is said while a tool works, and what a person is asked before it starts something that costs time. */
export function preparation(name: ToolName, input: object): vscode.PreparedToolInvocation {
  const { query, baseline, variant, run, session } = input as Input;
  switch (name) {
    case 'mlr_searchPapers':
      return { invocationMessage: `Searching the workspace's papers for “${query ?? ''}”` };
    case 'mlr_readRun':
      return { invocationMessage: `Reading ${run ? `run ${run}` : 'the newest run'}` };
    case 'mlr_measure':
      return {
        invocationMessage: `Measuring ${variant ?? 'the working tree'} against ${baseline ?? 'HEAD'}`,
        confirmationMessages: {
          title: 'Measure Revisions',
          message: `Run \`${baseline ?? 'HEAD'}\` and \`${variant ?? 'worktree'}\` over fresh seeds, as mlr.yaml says? It executes their code and counts as a try on this test set.`,
        },
      };
    case 'mlr_reproduce':
      return {
        invocationMessage: `Reproducing ${session ?? 'the newest report'}`,
        confirmationMessages: {
          title: 'Reproduce a Report',
          message: `Run everything in the report of \`${session ?? 'the newest session'}\` again from its commits?`,
        },
      };
  }
}

/** @returns words for the model that asked
 *  @throws SurfaceError with a sentence that says what to do instead */
export async function answer(surface: Surface, name: ToolName, { input, token }: Asked): Promise<string> {
  const { query = '', baseline = 'HEAD', variant = 'worktree', run, session } = input as Input;
  surface.demandTrust();
  switch (name) {
    case 'mlr_searchPapers':
      return searchPapers(surface, query);
    case 'mlr_readRun':
      return readRun(surface, run);
    case 'mlr_measure':
      return work(surface, token, { kind: 'measure', baseline, variants: [variant], hypothesis: '' });
    case 'mlr_reproduce': {
      const report = session ?? (await newestReport(surface));
      const all = { tolerance: 0, pairs: null, scoresOnly: false, hidden: null };
      return work(surface, token, { kind: 'reproduce', report, ...all });
    }
  }
}

async function searchPapers(surface: Surface, query: string): Promise<string> {
  const words = query.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? [];
  if (words.length === 0) throw new SurfaceError('gone', 'query: expected words to search for, found none.');
  const folder = await folderOf(surface);
  const engine = await (await surface.engines.of(folder)).engine();
  const found: { score: number; text: string }[] = [];
  for (const uri of await papersOf(folder)) {
    const paper = await engine.readPaper(uri.fsPath);
    const parts = [{ heading: 'Abstract', text: paper.abstract }, ...paper.sections];
    for (const { heading, text } of parts) {
      for (const passage of text.split(/\n\s*\n/)) {
        const score = words.filter((word) => passage.toLowerCase().includes(word)).length / words.length;
        const place = `${paper.title} (${vscode.workspace.asRelativePath(uri)}), ${heading}`;
        if (score > 0) found.push({ score, text: `${place}:\n${passage.slice(0, PASSAGE)}` });
      }
    }
  }
  found.sort((a, b) => b.score - a.score);
  if (found.length === 0) return `No paper of this workspace says anything of “${query}”.`;
  return found
    .slice(0, MOST_PASSAGES)
    .map(({ text }) => text)
    .join('\n\n');
}

async function readRun(surface: Surface, id: string | undefined): Promise<string> {
  const folder = await folderOf(surface);
  const runs = join(folder.uri.fsPath, '.mlr', 'runs');
  const name = id ?? (await newestRun(surface));
  if (!/^[\w.-]+$/.test(name)) throw new SurfaceError('gone', `run: “${name}” is no name of a run.`);
  const record = await readFile(join(runs, name, 'run.json'), 'utf8').catch((cause: unknown) => {
    throw new SurfaceError('gone', `There is no run ${name} in ${folder.name}; leave it out for the newest.`, {
      cause,
    });
  });
  const output = await readFile(join(runs, name, 'output.log'), 'utf8').catch(() => '');
  return `${record}\n\nThe end of its output:\n${output.slice(-OUTPUT) || '(nothing was printed)'}`;
}

/** Begins a session and says what came of it. Stopping the tool stops the session. */
async function work(surface: Surface, token: vscode.CancellationToken, assignment: Assignment): Promise<string> {
  const folder = await folderOf(surface);
  const connection = await surface.engines.of(folder);
  const engine = await connection.engine();
  const { session } = await engine.start({ assignment, ...startSettings(folder) });
  const ended = new Promise<SessionEvent | undefined>((resolve) => {
    const listening = surface.engines.onDidChange(({ session: one, event }) => one === session && take(event));
    const timer = setTimeout(() => end(undefined), PATIENCE);
    const stopping = token.onCancellationRequested(
      () => void engine.stop(session, 'researcher').then(() => end(undefined)),
    );
    const end = (event: SessionEvent | undefined): void => {
      listening.dispose();
      stopping.dispose();
      clearTimeout(timer);
      resolve(event);
    };
    const take = (event: SessionEvent): void => {
      if (ENDS.has(event.type)) end(event);
    };
  });
  const event = await ended;
  switch (event?.type) {
    case 'session.finished':
      return `Session ${session}: ${event.summary}`;
    case 'session.failed':
      return `Session ${session} failed: ${event.message}`;
    case 'session.stopped':
      return `Session ${session} was stopped by ${event.by}.`;
    default:
      return `Session ${session} is under way and goes on by itself; its results are in the MLR Copilot view.`;
  }
}

const ENDS = new Set<SessionEvent['type']>(['session.finished', 'session.failed', 'session.stopped', 'gate.opened']);

async function newestRun(surface: Surface): Promise<string> {
  await surface.showNewest();
  const queued = surface.shownSession.events.findLast((event) => event.type === 'run.queued');
  if (queued?.type === 'run.queued') return queued.run;
  throw new SurfaceError('gone', `“${surface.shownSession.head.title}” has started no run yet.`);
}

async function newestReport(surface: Surface): Promise<string> {
  const reported = (await surface.index.all()).find(({ report }) => report !== null);
  if (reported) return reported.id;
  throw new SurfaceError('no-report', 'No session of this workspace has a report yet; measure something first.');
}

async function folderOf(surface: Surface): Promise<vscode.WorkspaceFolder> {
  const folder = await surface.engines.chooseFolder();
  if (folder) return folder;
  throw new SurfaceError('no-folder', 'No folder was chosen.');
}
