import { type Workbench, worktreeBench } from '../agents/workbench.ts';
import type { Contract } from '../domain/contract.ts';
import type { Arm } from '../domain/evidence.ts';
import { pilot } from '../evidence/pilot.ts';
import { armPlace } from './agentPlace.ts';
import { ledgeredMessage } from './commitMessage.ts';
import { type Desk, pilotRequest } from './desk.ts';
import { withEnvironments } from './environments.ts';

/** The bench of one agent's task: its worktree, and pilots of what stands there, confined like every other run.
 *  Training inputs that the contract lets vary may be changed; every other input is off limits. */
export function workbench(
  desk: Desk,
  contract: Contract,
  task: { worktree: string; base: string; call: string; seed?: number | null },
): Workbench {
  const { repository } = desk;
  const inputs = contract.inputs.map((input) => (typeof input === 'string' ? input : input.as));
  const fixed = inputs.filter((input) => !contract.varies.includes(input));
  const place = armPlace(desk, contract, task.worktree);
  return worktreeBench(
    place,
    { ...contract, protected: [...contract.protected, ...fixed] },
    {
      changed: async () => {
        const tree = await repository.worktreeTree(task.worktree);
        const changes = await repository.changeSet(task.base, tree, task.call);
        return changes.files.map((file) => file.path);
      },
      pilot: async () => {
        const tree = await repository.worktreeTree(task.worktree);
        const commit = await repository.commitTree(
          tree,
          [task.base],
          ledgeredMessage(desk.session, `Pilot of ${task.call}`),
        );
        const arm = { name: task.call, revision: task.call, commit, tree };
        const request = { ...(await pilotRequest(desk, contract)), name: task.call, ...again(task) };
        const tried = await pilot({ ...request, arm: { ...arm, ...(await packagesOf(desk, contract, task.base)) } });
        return { ok: true, text: tried.text };
      },
    },
  );
}

/** An agent tries things with what its base has: what it would install besides, nobody has approved. */
async function packagesOf(desk: Desk, contract: Contract, base: string): Promise<Pick<Arm, 'lock' | 'packages'>> {
  const { commit, tree } = await desk.repository.resolve(base);
  const [arm] = await withEnvironments(desk, contract, [{ name: 'base', revision: base, commit, tree }]);
  return { ...(arm?.lock !== undefined && { lock: arm.lock }) };
}

function again({ seed }: { seed?: number | null }): { failedSeed?: number } {
  return typeof seed === 'number' ? { failedSeed: seed } : {};
}
