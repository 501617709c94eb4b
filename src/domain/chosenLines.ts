import type { Hunk } from './change.ts';

/** The lines of `before` with those of `after` where a hunk is taken; what a line is, the caller says: bytes or text, with
 *  its line end. */
export function chosenLines<T>(
  before: readonly T[],
  after: readonly T[],
  hunks: readonly Hunk[],
  isTaken: (hunk: Hunk) => boolean,
): T[] {
  const parts: T[] = [];
  let at = 0;
  for (const hunk of hunks) {
    const { old, put } = startsOf(hunk);
    parts.push(...before.slice(at, old));
    at = old + hunk.oldLines;
    parts.push(...(isTaken(hunk) ? after.slice(put, put + hunk.newLines) : before.slice(old, at)));
  }
  parts.push(...before.slice(at));
  return parts;
}

/** Where a hunk begins on both sides, as 0-based places: a range without lines names the line before it. */
export function startsOf({ oldStart, oldLines, newStart, newLines }: Hunk): { old: number; put: number } {
  return { old: oldLines === 0 ? oldStart : oldStart - 1, put: newLines === 0 ? newStart : newStart - 1 };
}
