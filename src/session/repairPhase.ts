import { type DebugContext, debugAgent } from '../agents/debug/debugAgent.ts';
import type { Contract } from '../domain/contract.ts';
import type { Idea } from '../domain/idea.ts';
import type { MeasureOutcome } from '../evidence/measure.ts';
import { errorMark } from '../runs/failure/errorMark.ts';
import { readOutput } from '../runs/outputLog.ts';
import type { Desk } from './desk.ts';
import { agentWorktree, commitArm } from './experimentPhase.ts';
import { describeFailures } from './failedRuns.ts';
import { knownDefects, repairsSoFar } from './handedOn.ts';
import { ownPrompt } from './ownPrompt.ts';
import { proposeChanges } from './proposal.ts';
import { workbench } from './workbench.ts';

type Failed = Extract<MeasureOutcome, { kind: 'failed' }>;

/** Lets the Debug agent mend what made runs fail. A failure of the baseline is mended there, and the same repair is
 *  carried over to the variant, so that the arms still differ by the idea alone. */
export async function mendFailure(
  desk: Desk,
  failed: Failed,
  contract: Contract,
  idea: Idea,
  call: string,
): Promise<void> {
  const { session, repository } = desk;
  const { baseline, variant } = session.state;
  if (!baseline || !variant) throw new TypeError('A repair needs a baseline and a variant.');
  const of: 'baseline' | 'variant' = failed.failures.some((f) => f.arm.name === 'baseline') ? 'baseline' : 'variant';
  const base = of === 'baseline' ? baseline.commit : variant.commit;
  const worktree = await agentWorktree(desk, of, base, idea);
  const known = await knownOf(desk, failed, contract, await repository.diff(baseline.commit, variant.commit));
  let wish = '';
  for (let round = 1; ; round++) {
    const task = round === 1 ? call : `${call}-${round}`;
    const asked: DebugContext = {
      ...{ ...known, of, wish, ...(await ownPrompt(desk.ports.workspace, 'debug')) },
      workbench: workbench(desk, contract, {
        worktree: worktree.path,
        base,
        call: task,
        seed: failedSeed(failed, of),
      }),
    };
    const decided = await proposeChanges(desk, {
      call: task,
      agent: 'debug',
      define: (room) => debugAgent({ ...asked, room }),
      worktree: worktree.path,
      base,
      of,
      title: of === 'baseline' ? 'Repair of the baseline' : 'Repair of the variant',
      summaryOf: (fix) => `${fix.diagnosis}\n\n${fix.summary}`,
    });
    if (decided.kind === 'revise') {
      wish = decided.comment;
      continue;
    }
    const commit = await commitArm(
      desk,
      decided.tree,
      base,
      `Mend what made a run fail\n\n${decided.proposal.summary}`,
      worktree,
    );
    const mended = { commit, tree: decided.tree };
    const arms =
      of === 'variant'
        ? { baseline, variant: mended, conflicts: [] }
        : await carryOver(desk, baseline.commit, mended, variant.commit, idea);
    await session.append({
      type: 'repaired',
      call,
      of,
      baseline: { commit: arms.baseline.commit, tree: arms.baseline.tree },
      variant: arms.variant,
      branch: variant.branch,
      conflicts: arms.conflicts,
      met: [...new Set(known.failures.map(errorMark))],
    });
    return;
  }
}

/** What the Debug agent is told of a failure. */
async function knownOf(desk: Desk, failed: Failed, contract: Contract, diff: string) {
  const { session, repository, ports } = desk;
  const output = (run: string) => readOutput(ports.workspace, run);
  return {
    failures: await describeFailures(repository, { failures: failed.failures, contract, diff, output }),
    succeeded: succeeded(desk, failed),
    contract,
    diff,
    repairs: await repairsSoFar(repository, session.state),
    defects: knownDefects(session.state),
  };
}

async function carryOver(desk: Desk, from: string, to: { commit: string; tree: string }, onto: string, idea: Idea) {
  const { tree, conflicts } = await desk.repository.transplant({ from, to: to.commit }, onto);
  const worktree = await agentWorktree(desk, 'variant', onto, idea);
  const unchanged = tree === (await desk.repository.resolve(onto)).tree;
  const commit = unchanged
    ? onto
    : await commitArm(desk, tree, onto, 'Carry the repair of the baseline over', worktree);
  return { baseline: to, variant: { commit, tree }, conflicts };
}

/** The seed that a repair is tried on. */
function failedSeed({ failures }: Failed, of: 'baseline' | 'variant'): number | null {
  return failures.find((f) => (f.arm.name === 'baseline') === (of === 'baseline'))?.run.seed ?? null;
}

/** Which seeds ran through tell as much as which did not. */
function succeeded({ session }: Desk, { registration }: Failed): string {
  const own = [...session.state.runs.values()].filter(({ run }) => run.id.startsWith(registration.id));
  return own
    .filter(({ run }) => run.purpose === 'run' && run.state === 'finished')
    .map(({ run }) => `${run.arm?.name ?? 'run'} with seed ${run.seed}`)
    .join(', ');
}
