import { hostname } from 'node:os';
import path from 'node:path';
import { readLock } from '../runs/lock.ts';
import { SessionError } from '../session/errors.ts';
import { findSession } from '../session/store.ts';

/** The words that start the process which owns a session's runs; the session's folder follows them.
 *  @param engineFile the engine's own bundle */
export function supervisorArgv(engineFile: string): string[] {
  return [process.execPath, engineFile, 'supervise'];
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
