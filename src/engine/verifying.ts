import { realpath } from 'node:fs/promises';
import { type Verification, verifySession as verify } from '../session/verify.ts';

/** Checks a session's evidence again, without holding the session.
 *  @throws SessionError `unknown-session` */
export async function verifySession(workspace: string, session: string): Promise<Verification> {
  return verify(await realpath(workspace), session);
}
