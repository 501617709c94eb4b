import { realpath } from 'node:fs/promises';
import type { EndedRun } from '../domain/run.ts';
import { followRun } from '../runs/followRun.ts';
import { placeOfLast } from '../runs/outputLog.ts';
import { type FoundLine, searchOutput } from '../runs/searchOutput.ts';
import { whyWaiting } from '../runs/slurm/jobFolder.ts';

/** Where the last lines of what a run has printed by now begin. Bytes. */
export async function startOfLast(workspace: string, run: string, lines: number): Promise<number> {
  return await placeOfLast(await realpath(workspace), run, lines);
}

/** The lines of a run's output that hold words, with the seconds when they came.
 *  @throws RunError `spec` for what names no run */
export async function* searchedOutput(workspace: string, run: string, words: string): AsyncGenerator<FoundLine> {
  yield* searchOutput(await realpath(workspace), run, words);
}

/** What a run prints, from its beginning (or a byte) to its end, as it comes; leaving the loop stops nothing.
 *  @param onWaiting is told why it waits in a cluster, once for each reason
 *  @returns its record at its end
 *  @throws RunError `unknown` where there is no such run */
export async function* outputOf(
  workspace: string,
  run: string,
  { from = 0, onWaiting }: { from?: number; onWaiting?: (why: string) => void } = {},
): AsyncGenerator<string, EndedRun> {
  const top = await realpath(workspace);
  let told = '';
  const look = async (): Promise<void> => {
    const why = await whyWaiting(top, run);
    if (why !== null && why !== told) onWaiting?.(why);
    told = why ?? told;
  };
  return yield* followRun(top, run, { from, look });
}
