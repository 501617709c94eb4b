import { type AgentEvent, type Conversation, emptyConversation, takeIn } from '../agents/conversation.ts';
import type { ChangeSet } from '../domain/change.ts';
import type { AgentName, Usage } from '../domain/conversation.ts';
import { addCost, emptyCost, type SessionCost } from '../domain/cost.ts';
import type { EventBody, NewEvent, SessionEvent } from '../domain/event.ts';
import type { Measurement, NoiseCard, Registration, Reproduction } from '../domain/evidence.ts';
import type { Gate, GateAnswer } from '../domain/gate.ts';
import { limitsAfter } from '../domain/limit.ts';
import type { EndedRun } from '../domain/run.ts';
import { hasEnded } from '../domain/run.ts';

export type Phase = 'read' | 'idea' | 'plan' | 'experiment' | 'measure' | 'debug' | 'validate' | 'report' | 'done';
export type Status = 'working' | 'waiting' | 'paused' | 'stopped' | 'failed' | 'finished';

/** An agent's conversation so far, so that a resumed session goes on in it. */
export interface AgentConversation extends Conversation {
  agent: AgentName;
  model: string;
  /** The researcher's own prompt that was used. */
  prompt?: { file: string; sha256: string } | undefined;
  output?: unknown;
}

export interface Proposal {
  call: string;
  changes: ChangeSet;
  summary: string;
  by: AgentName;
  of: 'variant' | 'baseline';
  decided?: { accepted: string[]; rejected: string[] };
}

/** Everything known about a session; a fold over its events and nothing else. */
export interface SessionState {
  started?: EventBody<'session.started'>;
  status: Status;
  phase: Phase;
  failure?: EventBody<'session.failed'>;
  summary?: string;
  snapshot?: EventBody<'workspace.snapshot'>;
  confinement?: EventBody<'confinement.probed'>;
  paper?: EventBody<'paper.read'>;
  /** One of each round: others may have been asked for. */
  ideas: EventBody<'ideas.proposed'>[];
  literature: EventBody<'literature.searched'>[];
  chosen?: EventBody<'idea.chosen'>;
  contract?: EventBody<'contract.fixed'>;
  baseline?: EventBody<'baseline.fixed'>;
  worktrees: EventBody<'worktree.made'>[];
  proposals: Proposal[];
  variant?: EventBody<'variant.committed'>;
  /** The Debug agent's tasks whose repairs are part of the arms; commits of the arm that was mended. */
  repairs: { call: string; of: 'baseline' | 'variant'; from: string; to: string; met: string[] }[];
  conversations: Map<string, AgentConversation>;
  /** `acted`: the session ended for a time after this answer, so that who resumes may be asked again. */
  gates: Map<string, { gate: Gate; answer?: GateAnswer; by?: string; acted?: boolean }>;
  /** Feedback that no agent has heard yet. */
  unheard: string[];
  registrations: Registration[];
  runs: Map<string, { run: EndedRun; metrics: Record<string, number | null> }>;
  measurement?: Measurement;
  noisePlan?: EventBody<'noise.planned'>;
  noise?: NoiseCard;
  /** The newest opinion of a change before it ran. */
  reviewBefore?: EventBody<'reviewed.before'>;
  reproduction?: Reproduction;
  review?: string;
  report?: EventBody<'report.written'>;
  adopted?: EventBody<'adopted'>;
  tokens: { prompt: number; completion: number };
  cost: SessionCost;
}

export function emptyState(): SessionState {
  return {
    status: 'working',
    phase: 'read',
    ideas: [],
    literature: [],
    worktrees: [],
    proposals: [],
    repairs: [],
    conversations: new Map(),
    gates: new Map(),
    unheard: [],
    registrations: [],
    runs: new Map(),
    tokens: { prompt: 0, completion: 0 },
    cost: emptyCost(),
  };
}

export function foldAll(events: readonly SessionEvent[]): SessionState {
  const state = emptyState();
  for (const event of events) fold(state, event);
  return state;
}

/** Takes one event into the state. The only place where state changes. */
export function fold(state: SessionState, event: NewEvent): void {
  const step = steps[event.type] as (state: SessionState, event: NewEvent) => void;
  step(state, event);
  addCost(state.cost, event);
  const phase = PHASE_AFTER[event.type];
  // A measurement of revisions has no plan to make.
  const measures = state.started?.assignment.kind === 'measure' && phase === 'plan';
  if (phase && !measures) state.phase = phase;
}

const PHASE_AFTER: Partial<Record<NewEvent['type'], Phase>> = {
  'paper.read': 'idea',
  'ideas.proposed': 'idea',
  'idea.chosen': 'plan',
  'contract.fixed': 'plan',
  'worktree.made': 'experiment',
  'variant.committed': 'measure',
  registered: 'measure',
  measured: 'validate',
  'noise.measured': 'report',
  reviewed: 'report',
  'session.finished': 'done',
};

function actOnAnswers({ gates }: SessionState): void {
  for (const gate of gates.values()) if (gate.answer) gate.acted = true;
}

function converse({ conversations }: SessionState, call: string, event: AgentEvent): void {
  const conversation = conversations.get(call);
  if (conversation) takeIn(conversation, event);
}

function countTokens({ tokens }: SessionState, usage: Usage): void {
  tokens.prompt += usage.promptTokens;
  tokens.completion += usage.completionTokens;
}

type Steps = { [T in NewEvent['type']]: (state: SessionState, event: Extract<NewEvent, { type: T }>) => void };

