import { drive } from '../drive.ts';
import { withEngine } from '../openEngine.ts';
import { conclude } from '../outcome.ts';
import { modelChoice, type ThinkingOptions } from './options.ts';

export async function resume(name: string, options: ThinkingOptions): Promise<void> {
  await withEngine(options.workspace, name, async (engine) => {
    const { session } = await engine.resume({ session: name, ...chosenAnew(options) });
    const { rest, events } = await drive(engine, session);
    process.exitCode = await conclude(session, rest, events, options);
  });
}

export async function answer(
  name: string,
  gate: string,
  choice: string,
  options: ThinkingOptions & { comment?: string },
): Promise<void> {
  await withEngine(options.workspace, name, async (engine) => {
    const { events } = await engine.attach(name);
    const session = events[0]?.type === 'session.started' ? events[0].session : name;
    const given = options.comment === undefined ? { choice } : { choice, comment: options.comment };
    await engine.answer(session, gate, given, 'researcher');
    await engine.resume({ session, ...chosenAnew(options) });
    const driven = await drive(engine, session);
    process.exitCode = await conclude(session, driven.rest, driven.events, options);
  });
}

/** What flags change about how the session began; null keeps it. */
function chosenAnew(options: ThinkingOptions) {
  const named = [options.model, options.baseUrl, options.replay, options.record].some((o) => o !== undefined);
  return { model: named ? modelChoice(options) : null, budgetTokens: options.budgetTokens ?? null };
}
