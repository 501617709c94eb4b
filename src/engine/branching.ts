import { branchSession } from '../session/branch.ts';
import { readLog } from '../session/log.ts';
import { foldAll } from '../session/state.ts';
import { sessionFolder } from '../session/store.ts';
import type { BranchParams, ResumeParams } from './protocol.ts';

/** Makes the branch of a session, and says how it goes on. A question that is asked again is a person's to answer, where
 *  nothing else is said: a policy would answer as before. */
export async function branched(workspace: string, params: BranchParams): Promise<ResumeParams> {
  const { session: origin, gate, keepAnswer, ...how } = params;
  const session = await branchSession(workspace, { session: origin, gate, keepAnswer });
  const { started, gates } = foldAll((await readLog(sessionFolder(workspace, session))).events);
  const asks = !keepAnswer && started?.policy === 'autopilot' && how.policy === undefined;
  const question = gates.get(gate)?.gate.question ?? gate;
  const why = keepAnswer
    ? `From here on this session goes its own way: “${question}” stays as it was answered.`
    : `From here on this session goes its own way: “${question}” is asked again.`;
  return { ...how, session, why, ...(asks && { policy: 'review' as const }) };
}
