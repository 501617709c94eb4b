import type { FileChange } from './change.ts';
import { changeReviewInWords } from './changeReviewInWords.ts';
import type { AgentName } from './conversation.ts';
import { droppedInWords } from './droppedInWords.ts';
import type { SessionEvent } from './event.ts';
import type { Measurement } from './evidence.ts';
import type { Gate, GateAnswer } from './gate.ts';
import type { Idea, IdeaSet } from './idea.ts';
import type { EndedRun } from './run.ts';
import { whyFailed } from './whyFailed.ts';

export interface ToolUse {
  id: string;
  name: string;
  arguments: string;
  /** null while it runs. */
  ok: boolean | null;
  content: string;
}

export interface RunRow {
  id: string;
  arm: string;
  seed: number;
  state: 'queued' | 'finished' | 'failed' | 'stopped';
  value: number | null;
  seconds: number | null;
  /** Why it failed or who stopped it. */
  reason: string;
}

/** One thing a chat shows. A surface renders a list of them and replaces one when it changes. */
export type TranscriptItem =
  | { kind: 'notice'; text: string }
  /** The session that this one was branched from. */
  | { kind: 'origin'; session: string }
  | { kind: 'person'; text: string; heard: boolean }
  | { kind: 'paper'; title: string; authors: string[]; path: string }
  | { kind: 'started'; agent: AgentName; call: string; model: string }
  | { kind: 'agent'; agent: AgentName; call: string; turn: number; text: string; tools: ToolUse[] }
  | {
      kind: 'ideas';
      gaps: string[];
      ideas: Idea[];
      chosen: string | null;
      /** Absent where an older version proposed them. */
      grounds?: IdeaSet['grounds'];
      considered?: IdeaSet['considered'];
      searched?: IdeaSet['searched'];
      /** '' for nothing. */
      dropped?: string;
    }
  | { kind: 'gate'; gate: Gate; answer: GateAnswer | null; by: string | null }
  | {
      kind: 'changes';
      id: string;
      title: string;
      summary: string;
      of: 'variant' | 'baseline';
      files: FileSummary[];
      accepted: string[] | null;
    }
  | { kind: 'runs'; registration: string; metric: string; rows: RunRow[]; planned: number }
  | { kind: 'verdict'; measurement: Measurement }
  | { kind: 'review'; text: string }
  | { kind: 'report'; file: string }
  | { kind: 'adoption'; applied: string[]; conflicting: string[]; partly: boolean; canUndo: boolean; undone: string }
  | { kind: 'ended'; status: 'failed' | 'stopped' | 'paused' | 'finished'; text: string };

export interface FileSummary {
  path: string;
  kind: FileChange['kind'];
  added: number;
  removed: number;
  hunks: number;
}

/** Takes one event into the list a chat shows.
 *  @returns the places in the list that are new or changed */
export function transcribe(items: TranscriptItem[], event: SessionEvent): number[] {
  const step = steps[event.type] as Step<SessionEvent> | undefined;
  return step?.(items, event) ?? [];
}

type Step<E> = (items: TranscriptItem[], event: E) => number[];
type Steps = { [T in SessionEvent['type']]?: Step<Extract<SessionEvent, { type: T }>> };

const notice = (items: TranscriptItem[], text: string) => add(items, { kind: 'notice', text });

