import type { Assignment } from '../domain/event.ts';
import type { Arm } from '../domain/evidence.ts';
import { refuseEqualArms } from '../evidence/register.ts';
import { Repository } from '../git/repository.ts';
import { writtenContract } from './desk.ts';
import { measuredContract, noContract } from './measurePhase.ts';

/** Finds what is wrong with a measurement before a session is begun for it: a person mends the contract or the revision
 *  and asks again, and a session that could never go on is not left behind. A working tree is looked at when the session
 *  has taken its snapshot.
 *  @throws GitError, ContractError, EvidenceError; SessionError `bad-input` where the baseline holds no contract */
export async function assertMeasurable(workspace: string, assignment: Assignment): Promise<void> {
  if (assignment.kind !== 'measure') return;
  const repository = await Repository.open(workspace);
  const arms: Arm[] = [];
  for (const revision of [assignment.baseline, ...assignment.variants]) {
    if (revision === 'worktree') continue;
    arms.push({ name: `arm ${arms.length + 1}`, ...(await repository.resolve(revision)) });
  }
  refuseEqualArms(arms);
  const [baseline] = arms;
  if (assignment.baseline === 'worktree' || baseline === undefined) return;
  const found = await writtenContract(repository, workspace, baseline.commit);
  if (found === null) throw noContract(workspace, baseline.revision);
  measuredContract(found.contract, assignment);
}
