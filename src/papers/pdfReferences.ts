import type { Line } from './pdfLines.ts';
import { proseOf, type Setting } from './pdfProse.ts';

const MARKER = /^(\[[\w+,. -]{1,30}\]|\d{1,3}\.)\s/;

/** Parts the lines of a bibliography into entries: by markers such as [1], else by hanging indents, else by gaps. */
export function entriesOf(lines: readonly Line[], setting: Setting): string[] {
  const starts = startsBy(lines);
  const entries: Line[][] = [];
  for (const [index, line] of lines.entries()) {
    if (entries.length === 0 || starts(line, lines[index - 1])) entries.push([line]);
    else entries.at(-1)?.push(line);
  }
  return entries
    .map((entry) => proseOf(entry.map(asOneParagraph), setting).replace(/\s+/g, ' ').replace(MARKER, ''))
    .filter((text) => text.length > 10);
}

type Starts = (line: Line, above: Line | undefined) => boolean;

function startsBy(lines: readonly Line[]): Starts {
  const marked = lines.filter((line) => MARKER.test(line.text));
  if (marked.length >= 2 && MARKER.test(lines[0]?.text ?? '')) return (line) => MARKER.test(line.text);
  const edges = edgesOf(lines);
  const isOut = (line: Line) => line.x < (edges.get(columnOf(line)) ?? line.x) + 3;
  const hanging = lines.filter((line) => !isOut(line)).length;
  if (hanging >= 0.25 * lines.length) return isOut;
  const spacing = lines.map((line) => line.gap).sort((a, b) => a - b)[Math.floor(lines.length / 2)] ?? 12;
  return (line) => line.gap > 1.25 * spacing;
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
