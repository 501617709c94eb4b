/** Lines of a text (from 1) and what stands there instead; an empty list takes the line away. */
export type LineEdits = ReadonlyMap<number, readonly string[]>;

/** The text with its edits made. */
export function edited(text: string, edits: LineEdits): string {
  return text
    .split('\n')
    .flatMap((line, index) => edits.get(index + 1) ?? [line])
    .join('\n');
}

const CONTEXT = 3;

/** The edits as a unified diff that `git apply` takes; null where there are none. */
export function unifiedDiff(path: string, text: string, edits: LineEdits): string | null {
  if (edits.size === 0) return null;
  const lines = text.split('\n');
  const last = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  let shift = 0;
  const hunks = groups([...edits.keys()].sort((a, b) => a - b)).map(([first, end]) => {
    const from = Math.max(1, first - CONTEXT);
    const to = Math.min(last, end + CONTEXT);
    const body: string[] = [];
    for (let at = from; at <= to; at += 1) {
      const line = lines[at - 1] ?? '';
      const put = edits.get(at);
      if (put === undefined) body.push(` ${line}`);
      else if (put[0] === line) body.push(` ${line}`, ...put.slice(1).map((one) => `+${one}`));
      else if (put.at(-1) === line) body.push(...put.slice(0, -1).map((one) => `+${one}`), ` ${line}`);
      else body.push(`-${line}`, ...put.map((one) => `+${one}`));
    }
    const after = body.filter((line) => !line.startsWith('-')).length;
    const head = `@@ -${from},${to - from + 1} +${from + shift},${after} @@`;
    shift += after - (to - from + 1);
    return [head, ...body].join('\n');
  });
  return [`--- a/${path}`, `+++ b/${path}`, ...hunks, ''].join('\n');
}

/** Lines near enough to share a hunk. */
function groups(lines: readonly number[]): [first: number, last: number][] {
  const found: [number, number][] = [];
  for (const line of lines) {
    const open = found.at(-1);
    if (open && line - open[1] <= 2 * CONTEXT) open[1] = line;
    else found.push([line, line]);
  }
  return found;
}
