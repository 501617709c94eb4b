/** One key of a first contract: its value as YAML, where it comes from, and what a person has to check. */
export interface DraftLine {
  readonly key: string;
  readonly yaml: string;
  readonly why: string;
}

/** A first `mlr.yaml`: every guess stands below a comment that says where it comes from. */
export function contractText(lines: readonly DraftLine[], maybe: readonly string[]): string {
  const head = [
    '# A first contract, written by `mlr init`: guesses, each with where it comes from. Read all of it and change what is',
    '# wrong; then commit it and run `mlr measure --baseline HEAD`. All keys: docs/architecture.md, or hover over one.',
  ];
  const body = lines.flatMap(({ key, yaml, why }) => ['', ...comment(why), `${key}: ${yaml}`]);
  const rest = maybe.length === 0 ? [] : ['', '# Worth a thought:', ...maybe.flatMap(comment)];
  return `${[...head, ...body, ...rest].join('\n')}\n`;
}

/** Text as YAML writes it. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** Paths as a list in brackets. */
export function list(paths: readonly string[]): string {
  return `[${paths.map((path) => (/^[\w./-]+$/.test(path) ? path : quoted(path))).join(', ')}]`;
}

const WIDTH = 118;

function comment(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 1 <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`# ${word}`);
  }
  return lines;
}
