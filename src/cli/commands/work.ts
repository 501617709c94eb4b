import { statSync } from 'node:fs';
import path from 'node:path';
import type { Assignment } from '../../domain/event.ts';
import { drive } from '../drive.ts';
import { withEngine } from '../openEngine.ts';
import { conclude } from '../outcome.ts';
import { UsageError } from '../usageError.ts';
import { namedPaper } from './namedPaper.ts';
import { limitsIn, modelChoice, type RunningOptions, type ThinkingOptions } from './options.ts';

interface Sources {
  paper?: string;
  idea?: string;
}

/** A paper, an idea, or both.
 *  @throws UsageError where neither is named, or a file is missing */
async function sources(
  named: string | undefined,
  { paper: flagged, idea: file }: Sources,
): Promise<{ paper: string | null; ideaFile: string | null }> {
  if (named !== undefined && flagged !== undefined && named !== flagged) {
    throw new UsageError(`Two papers are named, ${named} and ${flagged}: a session begins from one.`);
  }
  const paper = named ?? flagged;
  if (paper === undefined && file === undefined) {
    throw new UsageError(
      'Name what to start from: a paper (a file, an arXiv id, a DOI, an address), --idea FILE, or both.',
    );
  }
  return {
    paper: paper === undefined ? null : await namedPaper(paper, flagged === undefined ? 'the paper' : '--paper'),
    ideaFile: file === undefined ? null : present(file, '--idea'),
  };
}

export async function idea(named: string | undefined, options: ThinkingOptions & Sources): Promise<void> {
  await begin({ kind: 'idea', ...(await sources(named, options)) }, options);
}

export async function research(named: string | undefined, options: ThinkingOptions & Sources): Promise<void> {
  const { paper, ideaFile } = await sources(named, options);
  await begin({ kind: 'research', paper, ideaFile }, options);
}

export async function measure(
  options: RunningOptions & {
    baseline?: string;
    variant?: string[];
    arm?: { name: string; args: string }[];
    hypothesis: string;
    allSeeds?: boolean;
    final?: boolean;
    controls?: boolean;
  },
): Promise<void> {
  const { variant = [], arm: arms, hypothesis, allSeeds = false, final = false, controls = false } = options;
  if (options.baseline === undefined && arms === undefined) {
    throw new UsageError(
      'Name what to compare with: --baseline REVISION, or configurations with --arm NAME=ARGUMENTS.',
    );
  }
  if (arms !== undefined && variant.length > 0) {
    throw new UsageError('--arm compares configurations of one commit, --variant commits: give one of the two.');
  }
  if (arms !== undefined && arms.length < 2) {
    throw new UsageError('One --arm is no comparison: give the baseline first and then what to measure.');
  }
  if (final && variant.length === 0 && arms === undefined) {
    throw new UsageError('--final scores a comparison: name a --variant, or configurations with --arm.');
  }
  if (controls && variant.length === 0 && arms === undefined) {
    throw new UsageError('--controls belongs to a comparison: name a --variant, or configurations with --arm.');
  }
  const baseline = options.baseline ?? 'HEAD';
  const chosen = { ...(arms !== undefined && { arms }), ...(final && { final }), ...(controls && { controls }) };
  await begin({ kind: 'measure', baseline, variants: variant, hypothesis, allSeeds, ...chosen }, options);
}

async function begin(assignment: Assignment, options: ThinkingOptions): Promise<void> {
  await withEngine(options.workspace, null, async (engine) => {
    const { session } = await engine.start({
      assignment,
      policy: options.policy,
      unconfined: options.unconfined ?? false,
      ...(options.jobs !== undefined && { jobs: options.jobs }),
      ...limitsIn(options),
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