const steps: Steps = {
  'session.started': (s, e) => {
    s.started = e;
    if (e.assignment.kind === 'measure') s.phase = 'measure';
  },
  'session.resumed': (s, e) => {
    s.status = 'working';
    const { budgetTokens, limits, policy, unconfined, jobs, model } = e;
    if (s.started) {
      s.started = {
        ...s.started,
        ...(budgetTokens !== undefined && { budgetTokens }),
        ...(limits !== undefined && { limits: limitsAfter(s.started.limits ?? [], limits) }),
        ...(policy !== undefined && { policy }),
        ...(unconfined !== undefined && { unconfined }),
        ...(jobs !== undefined && { jobs }),
        // A session that began in private stays so, whatever the next surface knows of it.
        ...(model !== undefined && { model: s.started.model.localOnly ? { ...model, localOnly: true } : model }),
      };
    }
    delete s.failure;
  },
  'session.paused': (s) => {
    s.status = 'paused';
  },
  'session.stopped': (s) => {
    s.status = 'stopped';
    actOnAnswers(s);
  },
  'session.failed': (s, e) => {
    s.status = 'failed';
    actOnAnswers(s);
    s.failure = e;
  },
  'session.finished': (s, e) => {
    s.status = 'finished';
    s.summary = e.summary;
  },
  notice: () => undefined,
  'workspace.snapshot': (s, e) => {
    s.snapshot = e;
  },
  'confinement.probed': (s, e) => {
    s.confinement = e;
  },
  'paper.read': (s, e) => {
    s.paper = e;
  },
  'literature.searched': (s, e) => {
    s.literature.push(e);
  },
  'ideas.proposed': (s, e) => {
    s.ideas.push(e);
  },
  'idea.chosen': (s, e) => {
    s.chosen = e;
  },
  'contract.fixed': (s, e) => {
    s.contract = e;
  },
  'baseline.fixed': (s, e) => {
    s.baseline = e;
  },
  'worktree.made': (s, e) => {
    s.worktrees.push(e);
  },
  'changes.proposed': (s, e) => {
    s.proposals.push({ call: e.call, changes: e.changes, summary: e.summary, by: e.by, of: e.of });
  },
  'changes.decided': (s, e) => {
    const proposal = s.proposals.find((p) => p.changes.id === e.changes && !p.decided);
    if (proposal) proposal.decided = { accepted: e.accepted, rejected: e.rejected };
  },
  'variant.committed': (s, e) => {
    s.variant = e;
  },
  repaired: (s, e) => {
    const from = s[e.of]?.commit ?? e[e.of].commit;
    s.repairs.push({ call: e.call, of: e.of, from, to: e[e.of].commit, met: e.met ?? [] });
    if (e.of === 'baseline') s.baseline = { ...e.baseline, why: 'repaired by the Debug agent', call: e.call };
    s.variant = { ...e.variant, branch: e.branch, call: e.call };
  },
  'agent.started': (s, e) => {
    const conversation = { ...emptyConversation(), agent: e.agent, model: e.model, prompt: e.prompt };
    takeIn(conversation, { ...e, type: 'started' });
    s.conversations.set(e.call, conversation);
    if (e.agent === 'debug') s.phase = 'debug';
  },
  'agent.message': (s, e) => {
    converse(s, e.call, { ...e, type: 'message' });
    countTokens(s, e.usage);
  },
  'agent.tool': (s, e) => converse(s, e.call, { ...e, type: 'tool' }),
  'agent.compacted': (s, e) => {
    converse(s, e.call, { ...e, type: 'compacted' });
    if (e.usage) countTokens(s, e.usage);
  },
  'agent.finished': (s, e) => {
    const conversation = s.conversations.get(e.call);
    if (conversation) conversation.output = e.output;
  },
  feedback: (s, e) => {
    s.unheard.push(e.text);
  },
  'agent.heard': (s, e) => {
    const place = e.from === 'person' ? s.unheard.indexOf(e.text) : -1;
    if (place >= 0) s.unheard.splice(place, 1);
    converse(s, e.call, { ...e, type: 'heard' });
  },
  'gate.opened': (s, e) => {
    if (!s.gates.has(e.gate.id)) s.gates.set(e.gate.id, { gate: e.gate });
    if (e.waitsFor === 'person') s.status = 'waiting';
  },
  'gate.resolved': (s, e) => {
    const gate = s.gates.get(e.gate);
    if (gate) Object.assign(gate, { answer: e.answer, by: e.by });
    s.status = 'working';
  },
  registered: (s, e) => {
    if (!s.registrations.some((r) => r.id === e.registration.id)) s.registrations.push(e.registration);
  },
  'run.queued': () => undefined,
  'run.ended': (s, e) => {
    if (hasEnded(e.run)) s.runs.set(e.run.id, { run: e.run, metrics: e.metrics });
  },
  measured: (s, e) => {
    s.measurement = e.measurement;
  },
  'noise.planned': (s, e) => {
    s.noisePlan = e;
  },
  'noise.measured': (s, e) => {
    s.noise = e.card;
  },
  'reviewed.before': (s, e) => {
    s.reviewBefore = e;
  },
  'doubt.accepted': () => undefined,
  reproduced: (s, e) => {
    s.reproduction = e.reproduction;
  },
  reviewed: (s, e) => {
    s.review = e.text;
  },
  'report.written': (s, e) => {
    s.report = e;
  },
  adopted: (s, e) => {
    s.adopted = { ...e };
  },
  'adoption.undone': (s) => {
    // Asked once and answered: it is not offered again.
    delete s.adopted?.undo;
  },
};
