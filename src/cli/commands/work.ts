import { statSync } from 'node:fs';
import path from 'node:path';
import type { Assignment } from '../../domain/event.ts';
import { drive } from '../drive.ts';
import { withEngine } from '../openEngine.ts';
import { conclude } from '../outcome.ts';
import { UsageError } from '../usageError.ts';
import { modelChoice, type RunningOptions, type ThinkingOptions } from './options.ts';

export async function idea(options: ThinkingOptions & { paper: string }): Promise<void> {
  await begin({ kind: 'idea', paper: present(options.paper, '--paper') }, options);
}

export async function research(options: ThinkingOptions & { paper?: string; idea?: string }): Promise<void> {
  if ((options.paper === undefined) === (options.idea === undefined)) {
    throw new UsageError('Name what to start from: --paper FILE or --idea FILE, one of the two.');
  }
  const paper = options.paper === undefined ? null : present(options.paper, '--paper');
  const ideaFile = options.idea === undefined ? null : present(options.idea, '--idea');
  await begin({ kind: 'research', paper, ideaFile }, options);
}

export async function measure(
  options: RunningOptions & { baseline: string; variant?: string[]; hypothesis: string; allSeeds?: boolean },
): Promise<void> {
  const { baseline, variant = [], hypothesis, allSeeds = false } = options;
  await begin({ kind: 'measure', baseline, variants: variant, hypothesis, allSeeds }, options);
}

async function begin(assignment: Assignment, options: ThinkingOptions): Promise<void> {
  await withEngine(options.workspace, null, async (engine) => {
    const { session } = await engine.start({
      assignment,
      policy: options.policy,
      unconfined: options.unconfined ?? false,
      budgetTokens: options.budgetTokens ?? null,
      model: modelChoice(options),
    });
    const { rest, events } = await drive(engine, session);
    process.exitCode = conclude(session, rest, events, options);
  });
}

/** A misspelt file must not leave a session behind that failed before it began. */
function present(file: string, flag: string): string {
  const absolute = path.resolve(file);
  if (!statSync(absolute, { throwIfNoEntry: false })?.isFile())
    throw new UsageError(`${absolute}: there is no such file; ${flag} takes the path of one.`);
  return absolute;
}
