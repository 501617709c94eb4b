import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FailedRun } from '../agents/debug/debugAgent.ts';
import { type Contract, concealed } from '../domain/contract.ts';
import type { MeasureFailure } from '../evidence/measure.ts';
import type { Repository } from '../git/repository.ts';
import { evidencePack } from '../runs/failure/evidencePack.ts';
import { packInWords } from '../runs/failure/packInWords.ts';
import { pythonSources } from '../runs/failure/pythonSources.ts';
import type { Sources } from '../runs/failure/sources.ts';
import { tracebackOf } from '../runs/traceback.ts';

export interface FailedComparison {
  readonly failures: readonly MeasureFailure[];
  readonly contract: Contract;
  /** The variant's change against the baseline, which is an agent's own edit; a unified diff. */
  readonly diff: string;
  /** What a run printed, by its id. */
  readonly output: (run: string) => Promise<string>;
}

/** Failed runs as the Debug agent reads them. Each is looked up in the sources that it ran, those of its own arm's commit:
 *  the arms' lines differ, and a worktree may have moved on since.
 *  @returns in one order, whichever arm happened to run first
 *  @throws GitError */
export async function describeFailures(repository: Repository, comparison: FailedComparison): Promise<FailedRun[]> {
  const { failures, contract } = comparison;
  const scratch = await mkdtemp(path.join(tmpdir(), 'mlr-failed-'));
  try {
    // An arm that failed with every seed is exported once.
    const sources = new Map<string, Sources>();
    const described: FailedRun[] = [];
    for (const failure of [...failures].sort((a, b) => a.arm.name.localeCompare(b.arm.name))) {
      const { commit } = failure.arm;
      const own = sources.get(commit) ?? (await sourcesOf(repository, commit, contract, path.join(scratch, commit)));
      sources.set(commit, own);
      described.push(await describeFailure(failure, comparison, own));
    }
    return described;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function describeFailure(
  { run, arm, reason }: MeasureFailure,
  { diff, output: outputOf }: FailedComparison,
  sources: Sources,
): Promise<FailedRun> {
  const output = await outputOf(run.id);
  const exit = run.state === 'failed' && run.failure === 'wall' ? 'time-out' : run.exit;
  const edit = arm.name === 'baseline' ? '' : diff;
  const failure = { output, argv: run.argv, exit, root: run.cwd, edit } as const;
  return {
    arm: arm.name,
    seed: run.seed,
    exit: run.exit,
    reason,
    traceback: tracebackOf(output),
    evidence: await packInWords(await evidencePack(failure, sources), failure, sources),
  };
}

/** The workspace's sources as a commit holds them, but for what is hidden from agents, written into a new folder. */
async function sourcesOf(repository: Repository, commit: string, contract: Contract, into: string): Promise<Sources> {
  const leaveOut = concealed(contract).map((hidden) => path.posix.join(repository.folder, hidden));
  await repository.exportTree(commit, into, { leaveOut });
  return pythonSources(path.join(into, repository.folder));
}
