import type { SessionEvent } from '../domain/event.ts';
import type { Gate } from '../domain/gate.ts';
import type { EngineApi } from '../engine/api.ts';
import { askPerson } from './askPerson.ts';
import { Progress } from './progress.ts';

/** How a session's work came to rest. */
export type Rest =
  | { kind: 'finished' }
  | { kind: 'failed'; message: string; reason: string }
  | { kind: 'waiting'; gate: Gate }
  | { kind: 'interrupted' };

/** Follows a session until it rests, asking the person at the terminal at every gate, if there is a person.
 *  Ctrl-C stops the session; what it did stays, and it can be resumed. */
export async function drive(engine: EngineApi, session: string): Promise<{ rest: Rest; events: SessionEvent[] }> {
  const progress = new Progress(process.stderr);
  const seen = new Map<number, SessionEvent>();
  const asking = new AbortController();
  const resting = resolvers<Rest>();
  const take = (event: SessionEvent) => {
    if (seen.has(event.seq)) return;
    seen.set(event.seq, event);
    progress.show(event);
    const rest = restAfter(event);
    if (rest) resting.resolve(rest);
    if (event.type === 'gate.opened' && event.waitsFor === 'person')
      atGate(engine, session, event.gate, asking.signal, resting);
  };
  const interrupt = () => {
    asking.abort();
    engine.stop(session, 'researcher').then(() => resting.resolve({ kind: 'interrupted' }), resting.reject);
  };
  const end = engine.onEvent((id, event) => {
    if (id === session) take(event);
  });
  process.once('SIGINT', interrupt);
  try {
    await catchUp(engine, session, seen, take);
    const rest = await resting.promise;
    return { rest, events: [...seen.values()].sort((a, b) => a.seq - b.seq) };
  } finally {
    end();
    process.off('SIGINT', interrupt);
  }
}

/** Events from before this surface came: the past is not told again, but an open gate is asked. */
async function catchUp(
  engine: EngineApi,
  session: string,
  seen: Map<number, SessionEvent>,
  take: (event: SessionEvent) => void,
): Promise<void> {
  const { events } = await engine.attach(session);
  const resumed = events.findLastIndex((e) => e.type === 'session.resumed' || e.type === 'session.started');
  for (const event of events.slice(0, resumed)) seen.set(event.seq, event);
  for (const event of events.slice(Math.max(0, resumed))) take(event);
  const answered = new Set(events.flatMap((e) => (e.type === 'gate.resolved' ? [e.gate] : [])));
  const open = events.slice(0, resumed).findLast((e) => e.type === 'gate.opened' && !answered.has(e.gate.id));
  if (open) {
    seen.delete(open.seq);
    take(open);
  }
}

function resolvers<T>(): { promise: Promise<T>; resolve(value: T): void; reject(error: unknown): void } {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

function restAfter(event: SessionEvent): Rest | undefined {
  switch (event.type) {
    case 'session.finished':
      return { kind: 'finished' };
    case 'session.failed':
      return { kind: 'failed', message: event.message, reason: event.reason };
    case 'session.stopped':
    case 'session.paused':
      return { kind: 'interrupted' };
    default:
      return undefined;
  }
}

function atGate(
  engine: EngineApi,
  session: string,
  gate: Gate,
  signal: AbortSignal,
  resting: { resolve(rest: Rest): void; reject(error: unknown): void },
): void {
  if (!process.stdin.isTTY) {
    resting.resolve({ kind: 'waiting', gate });
    return;
  }
  askPerson(gate, signal)
    .then((answer) => engine.answer(session, gate.id, answer, 'researcher'))
    .catch((error: unknown) => {
      if (!signal.aborted) resting.reject(error);
    });
}
