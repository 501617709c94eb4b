import { hostname } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readLock } from '../runs/lock.ts';
import { SessionError } from '../session/errors.ts';
import { findSession } from '../session/store.ts';

/** The words that start the process which owns a session's runs; the session's folder follows them.
 *  @param beside URL of a bundle in the folder that holds the supervisor's */
export function supervisorArgv(beside: string): string[] {
  return [process.execPath, fileURLToPath(new URL('./supervisor.mjs', beside))];
}

/** Where the engine that holds a session can be reached, or null where none does.
 *  @throws SessionError `unknown-session`, `locked` where it is held on another machine */
export async function ownerOf(workspace: string, session: string): Promise<string | null> {
  const lock = await readLock(path.join(await findSession(workspace, session), 'lock'));
  if (!lock.live || !lock.owner) return null;
  const { host, pid, socket } = lock.owner;
  if (host !== hostname()) {
    throw new SessionError(
      'locked',
      `Session ${session} is being worked on by process ${pid} on ${host}; go on there, or end that process.`,
    );
  }
  return typeof socket === 'string' ? socket : null;
}
