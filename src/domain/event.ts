import * as z from 'zod';
import { AdoptedFile, ChangeSet } from './change.ts';
import { ChangeReview } from './changeReview.ts';
import { AgentName, ModelMessage, Price, ToolCall, Usage } from './conversation.ts';
import { Arm, Measurement, NoiseCard, Registration, Reproduction } from './evidence.ts';
import { Gate, GateAnswer, Policy } from './gate.ts';
import { Idea, IdeaSet } from './idea.ts';
import { Limit } from './limit.ts';
import { AskedService, FoundPaper } from './literature.ts';
import { Paper } from './paper.ts';
import { ROLES } from './role.ts';
import { ConfinementLevel, ContainerPlace, Run, SlurmRequest } from './run.ts';

/** What a session was asked to do. */
export const Assignment = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('idea'),
    paper: z.string().nullable(),
    /** An idea in a researcher's own words; absent in logs of older versions. */
    ideaFile: z.string().nullable().optional(),
  }),
  z.object({
    kind: z.literal('research'),
    paper: z.string().nullable(),
    ideaFile: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('measure'),
    baseline: z.string(),
    variants: z.array(z.string()),
    hypothesis: z.string(),
    /** Run every seed, also where no completion could support. */
    allSeeds: z.boolean().optional(),
    /** Score on the locked `final` test set of the contract. */
    final: z.boolean().optional(),
    /** Train with shuffled labels too, and measure the baseline against itself. */
    controls: z.boolean().optional(),
    /** Configurations of one commit, instead of variants: the first is the baseline. */
    arms: z.array(z.object({ name: z.string(), args: z.string() })).optional(),
  }),
  z.object({
    kind: z.literal('reproduce'),
    /** A session, or the absolute path of a report's folder. */
    report: z.string(),
    tolerance: z.number(),
    /** So many random pairs only; null for all. */
    pairs: z.number().int().nullable(),
    /** Score the kept outputs again instead of running anything. */
    scoresOnly: z.boolean(),
    /** Where hidden files are, if not in the workspace. */
    hidden: z.string().nullable(),
  }),
]);
export type Assignment = z.infer<typeof Assignment>;

/** Which language model thinks: an OpenAI-compatible endpoint, or a recording. Never a key. */
export const ModelChoice = z.object({
  baseUrl: z.string().nullable(),
  model: z.string().nullable(),
  /** A recording to replay instead of a model. */
  replay: z.string().nullable(),
  /** Where to write a recording of what is asked and answered. */
  record: z.string().nullable(),
  /** Seconds to wait for the first token; null for the default. */
  firstTokenSeconds: z.number().nullable(),
  retries: z.number().int().nullable(),
  /** Nothing is asked but models on this machine, from here to the session's end; absent in logs of older versions. */
  localOnly: z.boolean().optional(),
  /** Models of their own for some roles; absent where one does everything. */
  roles: z.partialRecord(z.enum(ROLES), z.string()).optional(),
});
export type ModelChoice = z.infer<typeof ModelChoice>;

/** The decision of an earlier session that a session was branched from: its log is that one's up to there. */
export const Origin = z.object({
  session: z.string(),
  gate: z.string(),
  /** The last event that was copied, and its hash there, which holds all before it. */
  event: z.number().int().min(1),
  hash: z.string(),
});
export type Origin = z.infer<typeof Origin>;

/** What an answer took besides its tokens; absent in logs of older versions. No price: nobody knows it. */
const Spent = { seconds: z.number().optional(), price: Price.nullable().optional() };

const Revision = z.object({ commit: z.string(), tree: z.string() });

