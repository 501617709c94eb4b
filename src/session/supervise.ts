import path from 'node:path';
import { runSupervisor } from '../runs/supervisorMain.ts';

/** The process that owns a session's runs, until there is nothing left to run.
 *  @param folder the session's, `<workspace>/.mlr/sessions/<id>`
 *  @returns the exit code */
export async function superviseSession(folder: string): Promise<number> {
  const workspace = path.resolve(folder, '..', '..', '..');
  await runSupervisor(path.resolve(folder), workspace);
  return 0;
}
