import { access } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { FollowedSession } from './followedSession.ts';
import { isAddress } from './paperName.ts';
import type { IndexedSession } from './sessionIndex.ts';
import type { Surface } from './surface.ts';
import { SurfaceError } from './surfaceError.ts';
import { SessionTreeItem } from './treeNodes.ts';

/** Puts a session into the chat: the one its menu was opened on, else one of a list. */
export async function showSession(surface: Surface, subject: unknown): Promise<void> {
  const session = (await subjectSession(surface, subject)) ?? (await pickSession(surface));
  if (!session) return;
  await surface.show(session.folder, session.id);
  await surface.chat.reveal();
}

/** The session that a row or a link stands for: a row of the tree, or `{ session: ID }`. */
export async function subjectSession(surface: Surface, subject: unknown): Promise<IndexedSession | undefined> {
  if (subject instanceof SessionTreeItem) return subject.session;
  const id = (subject as { session?: unknown } | undefined)?.session;
  return typeof id === 'string' ? surface.index.named(id) : undefined;
}

/** Reads every log again: another program may have written some. */
export async function refreshSessions(surface: Surface): Promise<void> {
  surface.index.refresh();
  await surface.index.all();
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

/** The changes under review, else the newest that an agent proposed, in the multi-file diff.
 *  @throws SurfaceError `gone` */
export async function showNewestChanges(surface: Surface): Promise<void> {
  const session = await sessionOf(surface, undefined);
  const { review } = surface.reviewing;
  await review.settled;
  const id = review.current?.session === session ? review.changesId : [...session.changeSets.keys()].at(-1);
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
  if (paper?.kind === 'paper' && isAddress(paper.path)) {
    await vscode.env.openExternal(vscode.Uri.parse(paper.path));
    return;
  }
  const file = paper?.kind === 'paper' ? await foundFile(session, paper.path) : undefined;
  if (!file) throw new SurfaceError('gone', 'The paper is not where it was when it was read.');
  await vscode.commands.executeCommand('vscode.open', file);
}

/** The session its menu was opened on, put into the chat; else the one there. */
export async function sessionOf(surface: Surface, subject: unknown): Promise<FollowedSession> {
  const session = await subjectSession(surface, subject);
  if (session) return surface.show(session.folder, session.id);
  await surface.showNewest();
  return surface.shownSession;
}

/** @throws SurfaceError `no-session` */
export async function pickSession(surface: Surface): Promise<IndexedSession | undefined> {
  const sessions = await surface.index.all();
  if (sessions.length === 0) {
    throw new SurfaceError('no-session', 'There is no session in this workspace yet.', {
      wayOut: { label: 'Generate Research Idea', command: 'mlr.generateIdea' },
    });
  }
  return (await import('./sessionPick.ts')).pickAmong(sessions, surface);
}

/** A file a log names: absolute, or relative to the workspace folder. */
async function foundFile(session: FollowedSession, file: string): Promise<vscode.Uri | undefined> {
  const path = isAbsolute(file) ? file : join(session.connection.folder.uri.fsPath, file);
  return access(path).then(
    () => vscode.Uri.file(path),
    () => undefined,
  );
}
