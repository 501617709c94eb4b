import type { SessionEvent } from '../domain/event.ts';
import type { Gate } from '../domain/gate.ts';

/** How a session's work came to rest, as far as this surface is concerned. */
export type Rest =
  | { kind: 'finished' }
  | { kind: 'failed'; message: string; reason: string }
  /** A gate is open and nobody here can be asked; `detail` is what is decided on. */
  | { kind: 'waiting'; gate: Gate; detail: string }
  | { kind: 'interrupted' }
  /** The session is another process's, which works on. */
  | { kind: 'left'; pid: number }
  /** It was another process's, which went away. */
  | { kind: 'lost'; pid: number };

export function restAfter(event: SessionEvent): Rest | undefined {
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
