import type { FileChange } from './change.ts';
import type { AgentName } from './conversation.ts';
import type { SessionEvent } from './event.ts';
import type { Measurement } from './evidence.ts';
import type { Gate, GateAnswer } from './gate.ts';
import type { Idea } from './idea.ts';

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
  | { kind: 'person'; text: string; heard: boolean }
  | { kind: 'paper'; title: string; authors: string[]; path: string }
  | { kind: 'started'; agent: AgentName; call: string; model: string }
  | { kind: 'agent'; agent: AgentName; call: string; turn: number; text: string; tools: ToolUse[] }
  | { kind: 'ideas'; gaps: string[]; ideas: Idea[]; chosen: string | null }
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
  switch (event.type) {
    case 'notice':
      return add(items, { kind: 'notice', text: event.text });
    case 'session.resumed':
      return add(items, { kind: 'notice', text: event.why });
    case 'workspace.snapshot':
      return event.changed.length > 0
        ? add(items, {
            kind: 'notice',
            text: `Your uncommitted changes were kept as a snapshot to compare with: ${event.changed.join(', ')}.`,
          })
        : [];
    case 'confinement.probed':
      return add(items, { kind: 'notice', text: event.detail });
    case 'baseline.fixed':
      return add(items, { kind: 'notice', text: `Baseline: ${event.commit.slice(0, 10)} (${event.why}).` });
    case 'repaired':
      return add(items, { kind: 'notice', text: repairWords(event) });
    case 'paper.read':
      return add(items, { kind: 'paper', title: event.paper.title, authors: event.paper.authors, path: event.path });
    case 'ideas.proposed':
      return add(items, { kind: 'ideas', gaps: event.ideas.gaps, ideas: event.ideas.ideas, chosen: null });
    case 'idea.chosen':
      return change(
        items,
        'ideas',
        () => true,
        (item) => ({ ...item, chosen: event.idea.id }),
      );
    case 'agent.started':
      return add(items, { kind: 'started', agent: event.agent, call: event.call, model: event.model });
    case 'agent.message':
      return add(items, {
        kind: 'agent',
        agent: event.agent,
        call: event.call,
        turn: event.turn,
        text: event.text,
        tools: event.toolCalls.map((c) => ({ id: c.id, name: c.name, arguments: c.arguments, ok: null, content: '' })),
      });
    case 'agent.tool':
      return change(
        items,
        'agent',
        (item) => item.call === event.call && item.tools.some((t) => t.id === event.callId),
        (item) => ({
          ...item,
          tools: item.tools.map((t) => (t.id === event.callId ? { ...t, ok: event.ok, content: event.content } : t)),
        }),
      );
    case 'feedback':
      return add(items, { kind: 'person', text: event.text, heard: false });
    case 'agent.heard':
      return change(
        items,
        'person',
        (item) => item.text === event.text && !item.heard,
        (item) => ({ ...item, heard: true }),
      );
    case 'gate.opened':
      return add(items, { kind: 'gate', gate: event.gate, answer: null, by: null });
    case 'gate.resolved':
      return change(
        items,
        'gate',
        (item) => item.gate.id === event.gate,
        (item) => ({ ...item, answer: event.answer, by: event.by }),
      );
    case 'changes.proposed':
      return add(items, {
        kind: 'changes',
        id: event.changes.id,
        title: event.changes.title,
        summary: event.summary,
        of: event.of,
        files: event.changes.files.map(summarizeFile),
        accepted: null,
      });
    case 'changes.decided':
      return change(
        items,
        'changes',
        (item) => item.id === event.changes,
        (item) => ({ ...item, accepted: event.accepted }),
      );
    case 'registered':
      return add(items, {
        kind: 'runs',
        registration: event.registration.id,
        metric: event.registration.metric,
        rows: [],
        planned: event.registration.seeds.length * (1 + event.registration.variants.length),
      });
    case 'run.queued':
    case 'run.ended':
      return transcribeRun(items, event);
    case 'measured':
      return add(items, { kind: 'verdict', measurement: event.measurement });
    case 'reviewed':
      return add(items, { kind: 'review', text: event.text });
    case 'report.written':
      return add(items, { kind: 'report', file: event.file });
    case 'session.paused':
      return add(items, { kind: 'ended', status: 'paused', text: `Paused by ${event.by}.` });
    case 'session.stopped':
      return add(items, { kind: 'ended', status: 'stopped', text: `Stopped by ${event.by}.` });
    case 'session.failed':
      return add(items, { kind: 'ended', status: 'failed', text: event.message });
    case 'session.finished':
      return add(items, { kind: 'ended', status: 'finished', text: event.summary });
    default:
      return [];
  }
}

