import { StringDecoder } from 'node:string_decoder';
import type { EndedRun, Run } from '../domain/run.ts';
import { hasEnded } from '../domain/run.ts';
import { readRun } from './lostRun.ts';
import { Nudge } from './nudge.ts';
import { PrintedOutput } from './printedOutput.ts';
import { inRun, readRecord, runFolder } from './runFolder.ts';

/** Looked at this often even where the system does not say that something changed. Milliseconds. */
const LOOK_EVERY = 200;

/** What a follower reads of a run's folder. */
const TELLING: ReadonlySet<string> = new Set([inRun.record(''), inRun.log(''), inRun.live('')]);

interface FollowOptions {
  /** First byte; negative: counted from the end of what is printed by now. */
  from?: number;
  signal?: AbortSignal;
  look?: (run: Run) => Promise<void>;
}

/**
 * What a run prints, from its beginning (or byte `from`) to its end, as it comes. Leaving the loop stops nothing.
 * @returns the record at its end
 * @throws RunError `unknown` where there is no such run; the signal's reason when it aborts
 */
export async function* followRun(
  workspace: string,
  id: string,
  { from = 0, signal, look }: FollowOptions = {},
): AsyncGenerator<string, EndedRun> {
  const folder = runFolder(workspace, id);
  const decoder = new StringDecoder('utf8');
  // Throws early for a run that does not exist.
  let run = await readRun(workspace, id);
  const printed = await PrintedOutput.at(folder, from);
  const changed = new Nudge().on(folder, TELLING);
  let nudged = false;
  signal?.addEventListener('abort', changed.give);
  try {
    for (;;) {
      signal?.throwIfAborted();
      // Whoever wrote a moment ago was there: whether it still is, is looked at where nothing happens.
      run = (nudged ? await readRecord(folder) : null) ?? (await readRun(workspace, id));
      const bytes = await printed.next(hasEnded(run));
      const text = decoder.write(bytes);
      if (text) yield text;
      if (bytes.length > 0) continue;
      if (hasEnded(run)) return run;
      if (!nudged) await look?.(run);
      nudged = await changed.wait(LOOK_EVERY);
    }
  } finally {
    changed.close();
    signal?.removeEventListener('abort', changed.give);
  }
}
