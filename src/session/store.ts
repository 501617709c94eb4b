import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionCost } from '../domain/cost.ts';
import type { Origin, SessionEvent } from '../domain/event.ts';
import type { NoiseRuns, Registration } from '../domain/evidence.ts';
import { readLock, takeLock } from '../runs/lock.ts';
import { RunError } from '../runs/runError.ts';
import { SessionError } from './errors.ts';
import { readLog } from './log.ts';
import { emptyState, foldAll, type Phase, type SessionState, type Status } from './state.ts';

/** What a list of sessions shows of each. */
export interface SessionSummary {
  id: string;
  kind: string;
  title: string;
  status: Status;
  phase: Phase;
  startedAt: string;
  verdict: string | null;
  tokens: { prompt: number; completion: number };
  /** What it took, per agent and phase, and per kind of run. */
  cost: SessionCost;
  report: string | null;
  /** The decision of another session that it was branched from. */
  origin: Origin | null;
  /** Whether a process works on it: a session that says `working` and is not held was left by one that ended. */
  held: boolean;
  /** Why its log cannot be read; null where it can. */
  problem: string | null;
}

/** What git ignores below `.mlr/`: everything but ideas and reports, which are made to be committed. */
const IGNORED = '*\n!.gitignore\n!ideas/\n!ideas/**\n!reports/\n!reports/**\n';

/** Makes `.mlr/` with its `.gitignore`, written by the tool and never by an agent. */
export async function prepareStore(workspace: string): Promise<string> {
  const store = path.join(workspace, '.mlr');
  await mkdir(path.join(store, 'sessions'), { recursive: true });
  await writeFile(path.join(store, '.gitignore'), IGNORED);
  return store;
}

/** A new session's id: sortable by time, unlikely to meet another's. */
export function newSessionId(now = new Date()): string {
  return `${now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}-${randomBytes(3).toString('hex')}`;
}

export function sessionFolder(workspace: string, id: string): string {
  return path.join(workspace, '.mlr', 'sessions', id);
}

/** The folder of a session named in full or by an unambiguous beginning; `last` names the newest.
 *  @throws SessionError `unknown-session` listing what there is */
export async function findSession(workspace: string, name: string): Promise<string> {
  const ids = await sessionIds(workspace);
  const matches = name === 'last' ? ids.slice(-1) : ids.filter((id) => id === name || id.startsWith(name));
  const [only] = matches;
  if (only !== undefined && matches.length === 1) return sessionFolder(workspace, only);
  const there = ids.slice(-5).join(', ') || 'none yet';
  const problem = matches.length > 1 ? 'names more than one session' : 'names no session';
  throw new SessionError('unknown-session', `"${name}" ${problem} of ${workspace}; the newest are: ${there}.`);
}

/** The newest session that has a report, or null: who reproduces one begins a session that has none. */
export async function newestReported(workspace: string): Promise<string | null> {
  const reports = path.join(workspace, '.mlr', 'reports');
  const names = await readdir(reports).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.sort().findLast((name) => existsSync(path.join(reports, name, 'report.md'))) ?? null;
}

export async function listSessions(workspace: string): Promise<SessionSummary[]> {
  const summaries: SessionSummary[] = [];
  for (const id of await sessionIds(workspace)) {
    try {
      const { events } = await readLog(sessionFolder(workspace, id));
      const first = events[0];
      if (!first) continue;
      const held = (await readLock(path.join(sessionFolder(workspace, id), 'lock'))).live;
      summaries.push({ ...summarize(id, first.at, foldAll(events)), held });
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      // One damaged log must not hide the other sessions.
      summaries.push({
        ...summarize(id, '', emptyState()),
        status: 'failed',
        title: 'Unreadable',
        problem: error.message,
      });
    }
  }
  return summaries;
}

/** The logs of a workspace's sessions, oldest first. One that cannot be read is told of where it is looked at itself. */
export async function* readableLogs(
  workspace: string,
): AsyncGenerator<{ id: string; events: readonly SessionEvent[] }> {
  for (const id of await sessionIds(workspace)) {
    try {
      yield { id, events: (await readLog(sessionFolder(workspace, id))).events };
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
    }
  }
}

/** Every registration ever made in this workspace, oldest first: tries on a test set are counted across sessions.
 *  `live` names those whose session somebody works on at this moment. */
export async function allRegistrations(
  workspace: string,
  except: string,
): Promise<{ registrations: Registration[]; live: Set<string>; noise: NoiseRuns[] }> {
  const registrations: Registration[] = [];
  const noise: NoiseRuns[] = [];
  const live = new Set<string>();
  for (const id of await sessionIds(workspace)) {
    if (id === except) continue;
    const { events } = await readLog(sessionFolder(workspace, id));
    const { registrations: own, status, noisePlan } = foldAll(events);
    if (noisePlan) noise.push({ id: noiseRunsOf(id), baseline: noisePlan.baseline, seeds: noisePlan.seeds });
    registrations.push(...own);
    if (
      own.length === 0 ||
      status !== 'working' ||
      !(await readLock(path.join(sessionFolder(workspace, id), 'lock'))).live
    )
      continue;
    for (const one of own) live.add(one.id);
  }
  return { registrations, live, noise };
}

/** What the ids of a session's runs of a baseline alone begin with. */
export function noiseRunsOf(session: string): string {
  return `${session}-noise`;
}

/** Two sessions that register at the same time would count the same tries: the second waits for the first.
 *  @throws SessionError `locked` where another does not come to an end within a minute */
export async function registeringAlone<T>(workspace: string, work: () => Promise<T>): Promise<T> {
  const file = path.join(workspace, '.mlr', 'registering.lock');
  for (const until = performance.now() + 60_000; ; await sleep(25)) {
    const lock = await takeLock(file).catch((error: unknown) => {
      if (RunError.is(error, 'locked') && performance.now() < until) return null;
      throw error;
    });
    if (lock === null) continue;
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }
}

export function summarize(id: string, startedAt: string, state: SessionState): SessionSummary {
  return {
    id,
    kind: state.started?.assignment.kind ?? 'unknown',
    title: titleOf(state),
    status: state.status,
    phase: state.phase,
    startedAt,
    verdict: state.measurement?.verdict ?? null,
    tokens: state.tokens,
    cost: state.cost,
    report: state.report?.file ?? null,
    origin: state.started?.origin ?? null,
    held: false,
    problem: null,
  };
}

function titleOf(state: SessionState): string {
  if (state.chosen) return state.chosen.idea.title;
  if (state.paper) return state.paper.paper.title;
  const assignment = state.started?.assignment;
  switch (assignment?.kind) {
    case 'measure':
      if (assignment.arms !== undefined) {
        const [first, ...others] = assignment.arms.map(({ name }) => name);
        return `${others.join(', ')} against ${first}`;
      }
      return assignment.variants.length === 0
        ? `The noise of ${assignment.baseline}`
        : `${assignment.variants.join(', ')} against ${assignment.baseline}`;
    case 'idea':
    case 'research':
      return `From ${path.basename(assignment.paper ?? assignment.ideaFile ?? 'nothing')}`;
    case 'reproduce':
      return `${path.basename(assignment.report)} again`;
    default:
      return 'Untitled session';
  }
}

async function sessionIds(workspace: string): Promise<string[]> {
  const names = await readdir(path.join(workspace, '.mlr', 'sessions')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => /^\d{8}-\d{4,6}-/.test(name)).sort();
}
