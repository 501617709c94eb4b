import type { WorkspaceFolder } from 'vscode';
import type { Assignment } from '../domain/event.ts';
import { chooseStart } from './choosePaper.ts';
import { startSettings } from './settings.ts';
import type { Surface } from './surface.ts';

/** From a paper, or an idea kept in the workspace, to a research session in the chat. */
export async function generateIdea(surface: Surface): Promise<void> {
  const folder = await surface.engines.chooseFolder();
  const start = folder && (await chooseStart(folder));
  if (!folder || !start) return;
  await begin(surface, folder, { kind: 'research', paper: null, ideaFile: null, ...start });
}

/** Starts a session with what the settings say, and shows it.
 *  @returns its id */
export async function begin(surface: Surface, folder: WorkspaceFolder, assignment: Assignment): Promise<string> {
  const connection = await surface.engines.of(folder);
  const engine = await connection.engine();
  const { session } = await engine.start({ assignment, ...startSettings(folder) });
  await surface.show(folder, session);
  await surface.chat.reveal();
  return session;
}
