/** Lines of a text, 1-based, both ends included. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** The at most three places of a text that are most like some lines; none where nothing is alike. */
export function nearestPlaces(source: string, wanted: readonly string[]): LineRange[] {
  const lines = source.split('\n');
  const anchors = [...new Set([longest(wanted), wanted.findIndex((line) => line.trim() !== '')])];
  if (anchors.every((anchor) => (wanted[anchor] ?? '').trim() === '')) return [];
  const scored = anchors
    .flatMap((anchor) => {
      const text = (wanted[anchor] ?? '').trim();
      return lines.map((line, at) => ({ start: Math.max(0, at - anchor), score: likeness(line.trim(), text) }));
    })
    .filter(({ score }) => score >= 0.4)
    .sort((one, other) => other.score - one.score)
    .slice(0, 24)
    .filter(({ start }, i, all) => all.findIndex((one) => one.start === start) === i)
    .map(({ start }) => ({ start, score: windowLikeness(lines, start, wanted) }))
    .sort((one, other) => other.score - one.score);
  const best = scored[0]?.score ?? 0;
  return scored
    .filter(({ score }) => score >= 0.8 * best)
    .slice(0, 3)
    .map(({ start }) => ({
      first: start + 1,
      last: Math.min(lines.length, start + Math.min(wanted.length, mostLines)),
    }));
}

/** Lines with their numbers, as far as they exist. */
export function numberedLines(source: string, first: number, last: number): string {
  const lines = source.split('\n');
  const from = Math.max(1, first);
  return lines
    .slice(from - 1, last)
    .map((line, at) => `${from + at}| ${line}`)
    .join('\n');
}

const mostLines = 30;

function longest(lines: readonly string[]): number {
  let best = 0;
  for (const [at, line] of lines.entries()) if (line.trim().length > (lines[best] ?? '').trim().length) best = at;
  return best;
}

function windowLikeness(lines: readonly string[], start: number, wanted: readonly string[]): number {
  const scores = wanted.map((line, at) => likeness((lines[start + at] ?? '').trim(), line.trim()));
  return scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length);
}

/** Share of letter pairs that two lines have in common, 0 to 1. */
export function likeness(one: string, other: string): number {
  if (one === other) return 1;
  const left = pairs(one);
  const right = pairs(other);
  let shared = 0;
  for (const [pair, count] of left) shared += Math.min(count, right.get(pair) ?? 0);
  const total = Math.max(0, one.length - 1) + Math.max(0, other.length - 1);
  return total === 0 ? 0 : (2 * shared) / total;
}

function pairs(line: string): Map<string, number> {
  const found = new Map<string, number>();
  for (let at = 0; at + 1 < line.length; at += 1) {
    const pair = line.slice(at, at + 2);
    found.set(pair, (found.get(pair) ?? 0) + 1);
  }
  return found;
}
