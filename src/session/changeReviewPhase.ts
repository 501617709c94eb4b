import path from 'node:path';
import { AgentError } from '../agents/agentError.ts';
import { changeReviewAgent, findingsAsWish } from '../agents/validate/changeReviewAgent.ts';
import { pilotInWords } from '../agents/validate/pilotInWords.ts';
import type { ChangeReview } from '../domain/changeReview.ts';
import { blockingFindings, changeReviewInWords } from '../domain/changeReviewInWords.ts';
import type { Contract } from '../domain/contract.ts';
import type { GateAnswer } from '../domain/gate.ts';
import type { Idea } from '../domain/idea.ts';
import { ModelError } from '../models/modelError.ts';
import { armPlace } from './agentPlace.ts';
import { consult } from './consult.ts';
import type { Desk } from './desk.ts';
import { Interrupted } from './errors.ts';
import { knownDefects } from './handedOn.ts';
import { ownPrompt } from './ownPrompt.ts';
import type { Session } from './session.ts';

/** An accepted change that nothing of has run yet. */
export interface AcceptedChange {
  /** The agent's task that wrote it. */
  readonly call: string;
  readonly idea: Idea;
  readonly contract: Contract;
  readonly summary: string;
  /** The commit it is made against, and the tree it makes. */
  readonly base: string;
  readonly tree: string;
  /** A worktree that holds this tree. */
  readonly worktree: string;
}

/** What becomes of a change after the Validate agent has read it. */
export type AfterReview = { readonly kind: 'goes on' } | { readonly kind: 'revise'; readonly wish: string };

/** Lets the Validate agent read an accepted change before anything of it runs. What it finds is an opinion: it alone
 *  stops nothing. Where it holds a finding to be blocking, a person decides; on autopilot the change goes back once.
 *  Where the model fails, the session goes on without.
 *  @throws Interrupted when the person stops here */
export async function reviewChange(desk: Desk, change: AcceptedChange): Promise<AfterReview> {
  const review = await opinionOf(desk, change);
  if (review === null || blockingFindings(review).length === 0) return { kind: 'goes on' };
  const { session } = desk;
  const answer = await session.ask(
    {
      id: gateOf(session, change.call),
      kind: 'reviewChanges',
      question: 'The Validate agent would not run this change as it is. Run it?',
      detail: `${changeReviewInWords(review)}\n\nThis is a language model's opinion; it decides nothing.`,
      options: [
        { choice: 'sendBack', label: 'Send it back to the Experiment agent with these findings' },
        { choice: 'run', label: 'Run it as it is' },
        { choice: 'stop', label: 'Stop here' },
      ],
    },
    { choice: wasSentBack(session) ? 'run' : 'sendBack' },
  );
  if (answer.choice === 'stop') {
    await session.append({ type: 'session.stopped', by: 'researcher' });
    throw new Interrupted('The change was not run.');
  }
  return answer.choice === 'sendBack' ? sentBack(review, answer) : { kind: 'goes on' };
}

/** What the Experiment agent was asked for when this task's change was sent back; null where it was not. */
export function wishAfterReview(session: Session, call: string): string | null {
  const output = session.state.conversations.get(callOf(call))?.output;
  const answer = session.state.gates.get(gateOf(session, call))?.answer;
  // The log holds what the agent's own schema let through.
  return answer?.choice === 'sendBack' && output !== undefined ? sentBack(output as ChangeReview, answer).wish : null;
}

function sentBack(review: ChangeReview, { comment = '' }: GateAnswer): { kind: 'revise'; wish: string } {
  return { kind: 'revise', wish: findingsAsWish(blockingFindings(review), comment.trim()) };
}

async function opinionOf(desk: Desk, change: AcceptedChange): Promise<ChangeReview | null> {
  const { session, ports, repository } = desk;
  const { call, idea, contract, summary, base, tree, worktree } = change;
  const { files } = await repository.changeSet(base, tree, idea.title);
  const asked = {
    idea,
    contract,
    summary,
    defects: knownDefects(session.state),
    files: files.map((file) => ({ ...file, path: path.posix.relative(repository.folder, file.path) })),
    ran: pilotInWords(session.state.conversations.get(call)?.messages ?? []),
    place: armPlace(desk, contract, worktree),
    ...(await ownPrompt(ports.workspace, 'review')),
  };
  try {
    const review = await consult(session, ports, callOf(call), {
      agent: 'validate',
      define: (room) => changeReviewAgent({ ...asked, room }),
    });
    const known = session.state.reviewBefore;
    if (known?.call !== call) await session.append({ type: 'reviewed.before', call, tree, review });
    return review;
  } catch (error) {
    const ofModel = (ModelError.is(error) || AgentError.is(error)) && !session.signal.aborted;
    if (!ofModel) throw error;
    await session.append({ type: 'notice', text: `The change is run without a review before it: ${error.message}` });
    return null;
  }
}

function callOf(call: string): string {
  return `validate-${call}`;
}

function gateOf(session: Session, call: string): string {
  return session.freshGate(`reviewBefore-${call}`);
}

function wasSentBack({ state }: Session): boolean {
  return [...state.gates].some(([id, { answer }]) => id.startsWith('reviewBefore-') && answer?.choice === 'sendBack');
}
