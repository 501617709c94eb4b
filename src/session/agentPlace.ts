import path from 'node:path';
import type { LookingPlace } from '../agents/lookingPlace.ts';
import { type Contract, concealed } from '../domain/contract.ts';
import type { Desk } from './desk.ts';

/** What agents look into: the researcher's folder, or the worktree of an arm. */
type Looked = 'workspace' | 'variant' | 'baseline';

/** Where agents keep their index of a folder's code; the next session finds most of it still true. It is none that a
 *  surface asks, so that neither waits for the other. */
export function indexFolder(workspace: string, of: Looked): string {
  return path.join(workspace, '.mlr', 'agents', `index-of-${of}`);
}

/** What an agent may look at in the worktree of an arm. */
export function armPlace(
  { repository, ports }: Desk,
  contract: Pick<Contract, 'hidden' | 'final'>,
  { worktree, of }: { worktree: string; of: 'variant' | 'baseline' },
): Required<LookingPlace> {
  return {
    root: path.join(worktree, repository.folder),
    hidden: concealed(contract),
    workspace: ports.workspace,
    index: indexFolder(ports.workspace, of),
  };
}
