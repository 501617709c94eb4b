import type { SessionEvent } from '../../domain/event.ts';
import { drive } from '../drive.ts';
import { withEngine } from '../openEngine.ts';
import { conclude } from '../outcome.ts';
import { chosenAnew, type ResumeOptions } from './options.ts';

export async function resume(name: string, options: ResumeOptions): Promise<void> {
  await withEngine(options.workspace, name, async (engine) => {
    const { events: before } = await engine.attach(name);
    const { session } = await engine.resume({ session: name, ...chosenAnew(options, before) });
    const { rest, events } = await drive(engine, session);
    process.exitCode = conclude(session, rest, events, options);
  });
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
