import path from 'node:path';
import { askIndex } from '../agents/codeIndex.ts';
import type { LookingPlace } from '../agents/lookingPlace.ts';
import { type Contract, concealed } from '../domain/contract.ts';
import type { Desk } from './desk.ts';

/** Where agents keep their index of the code: one for the workspace and the worktrees of its arms, which hold nearly the
 *  same files, so that only those that differ are parsed again. Surfaces have their own, and neither waits for the
 *  other. */
export function indexFolder(workspace: string): string {
  return path.join(workspace, '.mlr', 'agents', 'index');
}

/** Begins to index a workspace, so that the first agent that asks waits for less. */
export function beginIndex(workspace: string): void {
  const place = { root: workspace, hidden: [], index: indexFolder(workspace) };
  // Whoever asks the index next meets what is wrong with it, and is told of it there.
  askIndex(place, () => undefined).catch((error: Error) => process.emitWarning(error.message));
}

/** What an agent may look at in the worktree of an arm. */
export function armPlace(
  { repository, ports }: Desk,
  contract: Pick<Contract, 'hidden' | 'final'>,
  worktree: string,
): Required<LookingPlace> {
  return {
    root: path.join(worktree, repository.folder),
    hidden: concealed(contract),
    workspace: ports.workspace,
    index: indexFolder(ports.workspace),
  };
}
