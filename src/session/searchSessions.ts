import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { EventType, NewEvent } from '../domain/event.ts';

/** A session in which some words were found. */
export interface FoundSession {
  session: string;
  /** Of what they are: `paper`, `idea`, `verdict`, or who said them. */
  of: string;
  /** The words with some of what stands around them, on one line. */
  excerpt: string;
}

export interface SessionSearch {
  /** The newest first. */
  found: FoundSession[];
  /** Whether every session was looked at within the time. */
  complete: boolean;
}

interface Passage {
  readonly of: string;
  readonly text: string;
}

/** Longest that a search takes, and so that a list waits for it. Milliseconds. */
const LONGEST = 2000;
/** Characters around the first word that is found. */
const BEFORE = 40;
const AFTER = 100;

/** Sessions whose paper, ideas, verdict or conversation hold all of some words, in any order and case. Logs are read
 *  as they lie, the newest first, and not checked: that is for whoever opens one.
 *  @param within milliseconds after which the rest is left out */
export async function searchSessions(workspace: string, words: string, within = LONGEST): Promise<SessionSearch> {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const sessions = path.join(workspace, '.mlr', 'sessions');
  const names = wanted.length === 0 ? [] : await readdir(sessions).catch(() => []);
  const found: FoundSession[] = [];
  const until = performance.now() + within;
  for (const session of names.filter((name) => /^\d/.test(name)).sort((a, b) => b.localeCompare(a))) {
    if (performance.now() > until) return { found, complete: false };
    const passages = await passagesOf(path.join(sessions, session));
    const all = passages.map(({ text }) => text.toLowerCase()).join('\n');
    if (!wanted.every((word) => all.includes(word))) continue;
    found.push({ session, ...bestOf(passages, wanted) });
  }
  return { found, complete: true };
}

/** The passage that holds most of the words, the first of equals, cut to what stands around them. */
function bestOf(passages: readonly Passage[], wanted: readonly string[]): Omit<FoundSession, 'session'> {
  const held = ({ text }: Passage) => wanted.filter((word) => text.toLowerCase().includes(word)).length;
  const best = passages.reduce((most, passage) => (held(passage) > held(most) ? passage : most));
  const text = best.text.replaceAll(/\s+/g, ' ').trim();
  const at = Math.min(...wanted.map((word) => text.toLowerCase().indexOf(word)).filter((place) => place >= 0));
  // It begins with a whole word.
  const from = at <= BEFORE ? 0 : Math.min(at, text.indexOf(' ', at - BEFORE) + 1 || at);
  const to = Math.min(text.length, at + AFTER);
  const excerpt = `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`;
  return { of: best.of, excerpt };
}

type Told = { [T in EventType]?: (event: Extract<NewEvent, { type: T }>) => Passage[] };

const told: Told = {
  'session.started': ({ assignment }) => [{ of: 'assignment', text: wordsIn(assignment) }],
  'paper.read': ({ paper }) => [{ of: 'paper', text: `${paper.title}, ${paper.authors.join(', ')}` }],
  'ideas.proposed': ({ ideas }) =>
    ideas.ideas.map(({ title, hypothesis }) => ({ of: 'idea', text: `${title}. ${hypothesis}` })),
  'idea.chosen': ({ idea }) => [{ of: 'idea', text: `${idea.title}. ${idea.hypothesis}` }],
  measured: ({ measurement }) => [{ of: 'verdict', text: `${measurement.verdict}: ${measurement.reason}` }],
  'session.failed': ({ message }) => [{ of: 'failure', text: message }],
  feedback: ({ text }) => [{ of: 'you', text }],
  'gate.resolved': ({ answer, by }) => (answer.comment === undefined ? [] : [{ of: by, text: answer.comment }]),
  'agent.message': ({ agent, text }) => [{ of: `${agent} agent`, text }],
  'agent.finished': ({ agent, output }) => [{ of: `${agent} agent`, text: wordsIn(output) }],
  reviewed: ({ text }) => [{ of: 'opinion', text }],
};

/** A line that is torn or was altered tells nothing. */
async function passagesOf(folder: string): Promise<Passage[]> {
  const log = await readFile(path.join(folder, 'events.jsonl'), 'utf8').catch(() => '');
  const passages: Passage[] = [];
  for (const line of log.split('\n')) {
    // Most of a log is what tools gave back, which is not worth parsing.
    const type = /^\{"seq":\d+,"at":"[^"]*","type":"([\w.]+)"/.exec(line)?.[1];
    const tell = told[type as EventType] as ((event: NewEvent) => Passage[]) | undefined;
    if (tell) passages.push(...(await passagesIn(folder, line, tell)));
  }
  return passages.filter(({ text }) => text.trim() !== '');
}

async function passagesIn(folder: string, line: string, tell: (event: NewEvent) => Passage[]): Promise<Passage[]> {
  try {
    const event = JSON.parse(line) as NewEvent & { blob?: string };
    if (event.blob === undefined) return tell(event);
    const kept = await readFile(path.join(folder, 'blobs', path.basename(event.blob)), 'utf8');
    return tell({ ...event, ...(JSON.parse(kept) as object) });
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** Every text in a value, whatever its shape. */
function wordsIn(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? Object.values(value).map(wordsIn).join(' ') : '';
}
