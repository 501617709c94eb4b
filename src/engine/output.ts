import { realpath } from 'node:fs/promises';
import type { EndedRun } from '../domain/run.ts';
import { followRun } from '../runs/followRun.ts';

/** What a run prints, from its beginning to its end, as it comes; leaving the loop stops nothing.
 *  @returns its record at its end
 *  @throws RunError `unknown` where there is no such run */
export async function* outputOf(workspace: string, run: string): AsyncGenerator<string, EndedRun> {
  return yield* followRun(await realpath(workspace), run);
}
