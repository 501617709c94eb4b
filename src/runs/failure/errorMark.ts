import type { Traceback } from '../traceback.ts';

/** By what an error is known again after the code around it was changed: its class and the function that it came up in,
 *  for its line moves and its message holds values; of a run that printed no traceback, the reason it ended. */
export function errorMark({ traceback, reason }: { traceback: Traceback | null; reason: string }): string {
  if (!traceback) return reason;
  return `${traceback.error} in ${traceback.frames.at(-1)?.function ?? ''}`;
}
