import { acceptedTree } from '../changes/acceptedTree.ts';
import { decide } from '../changes/decide.ts';
import type { ChangeSet } from '../domain/change.ts';
import type { GateAnswer } from '../domain/gate.ts';
import { consult, type Task } from './consult.ts';
import type { Desk } from './desk.ts';
import { SessionError } from './errors.ts';
import { reusedIn, reuseInWords } from './reused.ts';
import type { Proposal } from './state.ts';

export interface Work<Result> extends Task<Result> {
  /** Names the agent's task. */
  call: string;
  /** The worktree it edits, and the commit that was in it. */
  worktree: string;
  base: string;
  of: 'variant' | 'baseline';
  title: string;
  summaryOf(result: Result): string;
}

/** What a person (or the policy) made of an agent's changes. */
export type Decided =
  | { kind: 'accepted'; tree: string; proposal: Proposal }
  /** Nothing is accepted; the words say what should be different. */
  | { kind: 'revise'; comment: string };

/** Lets an agent change a worktree and puts what it changed before a person, hunk by hunk.
 *  @throws SessionError `no-change` when it changed nothing, or no hunk was accepted */
export async function proposeChanges<Result>(desk: Desk, work: Work<Result>): Promise<Decided> {
  const proposal = await proposalOf(desk, work);
  const answer = await desk.session.ask(
    {
      id: `reviewChanges-${work.call}`,
      kind: 'reviewChanges',
      question: work.of === 'baseline' ? 'Accept this repair of the baseline?' : 'Accept these changes?',
      detail: [proposal.summary, summary(proposal.changes), reuseInWords(proposal.changes.reused ?? [])]
        .filter((part) => part !== '')
        .join('\n\n'),
      options: [
        { choice: 'accept', label: 'Accept' },
        { choice: 'revise', label: 'Ask for other changes: say what should be different' },
      ],
    },
    { choice: 'accept' },
  );
  if (answer.choice === 'revise') return { kind: 'revise', comment: answer.comment ?? '' };
  return { kind: 'accepted', proposal, tree: await decideHunks(desk, proposal, answer) };
}

async function proposalOf<Result>(desk: Desk, work: Work<Result>): Promise<Proposal> {
  const { session, repository } = desk;
  const find = () => session.state.proposals.find((p) => p.call === work.call);
  const known = find();
  if (known) return known;
  const result = await consult(session, desk.ports, work.call, work);
  const tree = await repository.worktreeTree(work.worktree);
  const changes = await repository.changeSet(work.base, tree, work.title);
  if (changes.files.length === 0) {
    throw new SessionError(
      'no-change',
      `The ${work.agent} agent handed in without changing a file; say in the chat what it should do, and resume.`,
    );
  }
  const reused = await reusedIn(changes, desk.ports.workspace);
  await session.append({
    type: 'changes.proposed',
    call: work.call,
    changes: reused.length === 0 ? changes : { ...changes, reused },
    summary: work.summaryOf(result),
    by: work.agent,
    of: work.of,
  });
  return find() ?? { call: work.call, changes, summary: '', by: work.agent, of: work.of };
}

async function decideHunks(desk: Desk, proposal: Proposal, answer: GateAnswer): Promise<string> {
  const all = proposal.changes.files.flatMap((file) => file.hunks.map((hunk) => hunk.id));
  const accepted = answer.hunks ?? all;
  const decided = decide(decide(proposal.changes, 'all', 'rejected'), { hunks: accepted }, 'accepted');
  if (!proposal.decided) {
    const rejected = all.filter((id) => !accepted.includes(id));
    await desk.session.append({ type: 'changes.decided', changes: proposal.changes.id, accepted, rejected });
  }
  return acceptedTree(desk.repository, decided);
}

function summary(changes: ChangeSet): string {
  return changes.files
    .map((file) => {
      const lines = file.hunks.flatMap((hunk) => hunk.lines);
      const added = lines.filter((line) => line.startsWith('+')).length;
      const removed = lines.filter((line) => line.startsWith('-')).length;
      return `- \`${file.path}\` +${added} −${removed}, ${file.hunks.length} ${file.hunks.length === 1 ? 'hunk' : 'hunks'}`;
    })
    .join('\n');
}
