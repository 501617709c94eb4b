import { withEngine } from '../openEngine.ts';
import { conclude } from '../outcome.ts';
import type { CommonOptions } from './options.ts';

/** Accepts a doubt that a verdict was left open by, and prints the verdict as it is judged now. */
export async function accept(name: string, check: string, options: CommonOptions & { reason: string }): Promise<void> {
  await withEngine(options.workspace, name, async (engine) => {
    const { session } = await engine.acceptDoubt(name, check, options.reason, 'researcher');
    const { events } = await engine.attach(session);
    process.exitCode = conclude(session, { kind: 'finished' }, events, options);
  });
}
