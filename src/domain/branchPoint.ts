import type { EventType, SessionEvent } from './event.ts';
import type { Gate, GateAnswer } from './gate.ts';

/** What was read, thought and decided. Everything else tells of what belongs to one session alone: worktrees and branches,
 *  runs, registrations, verdicts. Evidence is never copied, so that no try is counted twice and none is left out: the
 *  registrations of a branch are counted after its origin's, like those of any session (`allRegistrations`). */
const COPIED: ReadonlySet<EventType> = new Set<EventType>([
  'session.resumed',
  'session.paused',
  'session.stopped',
  'session.failed',
  'notice',
  'workspace.snapshot',
  'confinement.probed',
  'paper.read',
  'literature.searched',
  'ideas.proposed',
  'idea.chosen',
  'contract.fixed',
  'baseline.fixed',
  'agent.started',
  'agent.message',
  'agent.tool',
  'agent.compacted',
  'agent.heard',
  'agent.finished',
  'feedback',
  'gate.opened',
  'gate.resolved',
]);

/** A decision from which a session can be gone over again. */
export interface BranchPoint {
  gate: Gate;
  answer: GateAnswer;
  by: string;
  /** Where in the log it was decided, from 1. */
  event: number;
}

/** The decisions on idea and plan, as far as nothing had run and no worktree was made. */
export function branchPoints(events: readonly SessionEvent[]): BranchPoint[] {
  const opened = new Map<string, Gate>();
  const points: BranchPoint[] = [];
  for (const event of events.slice(1)) {
    if (!COPIED.has(event.type)) break;
    if (event.type === 'gate.opened') opened.set(event.gate.id, event.gate);
    if (event.type !== 'gate.resolved') continue;
    const gate = opened.get(event.gate);
    if (gate && (gate.kind === 'chooseIdea' || gate.kind === 'approvePlan'))
      points.push({ gate, answer: event.answer, by: event.by, event: event.seq });
  }
  return points;
}
