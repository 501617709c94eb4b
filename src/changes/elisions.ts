import { indentationOf, type Match } from './matchLines.ts';

/** `...` in the place of lines that are not quoted, also as a comment: `# ... existing code ...`. */
const ELISION = /^\s*(?:#|\/\/|--|\/\*|<!--)?\s*(?:\.\.\.|\u2026)(?:[^.]*(?:\.\.\.|\u2026))?\s*(?:\*\/|-->)?\s*$/;
/** Lines that an elision may stand for. */
const MOST = 200;

export function isElision(line: string): boolean {
  return ELISION.test(line);
}

/** Places where the parts between elisions follow each other. The new text must leave the same lines out, so that they
 *  stay.
 *  @returns every place that fits; an elided line has no place of its own */
export function throughElisions(
  lines: readonly string[],
  oldLines: readonly string[],
  newLines: readonly string[],
): Match[] {
  const count = oldLines.filter(isElision).length;
  if (count === 0 || newLines.filter(isElision).length !== count) return [];
  if (isElision(oldLines[0] ?? '') || isElision(oldLines.at(-1) ?? '')) return [];
  const file = lines.map((line) => line.trim());
  const found: Match[] = [];
  for (const start of file.keys()) {
    for (const at of chains(file, oldLines, { from: 0, place: start, gap: false })) {
      const indentation = indentationOf(lines, oldLines, at);
      if (indentation !== null) found.push({ at, indentation });
    }
  }
  return found;
}

/** Every way to place the lines from one on, after a gap or at once. */
function chains(
  file: readonly string[],
  wanted: readonly string[],
  { from, place, gap }: { from: number; place: number; gap: boolean },
): (number | null)[][] {
  if (from === wanted.length) return [[]];
  const line = wanted[from] ?? '';
  if (isElision(line)) return chains(file, wanted, { from: from + 1, place, gap: true }).map((rest) => [null, ...rest]);
  const last = gap ? Math.min(file.length - 1, place + MOST) : place;
  const found: (number | null)[][] = [];
  for (let at = place; at <= last; at += 1) {
    if (file[at] !== line.trim()) continue;
    for (const rest of chains(file, wanted, { from: from + 1, place: at + 1, gap: false })) found.push([at, ...rest]);
  }
  return found;
}
