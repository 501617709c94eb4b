import type { Line } from './pdfLines.ts';
import { proseOf, type Setting } from './pdfProse.ts';

const MARKER = /^(\[[\w+,. -]{1,30}\]|\d{1,3}\.)\s/;

/** An entry of a bibliography, with what stands before it to name it, such as 12 or Ash20. */
export interface Entry {
  label: string | null;
  text: string;
}

/** Parts the lines of a bibliography into entries: by markers such as [1], else by the one of hanging indents, gaps
 *  and beginnings that gives the most entries that look like one. */
export function entriesOf(lines: readonly Line[], setting: Setting): Entry[] {
  const candidates = startsBy(lines).map((starts) => partedBy(starts, lines, setting));
  const [first, ...others] = candidates.map((entries) => ({ entries, score: scoreOf(entries) }));
  const best = others.reduce(
    (best, other) => (other.score > best.score ? other : best),
    first ?? { entries: [], score: 0 },
  );
  return best.entries.filter(({ text }) => text.length > 10);
}

function partedBy(starts: Starts, lines: readonly Line[], setting: Setting): Entry[] {
  const entries: Line[][] = [];
  for (const [index, line] of lines.entries()) {
    if (entries.length === 0 || starts(line, lines[index - 1])) entries.push([line]);
    else entries.at(-1)?.push(line);
  }
  return entries.map((entry) => {
    const text = proseOf(entry.map(asOneParagraph), setting).replace(/\s+/g, ' ');
    const marker = MARKER.exec(text)?.[0];
    return { label: marker?.replace(/^\[|\]?\.?\s$/g, '') ?? null, text: text.slice(marker?.length ?? 0) };
  });
}

/** One for an entry that names somebody first and a year once or twice, less one for what is none. */
function scoreOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { text }) => sum + (looksLikeEntry(text) ? 1 : -1), 0);
}

function looksLikeEntry(text: string): boolean {
  const years = new Set(
    text.replace(/https?:\S+|arxiv:\S+|doi:\s?\S+/gi, ' ').match(/\b(?:19|20)\d\d(?=[a-z]?\b)/g) ?? [],
  );
  return (
    NAMED.test(text) && text.length > 30 && text.length < 900 && years.size < 4 && /[12]\d{3}|n\.d\.|press/.test(text)
  );
}

const NAMED = /^["“]?(\p{Lu}|van |von |de |al-|d’)/u;

/** How an entry begins in bibliographies without markers: Family, G. or G. Family or Given Family, and the first such. */
const AUTHOR =
  /^(?:\p{Lu}[\p{L}’'-]+,\s(?:\p{Lu}\.|\p{Lu}[\p{L}]+)|(?:\p{Lu}\.[\s-]?)+\p{Lu}\p{L}+|\p{Lu}\p{L}+(?:\s\p{Lu}\.?\p{L}*){1,3}(?:,|\.|\sand\s))/u;

type Starts = (line: Line, above: Line | undefined) => boolean;

function startsBy(lines: readonly Line[]): Starts[] {
  const marked = lines.filter((line) => MARKER.test(line.text));
  if (marked.length >= 2 && MARKER.test(lines[0]?.text ?? '')) return [(line) => MARKER.test(line.text)];
  const edges = edgesOf(lines);
  const isOut: Starts = (line) => line.x < (edges.get(columnOf(line)) ?? line.x) + 3;
  const gaps = lines.map((line) => line.gap).filter((gap) => gap > 0 && Number.isFinite(gap));
  const tight = gaps.sort((a, b) => a - b)[Math.floor(0.15 * gaps.length)] ?? 12;
  const isApart: Starts = (line, above) =>
    Number.isFinite(line.gap) ? line.gap > 1.12 * tight : AUTHOR.test(line.text) && endsEntry(above);
  return [isOut, isApart, (line, above) => AUTHOR.test(line.text) && endsEntry(above)];
}

/** Whether an entry can end with a line: with its full stop, a year, or an address. */
function endsEntry(line: Line | undefined): boolean {
  return line === undefined || /(?:[.)\]]|\d{4}[a-z]?|https?:\S+|\/\S*)$/.test(line.text);
}

/** The left edge of each column on each page. */
function edgesOf(lines: readonly Line[]): Map<string, number> {
  const edges = new Map<string, number>();
  for (const line of lines) {
    const column = columnOf(line);
    edges.set(column, Math.min(edges.get(column) ?? line.x, line.x));
  }
  // A column that holds only an entry's continuation has no edge of its own; another page's of its kind serves.
  const kinds = new Map<string, number>();
  for (const [column, edge] of edges) {
    const kind = column.split(' ')[1] ?? '';
    kinds.set(kind, Math.min(kinds.get(kind) ?? edge, edge));
  }
  for (const [column, edge] of edges) {
    const usual = kinds.get(column.split(' ')[1] ?? '') ?? edge;
    if (edge - usual < 25) edges.set(column, usual);
  }
  return edges;
}

function columnOf(line: Line): string {
  return `${line.page} ${line.place}`;
}

/** Within an entry no gap or indent begins a paragraph. */
function asOneParagraph(line: Line): Line {
  return { ...line, text: line.text.replace(/\t/g, ' '), page: 0, place: 'full', x: 0, gap: 1 };
}
