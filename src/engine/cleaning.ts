import { realpath } from 'node:fs/promises';
import { type Cleaning, cleanWorkspace } from '../session/cleaning.ts';

export type { Cleaning };

/** What finished sessions hold beyond their evidence; removes it where that is asked for. */
export async function clean(workspace: string, options: { remove: boolean }): Promise<Cleaning> {
  return await cleanWorkspace(await realpath(workspace), options);
}
