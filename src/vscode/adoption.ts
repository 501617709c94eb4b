import * as vscode from 'vscode';
import { subjectSession } from './sessionCommands.ts';
import type { Surface } from './surface.ts';
import { SurfaceError } from './surfaceError.ts';

/** Takes back what an adoption wrote into the user's files, after a question: it is their tree.
 *  @throws SurfaceError `gone` where nothing was adopted */
export async function undoAdoption(surface: Surface, subject: unknown): Promise<void> {
  const named = await subjectSession(surface, subject);
  if (!named) await surface.showNewest();
  const session = named ? await surface.show(named.folder, named.id) : surface.shownSession;
  const adopted = session.items.findLast((item) => item.kind === 'adoption');
  if (adopted?.kind !== 'adoption' || !adopted.canUndo) {
    throw new SurfaceError('gone', `“${session.head.title}” has taken over nothing that could be taken back.`);
  }
  const files = adopted.applied.join(', ');
  const message = `Give ${files} the content from before? A file that you have changed since stays as it is.`;
  const pressed = await vscode.window.showWarningMessage(message, { modal: true }, 'Undo Adoption');
  if (pressed) await session.undoAdoption();
}

/** A file that adoption left alone, with both changes: the user's, and the variant's. What is saved there is the user's
 *  own file. */
export async function mergeFile(surface: Surface, path: string): Promise<void> {
  const session = surface.shownSession;
  const own = vscode.Uri.joinPath(session.connection.folder.uri, path);
  const side = (name: 'before' | 'proposal') => surface.changedFiles.uriOf(session, 'adopt', path, name);
  const yours = { uri: own, title: 'Yours', description: 'as it is now' };
  const theirs = { uri: side('proposal'), title: 'The Variant', description: 'as it was measured' };
  try {
    // The command with which VS Code's own git extension opens its merge editor.
    const merge = { base: side('before'), input1: yours, input2: theirs, output: own };
    await vscode.commands.executeCommand('_open.mergeEditor', merge);
  } catch (error) {
    surface.log.failure(error);
    await vscode.commands.executeCommand('vscode.diff', own, side('proposal'), `${path} (yours and the variant)`);
  }
}