function repairWords(event: Extract<SessionEvent, { type: 'repaired' }>): string {
  const both = `The repair is part of both arms now: baseline ${event.baseline.commit.slice(0, 10)}, variant ${event.variant.commit.slice(0, 10)}.`;
  if (event.of === 'variant') return `The variant was repaired: ${event.variant.commit.slice(0, 10)}.`;
  if (event.conflicts.length === 0) return both;
  return `${both} The variant kept its own lines in ${event.conflicts.join(', ')}.`;
}

function transcribeRun(
  items: TranscriptItem[],
  event: Extract<SessionEvent, { type: 'run.queued' | 'run.ended' }>,
): number[] {
  if (event.type === 'run.ended' && event.run.purpose === 'evaluate') return transcribeScore(items, event);
  const row = event.type === 'run.queued' ? queuedRow(event) : endedRow(event);
  if (!row) return [];
  return change(
    items,
    'runs',
    () => true,
    (item) => ({ ...item, rows: [...item.rows.filter((r) => r.id !== row.id), row] }),
  );
}

/** A run's value comes from its evaluation, a run of its own for the same arm and seed. */
function transcribeScore(
  items: TranscriptItem[],
  { run, metrics }: Extract<SessionEvent, { type: 'run.ended' }>,
): number[] {
  return change(
    items,
    'runs',
    () => true,
    (item) => ({
      ...item,
      rows: item.rows.map((row) => {
        if (row.arm !== run.arm?.name || row.seed !== run.seed || row.state !== 'finished') return row;
        const problem = run.state === 'failed' ? `its evaluation failed: ${run.reason}` : row.reason;
        return { ...row, value: metrics[item.metric] ?? null, reason: problem };
      }),
    }),
  );
}

function queuedRow(event: Extract<SessionEvent, { type: 'run.queued' }>): RunRow | undefined {
  if (event.purpose !== 'run' || event.arm === null || event.seed === null) return undefined;
  return { id: event.run, arm: event.arm, seed: event.seed, state: 'queued', value: null, seconds: null, reason: '' };
}

function endedRow({ run }: Extract<SessionEvent, { type: 'run.ended' }>): RunRow | undefined {
  if (run.purpose !== 'run' || !run.arm || run.seed === null || run.state === 'queued' || run.state === 'running')
    return undefined;
  const reason = run.state === 'failed' ? run.reason : run.state === 'stopped' ? `stopped by ${run.by}` : '';
  const { wallSeconds } = run.resources;
  return { id: run.id, arm: run.arm.name, seed: run.seed, state: run.state, value: null, seconds: wallSeconds, reason };
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

/** Replaces the newest item of a kind that fits. */
function change<K extends TranscriptItem['kind']>(
  items: TranscriptItem[],
  kind: K,
  fits: (item: Extract<TranscriptItem, { kind: K }>) => boolean,
  next: (item: Extract<TranscriptItem, { kind: K }>) => TranscriptItem,
): number[] {
  const place = items.findLastIndex((item) => item.kind === kind && fits(item as Extract<TranscriptItem, { kind: K }>));
  const item = items[place];
  if (!item) return [];
  items[place] = next(item as Extract<TranscriptItem, { kind: K }>);
  return [place];
}
