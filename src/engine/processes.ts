import path from 'node:path';
import { readLock } from '../runs/lock.ts';
import { findSession } from '../session/store.ts';

/** The words that start the process which owns a session's runs; the session's folder follows them.
 *  @param engineFile the engine's own bundle */
export function supervisorArgv(engineFile: string): string[] {
  return [process.execPath, engineFile, 'supervise'];
}

/** Where the engine that holds a session can be reached, or null where none does.
 *  @throws SessionError `unknown-session` */
export async function ownerOf(workspace: string, session: string): Promise<string | null> {
  const lock = await readLock(path.join(await findSession(workspace, session), 'lock'));
  const socket = lock.owner?.socket;
  return lock.live && typeof socket === 'string' ? socket : null;
}
