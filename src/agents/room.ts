import { isSmallContext } from '../domain/smallContext.ts';

/** How much there is room for in what an agent is told: a model that holds little is told less, and reads the rest piece
 *  by piece. */
export type Room = 'ample' | 'small';

export function roomFor(contextTokens: number | undefined): Room {
  return isSmallContext(contextTokens) ? 'small' : 'ample';
}

/** Told besides to a model that holds little. */
export const SMALL_RULES =
  'You can hold little at once. Look at one thing in an answer and wait for it; read a paper section by section and a file where it matters. Old results give way to a summary: before you look further, say in a few words what you need of what you have seen.';
