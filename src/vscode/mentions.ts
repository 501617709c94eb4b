import * as vscode from 'vscode';
import type { RunRow } from '../domain/transcript.ts';
import type { Mention } from '../webview/messages.ts';
import type { FollowedSession } from './followedSession.ts';

const SKIPPED = '**/{node_modules,.git,.mlr,.venv,venv,site-packages,__pycache__,dist,build}/**';
/** A longer list is not read. */
const MOST = 8;

/** What could be meant by a word after an `@`: the paper, a run of the session, a file of the workspace.
 *  @param word without the `@` */
export async function mentionsFor(session: FollowedSession, word: string): Promise<Mention[]> {
  const known = [...paperOf(session), ...runsOf(session).map(runMention)];
  const fits = known.filter(({ label }) => label.slice(1).toLowerCase().startsWith(word.toLowerCase()));
  return [...fits.slice(0, MOST), ...(await files(session, word))].slice(0, MOST);
}

/** What a person said, with what its mentions stand for: an agent cannot see the list that they were chosen from. */
export function explained(session: FollowedSession, text: string): string {
  const runs = runsOf(session).filter((row) => text.includes(`@run:${row.id}`));
  const [paper] = text.includes('@paper') ? paperOf(session) : [];
  const lines = [
    ...(paper ? [`(@paper is ${paper.detail}, which this session began with.)`] : []),
    ...runs.map((row) => `(@run:${row.id} is the run of ${runWords(row)}.)`),
  ];
  return lines.length === 0 ? text : `${text}\n\n${lines.join('\n')}`;
}

function paperOf(session: FollowedSession): Mention[] {
  const paper = session.items.find((item) => item.kind === 'paper');
  return paper?.kind === 'paper' ? [{ insert: '@paper ', label: '@paper', detail: `“${paper.title}”` }] : [];
}

function runsOf({ items }: FollowedSession): RunRow[] {
  return items.flatMap((item) => (item.kind === 'runs' ? item.rows : [])).reverse();
}

function runMention(row: RunRow): Mention {
  return { insert: `@run:${row.id} `, label: `@run:${row.id}`, detail: runWords(row) };
}

function runWords({ arm, seed, state, value, reason }: RunRow): string {
  const outcome = [state, value === null ? '' : String(value), reason].filter((word) => word !== '').join(', ');
  return `${arm} with seed ${seed}: ${outcome}`;
}

async function files({ connection: { folder } }: FollowedSession, word: string): Promise<Mention[]> {
  // What stands for itself in a glob is not searched for.
  const name = word.replaceAll(/[*?[\]{}!,]/g, '');
  const pattern = name.includes('/') ? `**/${name}*` : `**/*${name}*`;
  const found = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, pattern), SKIPPED, MOST);
  const paths = found.map((uri) => vscode.workspace.asRelativePath(uri, false)).sort();
  return paths.map((path) => ({ insert: `@${path} `, label: `@${path}`, detail: 'file' }));
}