const bodies = {
  'session.started': z.object({
    format: z.literal(1),
    session: z.string(),
    version: z.string(),
    workspace: z.string(),
    assignment: Assignment,
    policy: Policy,
    unconfined: z.boolean(),
    /** How many runs may run at a time; absent: one on this machine, all on a cluster. */
    jobs: z.number().int().min(1).optional(),
    budgetTokens: z.number().int().nullable(),
    /** Besides `budgetTokens`: limits in money, and those of single phases. */
    limits: z.array(Limit).optional(),
    model: ModelChoice,
    /** Absent where the session began by itself. */
    origin: Origin.optional(),
  }),
  /** The engine took the session up again: after a crash, a stop, a pause. */
  'session.resumed': z.object({
    why: z.string(),
    /** What is different from now on; absent where it stays. The limit is for the whole session. */
    budgetTokens: z.number().int().optional(),
    limits: z.array(Limit).optional(),
    policy: Policy.optional(),
    unconfined: z.boolean().optional(),
    jobs: z.number().int().min(1).optional(),
    model: ModelChoice.optional(),
  }),
  'session.paused': z.object({ by: z.string() }),
  'session.stopped': z.object({ by: z.string() }),
  /** `limit` is the one that was used up, for the reason `budget`. */
  'session.failed': z.object({ message: z.string(), reason: z.string(), limit: Limit.optional() }),
  'session.finished': z.object({ summary: z.string() }),
  notice: z.object({ text: z.string() }),
  'workspace.snapshot': z.object({ baseline: Revision, changed: z.array(z.string()) }),
  'confinement.probed': z.object({
    level: ConfinementLevel,
    detail: z.string(),
    container: ContainerPlace.optional(),
    /** Where a node of a cluster was asked, what its job was asked for. */
    slurm: SlurmRequest.optional(),
  }),
  'paper.read': z.object({ path: z.string(), sha256: z.string(), paper: Paper }),
  /** A search of the literature for an agent's task, and every work that it found, known before or not. */
  'literature.searched': z.object({
    call: z.string(),
    words: z.string(),
    papers: z.array(FoundPaper),
    asked: z.array(AskedService),
  }),
  /** `files`: where each idea was written, relative to the workspace. */
  'ideas.proposed': z.object({ call: z.string(), ideas: IdeaSet, files: z.array(z.string()).optional() }),
  'idea.chosen': z.object({ idea: Idea, file: z.string().nullable() }),
  'contract.fixed': z.object({ yaml: z.string(), from: z.enum(['workspace', 'proposed']) }),
  /** `call` names the agent's task that it came from, null where it is the researcher's own. */
  'baseline.fixed': Revision.extend({ why: z.string(), call: z.string().nullable() }),
  'worktree.made': z.object({
    of: z.enum(['variant', 'baseline']),
    path: z.string(),
    branch: z.string(),
    base: z.string(),
  }),
  'changes.proposed': z.object({
    call: z.string(),
    changes: ChangeSet,
    summary: z.string(),
    by: AgentName,
    of: z.enum(['variant', 'baseline']),
  }),
  'changes.decided': z.object({ changes: z.string(), accepted: z.array(z.string()), rejected: z.array(z.string()) }),
  'variant.committed': Revision.extend({ branch: z.string(), call: z.string() }),
  /** A failure was mended: in the baseline, and then in the variant too, or in the variant alone. */
  repaired: z.object({
    call: z.string(),
    of: z.enum(['variant', 'baseline']),
    baseline: Revision,
    variant: Revision,
    branch: z.string(),
    /** Files in which the variant kept its own text because both had changed the same lines. */
    conflicts: z.array(z.string()),
    /** The errors that it was made for, as `errorMark` tells them apart; absent in logs of older versions. */
    met: z.array(z.string()).optional(),
  }),
  'agent.started': z.object({
    agent: AgentName,
    call: z.string(),
    model: z.string(),
    messages: z.array(ModelMessage),
    /** The researcher's own prompt that stood in the place of the tool's. */
    prompt: z.object({ file: z.string(), sha256: z.string() }).optional(),
  }),
  'agent.message': z.object({
    agent: AgentName,
    call: z.string(),
    turn: z.number().int(),
    text: z.string(),
    toolCalls: z.array(ToolCall),
    usage: Usage,
    /** Who answered; absent in logs of older versions. */
    model: z.string().optional(),
    ...Spent,
  }),
  'agent.tool': z.object({
    agent: AgentName,
    call: z.string(),
    callId: z.string(),
    name: z.string(),
    ok: z.boolean(),
    content: z.string(),
    /** The whole result where the model was shown a part, by the name under which it reads the rest. */
    whole: z.object({ name: z.string(), text: z.string() }).optional(),
  }),
  /** The oldest messages of a conversation gave way to a summary; the newest `kept` stand as they were. */
  'agent.compacted': z.object({
    agent: AgentName,
    call: z.string(),
    kept: z.number().int(),
    summary: z.string(),
    by: z.string().nullable(),
    usage: Usage.nullable(),
    ...Spent,
  }),
  'agent.finished': z.object({ agent: AgentName, call: z.string(), output: z.unknown() }),
  feedback: z.object({ text: z.string() }),
  /** What was said to an agent between two answers: a person's feedback, once, or the loop's own words. */
  'agent.heard': z.object({ agent: AgentName, call: z.string(), from: z.enum(['person', 'loop']), text: z.string() }),
  'gate.opened': z.object({ gate: Gate, waitsFor: z.enum(['person', 'policy']) }),
  'gate.resolved': z.object({ gate: z.string(), answer: GateAnswer, by: z.string() }),
  registered: z.object({ registration: Registration }),
  'run.queued': z.object({
    run: z.string(),
    purpose: z.string(),
    arm: z.string().nullable(),
    seed: z.number().int().nullable(),
  }),
  'run.ended': z.object({ run: Run, metrics: z.record(z.string(), z.number().nullable()) }),
  measured: z.object({ measurement: Measurement }),
  /** A baseline that is run alone: which, and with which seeds. */
  'noise.planned': z.object({ baseline: Arm, metric: z.string(), seeds: z.array(z.number().int()) }),
  /** What the baseline alone showed: a comparison's noise and price. */
  'noise.measured': z.object({ card: NoiseCard }),
  /** What the Validate agent said of an accepted change before anything of it ran: an opinion. `call` names the task
   *  that wrote the change, `tree` what was reviewed. */
  'reviewed.before': z.object({ call: z.string(), tree: z.string(), review: ChangeReview }),
  /** A person accepted an open doubt of the verdict, after seeing it; the measurement as it is judged then follows. */
  'doubt.accepted': z.object({ check: z.string(), reason: z.string(), by: z.string() }),
  reproduced: z.object({ reproduction: Reproduction }),
  reviewed: z.object({ text: z.string() }),
  /** `sha256` is of the folder's sums. */
  'report.written': z.object({ folder: z.string(), file: z.string(), sha256: z.string().optional() }),
  adopted: z.object({
    applied: z.array(z.string()),
    conflicting: z.array(z.string()),
    partly: z.boolean(),
    /** With which the adoption can be taken back; absent in logs of older versions. */
    undo: z.object({ ref: z.string().nullable(), files: z.array(AdoptedFile) }).optional(),
  }),
  /** An adoption was taken back; `conflicting` were changed since and stay. */
  'adoption.undone': z.object({ restored: z.array(z.string()), conflicting: z.array(z.string()), by: z.string() }),
} as const;

export type EventType = keyof typeof bodies;
export type EventBody<T extends EventType> = z.infer<(typeof bodies)[T]>;

/** An event as it is appended: its type and what it says. */
export type NewEvent = { [T in EventType]: { type: T } & EventBody<T> }[EventType];

/** An event as it stands in the log: its place, time, and the hash that chains it to all before it. */
export type SessionEvent = NewEvent & { seq: number; at: string; hash: string };

/** @throws ZodError where a line does not say what its type requires */
export function parseEventBody(event: { type: string; [key: string]: unknown }): NewEvent {
  if (!(event.type in bodies))
    throw new TypeError(`Unknown event type "${event.type}": the log was written by a newer version.`);
  const type = event.type as EventType;
  return { type, ...(bodies[type].parse(event) as object) } as NewEvent;
}