const steps: Steps = {
  'session.started': (items, { origin }) => (origin ? add(items, { kind: 'origin', session: origin.session }) : []),
  notice: (items, e) => notice(items, e.text),
  'session.resumed': (items, e) => notice(items, e.why),
  'confinement.probed': (items, e) => notice(items, e.detail),
  'baseline.fixed': (items, e) => notice(items, `Baseline: ${e.commit.slice(0, 10)} (${e.why}).`),
  repaired: (items, e) => notice(items, repairWords(e)),
  'workspace.snapshot': (items, { changed }) =>
    changed.length === 0
      ? []
      : notice(items, `Your uncommitted changes were kept as a snapshot: ${changed.join(', ')}.`),
  'paper.read': (items, { paper, path }) =>
    add(items, { kind: 'paper', title: paper.title, authors: paper.authors, path }),
  'ideas.proposed': (items, { ideas: set }) => {
    const { gaps, ideas, grounds, considered, searched, dropped = [] } = set;
    return add(items, {
      ...{ kind: 'ideas', gaps, ideas, chosen: null, dropped: droppedInWords(dropped) },
      ...{ grounds, considered, searched },
    });
  },
  'idea.chosen': (items, { idea }) => change(items, 'ideas', any, (item) => ({ ...item, chosen: idea.id })),
  'agent.started': (items, { agent, call, model, prompt }) => {
    const started = add(items, { kind: 'started', agent, call, model });
    return prompt ? [...started, ...notice(items, ownPromptWords(agent, prompt))] : started;
  },
  'agent.message': (items, { agent, call, turn, text, toolCalls }) => {
    const tools = toolCalls.map((c) => ({ id: c.id, name: c.name, arguments: c.arguments, ok: null, content: '' }));
    return add(items, { kind: 'agent', agent, call, turn, text, tools });
  },
  'agent.tool': (items, e) => {
    const answered = (t: ToolUse) => (t.id === e.callId ? { ...t, ok: e.ok, content: e.content } : t);
    const fits = (item: ItemOf<'agent'>) => item.call === e.call && item.tools.some((t) => t.id === e.callId);
    return change(items, 'agent', fits, (item) => ({ ...item, tools: item.tools.map(answered) }));
  },
  feedback: (items, e) => add(items, { kind: 'person', text: e.text, heard: false }),
  'agent.heard': (items, e) => {
    const fits = (item: ItemOf<'person'>) => item.text === e.text && !item.heard;
    return change(items, 'person', fits, (item) => ({ ...item, heard: true }));
  },
  'gate.opened': (items, { gate }) => {
    const known = items.some((item) => item.kind === 'gate' && item.gate.id === gate.id);
    return known ? [] : add(items, { kind: 'gate', gate, answer: null, by: null });
  },
  'gate.resolved': (items, { gate, answer, by }) => {
    const fits = (item: ItemOf<'gate'>) => item.gate.id === gate;
    return change(items, 'gate', fits, (item) => ({ ...item, answer, by }));
  },
  'changes.proposed': (items, { changes, summary, of }) => {
    const files = changes.files.map(summarizeFile);
    return add(items, { kind: 'changes', id: changes.id, title: changes.title, summary, of, files, accepted: null });
  },
  'changes.decided': (items, { changes, accepted }) => {
    const fits = (item: ItemOf<'changes'>) => item.id === changes;
    return change(items, 'changes', fits, (item) => ({ ...item, accepted }));
  },
  registered: (items, { registration: { id, metric, seeds, variants } }) => {
    const planned = seeds.length * (1 + variants.length);
    return add(items, { kind: 'runs', registration: id, metric, rows: [], planned });
  },
  'run.queued': (items, e) => addRow(items, queuedRow(e)),
  'run.ended': (items, e) => (e.run.purpose === 'evaluate' ? transcribeScore(items, e) : addRow(items, endedRow(e))),
  measured: (items, { measurement }) => add(items, { kind: 'verdict', measurement }),
  'reviewed.before': (items, { review }) =>
    add(items, { kind: 'review', text: `**Of the change, before its runs.** ${changeReviewInWords(review)}` }),
  'doubt.accepted': (items, { check, reason, by }) =>
    notice(items, `${check} was accepted by ${by} after seeing the result: ${reason}`),
  reviewed: (items, { text }) => add(items, { kind: 'review', text }),
  'report.written': (items, { file }) => add(items, { kind: 'report', file }),
  adopted: (items, { applied, conflicting, partly, undo }) =>
    add(items, { kind: 'adoption', applied, conflicting, partly, canUndo: undo !== undefined, undone: '' }),
  'adoption.undone': (items, { restored, conflicting, by }) => {
    const left = conflicting.length === 0 ? '' : ` You changed ${conflicting.join(', ')} since, so that stays.`;
    const undone = `${by} took it back: ${restored.join(', ') || 'no file'}.${left}`;
    return change(items, 'adoption', any, (item) => ({ ...item, canUndo: false, undone }));
  },
  'session.paused': (items, { by }) => add(items, { kind: 'ended', status: 'paused', text: `Paused by ${by}.` }),
  'session.stopped': (items, { by }) => add(items, { kind: 'ended', status: 'stopped', text: `Stopped by ${by}.` }),
  'session.failed': (items, { message }) => add(items, { kind: 'ended', status: 'failed', text: message }),
  'session.finished': (items, { summary }) => add(items, { kind: 'ended', status: 'finished', text: summary }),
};

