import { existsSync } from 'node:fs';
import path from 'node:path';
import { experimentAgent, type WrittenExperiment } from '../agents/experiment/experimentAgent.ts';
import type { Contract } from '../domain/contract.ts';
import type { Idea } from '../domain/idea.ts';
import { reviewChange, wishAfterReview } from './changeReviewPhase.ts';
import { ledgeredMessage } from './commitMessage.ts';
import { type Desk, settleBaseline } from './desk.ts';
import { knownDefects } from './handedOn.ts';
import { slug } from './ideaFile.ts';
import { ownPrompt } from './ownPrompt.ts';
import { proposeChanges } from './proposal.ts';
import { settlePrototypes } from './prototypePhase.ts';
import { reusedIn, reuseInWords } from './reused.ts';
import { workbench } from './workbench.ts';

/** Writes the idea into a worktree, puts it before a person, and makes what they accept the variant's commit. */
export async function writeVariant(desk: Desk, idea: Idea, contract: Contract): Promise<void> {
  const { session } = desk;
  if (session.state.variant) return;
  const base = await settleBaseline(desk);
  const worktree = await agentWorktree(desk, 'variant', base.commit, idea);
  const prototypes = await settlePrototypes(session, desk.ports);
  let wish = '';
  for (let round = 1; ; round++) {
    const call = round === 1 ? 'experiment' : `experiment-${round}`;
    const own = await ownPrompt(desk.ports.workspace, 'experiment');
    const known = {
      ...{ idea, contract, wish, ...own },
      workbench: workbench(desk, contract, { worktree: worktree.path, base: base.commit, call }),
      defects: knownDefects(session.state),
      prototypes,
    };
    const decided = await proposeChanges(desk, {
      call,
      agent: 'experiment',
      define: (room) => experimentAgent({ ...known, room }),
      worktree: worktree.path,
      base: base.commit,
      of: 'variant',
      title: idea.title,
      summaryOf: inWords,
    });
    if (decided.kind === 'revise') {
      wish = decided.comment;
      continue;
    }
    const { tree, proposal } = decided;
    // A change that was sent back before a resume: its worktree is the next round's by now.
    const asked = wishAfterReview(session, call);
    if (asked !== null) {
      wish = asked;
      continue;
    }
    const { summary } = proposal;
    const accepted = await desk.repository.changeSet(base.commit, tree, idea.title);
    const reused = reuseInWords(await reusedIn(accepted, desk.ports.workspace));
    const message = [idea.title, summary, reused].filter((part) => part !== '').join('\n\n');
    const commit = await commitArm(desk, tree, base.commit, message, worktree);
    const change = { call, idea, contract, summary, base: base.commit, tree, worktree: worktree.path };
    const reviewed = await reviewChange(desk, change);
    if (reviewed.kind === 'revise') {
      wish = reviewed.wish;
      continue;
    }
    await session.append({ type: 'variant.committed', commit, tree, branch: worktree.branch, call });
    return;
  }
}

/** A change as its reviewers read of it. */
function inWords({ summary, defects = [] }: WrittenExperiment): string {
  if (defects.length === 0) return summary;
  return [summary, 'Defects that the code had before, left as they are:', ...defects.map((one) => `- ${one}`)].join(
    '\n',
  );
}

/** Commits an arm's tree on its branch and puts the worktree there. */
export async function commitArm(
  desk: Desk,
  tree: string,
  parent: string,
  message: string,
  worktree: { path: string },
): Promise<string> {
  const { session, repository } = desk;
  const commit = await repository.commitTree(tree, [parent], ledgeredMessage(session, message));
  await repository.resetWorktree(worktree.path, commit);
  return commit;
}

/** The worktree in which agents edit an arm; made again where somebody removed it. */
export async function agentWorktree(
  desk: Desk,
  of: 'variant' | 'baseline',
  commit: string,
  idea: Idea,
): Promise<{ path: string; branch: string }> {
  const { session, repository, ports } = desk;
  const folder = path.join(ports.workspace, '.mlr', 'worktrees', session.id, of);
  const known = session.state.worktrees.findLast((w) => w.of === of);
  if (known && existsSync(path.join(folder, '.git'))) return known;
  await repository.pruneWorktrees();
  const name = of === 'variant' ? slug(idea.id) : `${slug(idea.id)}-baseline`;
  const branch = await repository.addWorktree(folder, `mlr/${name}`, commit);
  await session.append({ type: 'worktree.made', of, path: folder, branch, base: commit });
  return { path: folder, branch };
}
