import { WorkspaceIndex } from '../workspace/symbols/workspaceIndex.ts';
import type { LookingPlace } from './lookingPlace.ts';

/** The newest question to each index on disk: the next waits for it, since an index has one user at a time. */
const newest = new Map<string, Promise<unknown>>();

/** Asks the index of a place, brought up to date before. It is open for the question alone, so that an agent that is
 *  stopped leaves nothing open. */
export async function askIndex<T>(
  { root, index: folder }: LookingPlace,
  ask: (index: WorkspaceIndex) => T | Promise<T>,
): Promise<T> {
  const answer = async (): Promise<T> => {
    const index = await WorkspaceIndex.open(root, { folder: folder ?? null });
    try {
      await index.update();
      return await ask(index);
    } finally {
      index.close();
    }
  };
  if (folder === undefined) return answer();
  // An earlier question that failed told whoever asked it.
  const answered = (newest.get(folder) ?? Promise.resolve()).then(answer, answer);
  newest.set(folder, answered);
  try {
    return await answered;
  } finally {
    if (newest.get(folder) === answered) newest.delete(folder);
  }
}
