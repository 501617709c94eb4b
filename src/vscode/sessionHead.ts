import { addCost, emptyCost, type SessionCost, thinkingTotal } from '../domain/cost.ts';
import { dollars, grouped, thinkingLines, thinkingWords } from '../domain/costInWords.ts';
import type { Assignment, SessionEvent } from '../domain/event.ts';
import { type Limit, limitsAfter } from '../domain/limit.ts';
import type { SessionHead } from '../webview/messages.ts';

export function newHead(id: string): SessionHead {
  return {
    id,
    title: 'New session',
    status: 'working',
    phase: 'starting',
    model: '',
    cost: emptyCost(),
    spent: '',
    spentOn: [],
    limits: [],
    left: '',
    openGates: [],
  };
}

/** The head after an event; a fold, like everything that is shown. */
export function headAfter(head: SessionHead, event: SessionEvent): SessionHead {
  const next = { ...head, phase: phaseAfter(event) ?? head.phase };
  switch (event.type) {
    case 'session.started':
      return withLimits({ ...next, title: titleOf(event.assignment), model: modelWords(event.model) }, event);
    case 'session.resumed':
      return withLimits({ ...next, status: next.openGates.length > 0 ? 'waiting' : 'working' }, event);
    case 'session.paused':
      return { ...next, status: 'paused' };
    case 'session.stopped':
      return { ...next, status: 'stopped' };
    case 'session.failed':
      return { ...next, status: 'failed' };
    case 'session.finished':
      return { ...next, status: 'finished', openGates: [] };
    case 'paper.read':
      return { ...next, title: event.paper.title };
    case 'idea.chosen':
      return { ...next, title: event.idea.title };
    case 'agent.message':
    case 'agent.compacted': {
      const cost = structuredClone(head.cost);
      addCost(cost, event);
      const total = thinkingTotal(cost);
      const spent = total.answers === 0 ? '' : thinkingWords(total);
      return { ...next, cost, spent, spentOn: thinkingLines(cost), left: leftWords(next.limits, cost) };
    }
    case 'gate.opened':
      if (event.waitsFor === 'policy') return next;
      return { ...next, status: 'waiting', openGates: [...new Set([...head.openGates, event.gate.id])] };
    case 'gate.resolved': {
      const openGates = head.openGates.filter((gate) => gate !== event.gate);
      return {
        ...next,
        openGates,
        status: head.status === 'waiting' && openGates.length === 0 ? 'working' : head.status,
      };
    }
    default:
      return next;
  }
}

function withLimits(
  head: SessionHead,
  { budgetTokens, limits = [] }: { budgetTokens?: number | null | undefined; limits?: Limit[] | undefined },
): SessionHead {
  const tokens: Limit[] = typeof budgetTokens === 'number' ? [{ phase: null, unit: 'tokens', most: budgetTokens }] : [];
  const now = limitsAfter(head.limits, [...tokens, ...limits]);
  return { ...head, limits: now, left: leftWords(now, head.cost) };
}

/** What is left of the limits, the whole session's first. */
function leftWords(limits: readonly Limit[], cost: SessionCost): string {
  const words = limits.map(({ phase, unit, most }) => {
    const { promptTokens, completionTokens, usd } = thinkingTotal(cost, phase ?? undefined);
    const left = Math.max(0, most - (unit === 'tokens' ? promptTokens + completionTokens : usd));
    const amount = unit === 'tokens' ? `${grouped(left)} tokens` : dollars(left);
    return phase === null ? amount : `${amount} for ${phase}`;
  });
  return words.length === 0 ? '' : `${words.join(' and ')} left`;
}

const AGENT_PHASES = {
  idea: 'looking for ideas',
  experiment: 'writing the experiment',
  debug: 'mending a failed run',
  validate: 'explaining the verdict',
} as const;

function phaseAfter(event: SessionEvent): string | undefined {
  switch (event.type) {
    case 'agent.started':
      return AGENT_PHASES[event.agent];
    case 'paper.read':
      return 'reading the paper';
    case 'contract.fixed':
      return 'planning';
    case 'registered':
    case 'noise.planned':
      return 'measuring';
    case 'run.queued':
      return event.purpose === 'run' || event.purpose === 'evaluate'
        ? `measuring ${event.arm}, seed ${event.seed}`
        : `${event.purpose} of ${event.arm ?? 'the workspace'}`;
    case 'measured':
      return 'weighing the result';
    case 'report.written':
      return 'reporting';
    default:
      return undefined;
  }
}

function titleOf(assignment: Assignment): string {
  if (assignment.kind === 'measure') return comparisonTitle(assignment);
  if (assignment.kind === 'reproduce') return 'A report again';
  const file = assignment.kind === 'research' ? (assignment.paper ?? assignment.ideaFile) : assignment.paper;
  return file?.split(/[\\/]/).at(-1) ?? 'Research';
}

function comparisonTitle({ arms, baseline, variants }: Extract<Assignment, { kind: 'measure' }>): string {
  if (arms !== undefined) {
    const [first, ...others] = arms.map(({ name }) => name);
    return `${others.join(', ')} against ${first}`;
  }
  return variants.length === 0 ? `The noise of ${baseline}` : `${variants.join(', ')} against ${baseline}`;
}

function modelWords(model: Extract<SessionEvent, { type: 'session.started' }>['model']): string {
  if (model.replay !== null) return 'a recording, no live model';
  return model.model ?? '';
}
