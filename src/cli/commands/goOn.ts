import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionEvent } from '../../domain/event.ts';
import { EngineError } from '../../engine/errors.ts';
import { drive } from '../drive.ts';
import { withEngine } from '../openEngine.ts';
import { conclude } from '../outcome.ts';
import { chosenAnew, type ResumeOptions } from './options.ts';

/** How often, and after how long (milliseconds), another look is taken at who works on a session that was joined. */
const LOOKS = 50;
const PAUSE = 200;
/** How an engine that was joined fails a request where its process has ended, before the request or during it. */
const GONE: ReadonlySet<string> = new Set(['unreachable', 'gone']);

/** Whoever worked on the session may end while it is joined, finished or killed: then it is this process's turn. */
export async function resume(name: string, options: ResumeOptions): Promise<void> {
  // By its own name from then on: another may have become the last.
  let named = name;
  for (let left = LOOKS; ; left--) {
    const isLost = await withEngine(options.workspace, named, async (engine) => {
      const { events: before } = await engine.attach(named);
      if (before[0]?.type === 'session.started') named = before[0].session;
      const { session } = await engine.resume({ session: named, ...chosenAnew(options, before) });
      const { rest, events } = await drive(engine, session);
      if (rest.kind === 'lost' && left > 0) return true;
      process.exitCode = conclude(session, rest, events, options);
      return false;
    }).catch((error: unknown) => {
      if (left > 0 && error instanceof EngineError && GONE.has(error.reason)) return true;
      throw error;
    });
    if (!isLost) return;
    await sleep(PAUSE);
  }
}

export async function answer(
  name: string,
  gate: string,
  choice: string,
  options: ResumeOptions & { comment?: string },
): Promise<void> {
  await withEngine(options.workspace, name, async (engine) => {
    const { events } = await engine.attach(name);
    const session = events[0]?.type === 'session.started' ? events[0].session : name;
    const chosen = numbered(events, gate, choice);
    const given = options.comment === undefined ? { choice: chosen } : { choice: chosen, comment: options.comment };
    await engine.answer(session, gate, given, 'researcher');
    await engine.resume({ session, ...chosenAnew(options, events) });
    const driven = await drive(engine, session);
    process.exitCode = conclude(session, driven.rest, driven.events, options);
  });
}

/** A choice may be given by its number, as at a terminal. */
function numbered(events: readonly SessionEvent[], gate: string, choice: string): string {
  const opened = events.findLast((e) => e.type === 'gate.opened' && e.gate.id === gate);
  const options = opened?.type === 'gate.opened' ? opened.gate.options : [];
  if (options.some((option) => option.choice === choice)) return choice;
  return options[Number(choice) - 1]?.choice ?? choice;
}
