/** The Python sources of a workspace, as far as a failure is looked for in them. */
export interface Sources {
  /** Paths relative to the workspace, with slashes. */
  readonly files: readonly string[];
  /** The lines of one of them; empty where it cannot be read. */
  lines(file: string): Promise<readonly string[]>;
}

/** A line of the workspace, from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Spaces before the first letter of a line; none for an empty one, which stands in every block. */
export function indentOf(line: string): number | null {
  return line.trim() === '' ? null : line.length - line.trimStart().length;
}

/** The first and last line (from 1) of the block that a line opens: what follows it and stands deeper. */
export function blockUnder(lines: readonly string[], head: number): readonly [first: number, last: number] {
  const indent = indentOf(lines[head - 1] ?? '') ?? 0;
  let last = head;
  for (let at = head + 1; at <= lines.length; at++) {
    const own = indentOf(lines[at - 1] ?? '');
    if (own === null) continue;
    if (own <= indent) break;
    last = at;
  }
  return [head + 1, last];
}

/** The nearest line above that stands less deep and matches; null where there is none. */
export function headAbove(lines: readonly string[], from: number, wanted: RegExp): number | null {
  let indent = indentOf(lines[from - 1] ?? '') ?? 0;
  for (let at = from - 1; at >= 1; at--) {
    const own = indentOf(lines[at - 1] ?? '');
    if (own === null || own >= indent) continue;
    if (wanted.test(lines[at - 1] ?? '')) return at;
    indent = own;
  }
  return null;
}
