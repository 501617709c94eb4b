import { realpath } from 'node:fs/promises';
import { followRun } from '../runs/followRun.ts';

/** What a run prints, from its beginning to its end, as it comes; leaving the loop stops nothing.
 *  @throws RunError `unknown` where there is no such run */
export async function* outputOf(workspace: string, run: string): AsyncGenerator<string> {
  yield* followRun(await realpath(workspace), run);
}
