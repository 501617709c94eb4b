import { access } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { FollowedSession } from './followedSession.ts';
import type { Surface } from './surface.ts';
import { SurfaceError } from './surfaceError.ts';
import { SessionNode } from './treeNodes.ts';

/** Puts a session into the chat: the one its menu was opened on, else one of a list. */
export async function showSession(surface: Surface, subject: unknown): Promise<void> {
  const node = subject instanceof SessionNode ? subject : await pickSession(surface);
  if (!node) return;
  await surface.show(node.folder, node.summary.id);
  await surface.chat.reveal();
}

export async function pauseSession(surface: Surface, subject: unknown): Promise<void> {
  await (await sessionOf(surface, subject)).pause();
}

export async function stopSession(surface: Surface, subject: unknown): Promise<void> {
  await (await sessionOf(surface, subject)).stop();
}

export async function resumeSession(surface: Surface, subject: unknown): Promise<void> {
  await (await sessionOf(surface, subject)).resume();
}

/** The newest changes that an agent proposed, in the multi-file diff.
 *  @throws SurfaceError `gone` */
export async function showNewestChanges(surface: Surface): Promise<void> {
  const session = await sessionOf(surface, undefined);
  const id = [...session.changeSets.keys()].at(-1);
  if (id === undefined) throw new SurfaceError('gone', `“${session.head.title}” has no changes to show yet.`);
  await surface.changedFiles.show(session, id);
}

/** @throws SurfaceError `no-report` */
export async function openReport(surface: Surface, subject: unknown): Promise<void> {
  const session = await sessionOf(surface, subject);
  const report = session.items.findLast((item) => item.kind === 'report');
  const file = report?.kind === 'report' ? await foundFile(session, report.file) : undefined;
  if (!file)
    throw new SurfaceError('no-report', `“${session.head.title}” has no report yet; it is written after the verdict.`);
  await vscode.commands.executeCommand('markdown.showPreview', file);
}

export async function openPaper(surface: Surface): Promise<void> {
  const session = surface.shownSession;
  const paper = session.items.find((item) => item.kind === 'paper');
  const file = paper?.kind === 'paper' ? await foundFile(session, paper.path) : undefined;
  if (!file) throw new SurfaceError('gone', 'The paper is not where it was when it was read.');
  await vscode.commands.executeCommand('vscode.open', file);
}

/** The session its menu was opened on, put into the chat; else the one there. */
async function sessionOf(surface: Surface, subject: unknown): Promise<FollowedSession> {
  if (subject instanceof SessionNode) return surface.show(subject.folder, subject.summary.id);
  await surface.showNewest();
  return surface.shownSession;
}

async function pickSession(surface: Surface): Promise<SessionNode | undefined> {
  const nodes = await surface.tree.sessions();
  if (nodes.length === 0) {
    throw new SurfaceError('no-session', 'There is no session in this workspace yet.', {
      wayOut: { label: 'Generate Research Idea', command: 'mlr.generateIdea' },
    });
  }
  const entries = nodes.map((node) => ({ label: node.summary.title, description: String(node.description), node }));
  return (await vscode.window.showQuickPick(entries, { placeHolder: 'Which session shall be shown?' }))?.node;
}

/** A file a log names: absolute, or relative to the workspace folder. */
async function foundFile(session: FollowedSession, file: string): Promise<vscode.Uri | undefined> {
  const path = isAbsolute(file) ? file : join(session.connection.folder.uri.fsPath, file);
  return access(path).then(
    () => vscode.Uri.file(path),
    () => undefined,
  );
}
