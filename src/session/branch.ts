import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type BranchPoint, branchPoints } from '../domain/branchPoint.ts';
import type { EventBody, NewEvent, Origin, SessionEvent } from '../domain/event.ts';
import { version } from '../domain/version.ts';
import { GitError } from '../git/gitError.ts';
import { Repository } from '../git/repository.ts';
import { SessionError } from './errors.ts';
import { readLog, writeLog } from './log.ts';
import { findSession, newSessionId, prepareStore, sessionFolder } from './store.ts';

export interface BranchRequest {
  /** A session's name. */
  session: string;
  /** The gate that was decided. */
  gate: string;
  /** Whether its answer holds in the branch too; else it is asked again. */
  keepAnswer: boolean;
}

/** Makes a session whose log is another's up to a decision, and leaves that one as it is. It is there whole or not at all.
 *  @returns its id
 *  @throws SessionError `unknown-session`; `bad-input` where there is no such decision, or nothing follows from it */
export async function branchSession(workspace: string, request: BranchRequest): Promise<string> {
  const folder = await findSession(workspace, request.session);
  const origin = path.basename(folder);
  const { events } = await readLog(folder);
  const point = pointIn(events, origin, request);
  const copied = events.slice(0, request.keepAnswer ? point.event : point.event - 1);
  const last = copied.at(-1);
  if (!last) throw new TypeError('A decision stands after the first event.');
  const id = newSessionId();
  const from: Origin = { session: origin, gate: request.gate, event: last.seq, hash: last.hash };
  await prepareStore(workspace);
  await keepCommits(workspace, id, copied);
  const unfinished = path.join(workspace, '.mlr', 'sessions', `.branching-${id}`);
  try {
    await writeLog(
      unfinished,
      copied.map((event) => branched(event, { session: id, version, workspace, origin: from })),
    );
    await rename(unfinished, sessionFolder(workspace, id));
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return id;
}

/** Whether what a branch begins with is what its origin's log says, as far as that is still in the workspace.
 *  @throws SessionError `log` */
export async function assertBranched(workspace: string, events: readonly SessionEvent[]): Promise<void> {
  const started = events[0]?.type === 'session.started' ? events[0] : undefined;
  const from = started?.origin;
  if (!(from && existsSync(sessionFolder(workspace, from.session)))) return;
  const { events: before } = await readLog(sessionFolder(workspace, from.session));
  const wrong = (event: number, what: string) =>
    new SessionError(
      'log',
      `Session ${started.session} was branched from ${from.session}, whose event ${event} ${what}.`,
    );
  if (before[from.event - 1]?.hash !== from.hash) throw wrong(from.event, 'is another by now');
  for (const event of before.slice(0, from.event)) {
    const here = events[event.seq - 1];
    if (!isDeepStrictEqual(here && bodyOf(here), branched(event, started))) throw wrong(event.seq, 'was another');
  }
}

function pointIn(events: readonly SessionEvent[], session: string, { gate, keepAnswer }: BranchRequest): BranchPoint {
  const points = branchPoints(events);
  const point = points.find((one) => one.gate.id === gate);
  if (!point) {
    const there = points.map((one) => one.gate.id).join(', ') || 'none';
    throw new SessionError(
      'bad-input',
      `Session ${session} has no decision "${gate}" to branch from; there are: ${there}. After the plan is approved, what is made and measured belongs to one session.`,
    );
  }
  if (keepAnswer && point.answer.choice === 'stop') {
    throw new SessionError(
      'bad-input',
      `Session ${session} was stopped at "${gate}", so nothing follows from that answer; let the question be asked again.`,
    );
  }
  return point;
}

/** The event as the branch has it: with its own beginning, and never writing into the recording of its origin. */
function branched(
  event: SessionEvent,
  own: Pick<EventBody<'session.started'>, 'session' | 'version' | 'workspace' | 'origin'>,
): NewEvent {
  const body = bodyOf(event);
  if (body.type === 'session.started') {
    const { session, version, workspace, origin } = own;
    return { ...body, model: { ...body.model, record: null }, session, version, workspace, origin };
  }
  if (body.type === 'session.resumed' && body.model) return { ...body, model: { ...body.model, record: null } };
  return body;
}

function bodyOf({ seq: _seq, at: _at, hash: _hash, ...body }: SessionEvent): NewEvent {
  return body;
}

/** The baseline may be on no branch: it must not go with its origin's refs. */
async function keepCommits(workspace: string, session: string, events: readonly SessionEvent[]): Promise<void> {
  const snapshot = events.findLast((event) => event.type === 'workspace.snapshot');
  const baseline = events.findLast((event) => event.type === 'baseline.fixed');
  if (!(snapshot ?? baseline)) return;
  const repository = await Repository.open(workspace);
  try {
    await repository.keep(session, {
      ...(snapshot && { worktree: snapshot.baseline.commit }),
      ...(baseline && { baseline: baseline.commit }),
    });
  } catch (cause) {
    if (!(cause instanceof GitError)) throw cause;
    const message = `The baseline of that session is no longer in the repository (${cause.message}); begin a new session.`;
    throw new SessionError('bad-input', message, { cause });
  }
}