const any = () => true;

function ownPromptWords(agent: AgentName, { file, sha256 }: { file: string; sha256: string }): string {
  return `The ${agent} agent is told what ${file} says (SHA-256 ${sha256.slice(0, 12)}), not the tool's own words.`;
}

function repairWords(event: Extract<SessionEvent, { type: 'repaired' }>): string {
  const both = `The repair is part of both arms now: baseline ${event.baseline.commit.slice(0, 10)}, variant ${event.variant.commit.slice(0, 10)}.`;
  if (event.of === 'variant') return `The variant was repaired: ${event.variant.commit.slice(0, 10)}.`;
  if (event.conflicts.length === 0) return both;
  return `${both} The variant kept its own lines in ${event.conflicts.join(', ')}.`;
}

function addRow(items: TranscriptItem[], row: RunRow | undefined): number[] {
  if (!row) return [];
  return change(items, 'runs', any, (item) => ({ ...item, rows: [...item.rows.filter((r) => r.id !== row.id), row] }));
}

/** A run's value comes from its evaluation, a run of its own for the same arm and seed. */
function transcribeScore(
  items: TranscriptItem[],
  { run, metrics }: Extract<SessionEvent, { type: 'run.ended' }>,
): number[] {
  const scored = (row: RunRow, metric: string): RunRow => {
    if (row.arm !== run.arm?.name || row.seed !== run.seed || row.state !== 'finished') return row;
    const problem = run.state === 'failed' ? `its evaluation failed: ${whyFailed(run)}` : row.reason;
    return { ...row, value: metrics[metric] ?? null, reason: problem };
  };
  return change(items, 'runs', any, (item) => ({ ...item, rows: item.rows.map((row) => scored(row, item.metric)) }));
}

function queuedRow(event: Extract<SessionEvent, { type: 'run.queued' }>): RunRow | undefined {
  if (event.purpose !== 'run' || event.arm === null || event.seed === null) return undefined;
  return { id: event.run, arm: event.arm, seed: event.seed, state: 'queued', value: null, seconds: null, reason: '' };
}

function endedRow({ run }: Extract<SessionEvent, { type: 'run.ended' }>): RunRow | undefined {
  if (run.purpose !== 'run' || !run.arm || run.seed === null || run.state === 'queued' || run.state === 'running')
    return undefined;
  const reason = whyEnded(run);
  const { wallSeconds } = run.resources;
  return { id: run.id, arm: run.arm.name, seed: run.seed, state: run.state, value: null, seconds: wallSeconds, reason };
}

function whyEnded(run: EndedRun): string {
  if (run.state === 'failed') return whyFailed(run);
  return run.state === 'stopped' ? `stopped by ${run.by}` : '';
}

function summarizeFile(file: FileChange): FileSummary {
  const lines = file.hunks.flatMap((h) => h.lines);
  return {
    path: file.path,
    kind: file.kind,
    added: lines.filter((l) => l.startsWith('+')).length,
    removed: lines.filter((l) => l.startsWith('-')).length,
    hunks: file.hunks.length,
  };
}

function add(items: TranscriptItem[], item: TranscriptItem): number[] {
  return [items.push(item) - 1];
}

type ItemOf<K extends TranscriptItem['kind']> = Extract<TranscriptItem, { kind: K }>;

/** Replaces the newest item of a kind that fits. */
function change<K extends TranscriptItem['kind']>(
  items: TranscriptItem[],
  kind: K,
  fits: (item: ItemOf<K>) => boolean,
  next: (item: ItemOf<K>) => TranscriptItem,
): number[] {
  const place = items.findLastIndex((item) => item.kind === kind && fits(item as ItemOf<K>));
  const item = items[place];
  if (!item) return [];
  items[place] = next(item as ItemOf<K>);
  return [place];
}
