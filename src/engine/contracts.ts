import type { FirstContract } from '../domain/firstContract.ts';
import { writeFirstContract } from '../session/init/firstContract.ts';

/** Writes a first contract without a session.
 *  @throws SessionError `bad-input` where there is one already */
export async function initContract(workspace: string): Promise<FirstContract> {
  return writeFirstContract(workspace);
}
