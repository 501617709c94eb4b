import type { RecordedRequest } from './recording.ts';

/** What may differ between a recorded request and the same one asked again, because it is measured or drawn anew. */
export interface AllowedChange {
  readonly kind: string;
  readonly pattern: RegExp;
}

export interface Difference {
  /** Where, such as `messages[3] line 12`. */
  readonly where: string;
  /** One of the allowed kinds, or `other`: then the words themselves differ. */
  readonly kind: string;
  readonly recorded: string;
  readonly actual: string;
}

/** In this order: what an earlier pattern takes, a later one no longer sees. */
export const ALLOWED_CHANGES: readonly AllowedChange[] = [
  // What could be enforced is the machine's, not the prompt's.
  { kind: 'confinement', pattern: /^- hidden-unseen: .*$/gm },
  // Which seeds went well before one failed is drawn anew each time.
  { kind: 'seed', pattern: /^These ran through: .*$/gm },
  { kind: 'time', pattern: /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/g },
  { kind: 'time', pattern: /\b\d\d:\d\d:\d\d(?:\.\d+)?\b/g },
  { kind: 'path', pattern: /(?<![\w./])(?:\/[\w.@+-]+){2,}\/?/g },
  { kind: 'run id', pattern: /\bm[0-9a-f]{12}-\d+-[a-z][\w-]*/g },
  { kind: 'run id', pattern: /\b(?:run|session)[-_][\w-]*\d[\w-]*/gi },
  { kind: 'commit', pattern: /\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,64}\b/g },
  { kind: 'seed', pattern: /\bseeds?[\s=:"']{1,3}\d+/gi },
  { kind: 'number', pattern: /(?<![\w.])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w]|\.\d)/gi },
];

/** Every place where a request differs from the recorded one, each with its kind.
 *  @param allowed kinds of change that are listed under their own name; everything else is `other` */
export function differences(
  recorded: RecordedRequest,
  actual: RecordedRequest,
  allowed: readonly AllowedChange[] = ALLOWED_CHANGES,
): Difference[] {
  return [...messageDifferences(recorded, actual, allowed), ...toolDifferences(recorded, actual)];
}

/** The same as lines to print; those that are not allowed begin with `DRIFT`. */
export function drift(recorded: RecordedRequest, actual: RecordedRequest): string[] {
  return differences(recorded, actual).map(describeDifference);
}

export function describeDifference({ where, kind, recorded, actual }: Difference): string {
  return `${kind === 'other' ? 'DRIFT' : `allowed (${kind})`} ${where}: ${short(recorded)} -> ${short(actual)}`;
}

function messageDifferences(
  recorded: RecordedRequest,
  actual: RecordedRequest,
  allowed: readonly AllowedChange[],
): Difference[] {
  const found: Difference[] = [];
  for (let i = 0; i < Math.max(recorded.messages.length, actual.messages.length); i++) {
    const was = recorded.messages[i];
    const is = actual.messages[i];
    const where = `messages[${i}]`;
    if (was?.role !== is?.role || !was || !is) {
      found.push({ where, kind: 'other', recorded: was?.role ?? 'nothing', actual: is?.role ?? 'nothing' });
      continue;
    }
    found.push(...textDifferences(where, was.content, is.content, allowed));
    if (was.role === 'assistant' && is.role === 'assistant') {
      const calls = [JSON.stringify(was.toolCalls), JSON.stringify(is.toolCalls)] as const;
      found.push(...textDifferences(`${where} calls`, ...calls, allowed));
    }
  }
  return found;
}

function toolDifferences(recorded: RecordedRequest, actual: RecordedRequest): Difference[] {
  const found: Difference[] = [];
  for (const name of new Set([...recorded.tools, ...actual.tools].map((tool) => tool.name))) {
    const [was, is] = [recorded, actual].map(({ tools }) => JSON.stringify(tools.find((tool) => tool.name === name)));
    if (was !== is)
      found.push({ where: `tools ${name}`, kind: 'other', recorded: was ?? 'nothing', actual: is ?? 'nothing' });
  }
  return found;
}

function textDifferences(where: string, was: string, is: string, allowed: readonly AllowedChange[]): Difference[] {
  if (was === is) return [];
  const [before, after] = [was.split('\n'), is.split('\n')];
  const found = measuredLines(where, before.filter(isMeasured), after.filter(isMeasured));
  const lines = [before.filter((line) => !isMeasured(line)), after.filter((line) => !isMeasured(line))] as const;
  for (let i = 0; i < Math.max(lines[0].length, lines[1].length); i++) {
    const [before, after] = [lines[0][i], lines[1][i]];
    if (before === after) continue;
    const place = `${where} line ${i + 1}`;
    if (before === undefined || after === undefined) {
      found.push({ where: place, kind: 'other', recorded: before ?? 'nothing', actual: after ?? 'nothing' });
      return found;
    }
    found.push(...lineDifferences(place, before, after, allowed));
  }
  return found;
}

/** Notes that stand there or not by what a clock said: a variant that took more than a certain share of time. */
const isMeasured = (line: string): boolean => /^- budget-parity, a note/.test(line);

function measuredLines(where: string, was: readonly string[], is: readonly string[]): Difference[] {
  const [recorded, actual] = [was.join('; ') || 'nothing', is.join('; ') || 'nothing'];
  return recorded === actual ? [] : [{ where, kind: 'number', recorded, actual }];
}

/** Two lines whose frames agree differ only in what fills the allowed places. */
function lineDifferences(where: string, was: string, is: string, allowed: readonly AllowedChange[]): Difference[] {
  const [before, after] = [framed(was, allowed), framed(is, allowed)];
  if (before.frame !== after.frame) return [{ where, kind: 'other', recorded: was, actual: is }];
  const found = before.filled.flatMap(({ kind, text }, i) => {
    const now = after.filled[i]?.text ?? '';
    return text === now ? [] : [{ where, kind, recorded: text, actual: now }];
  });
  // Columns are as wide as their numbers: spaces alone are a difference of their own kind.
  return found.length > 0 ? found : [{ where, kind: 'spaces', recorded: was, actual: is }];
}

function framed(
  line: string,
  allowed: readonly AllowedChange[],
): { frame: string; filled: { kind: string; text: string }[] } {
  let parts: (string | { kind: string; text: string })[] = [line];
  for (const { kind, pattern } of allowed) {
    parts = parts.flatMap((part) => (typeof part === 'string' ? cutOut(part, kind, pattern) : [part]));
  }
  const frame = parts.map((part) => (typeof part === 'string' ? part : `\u0000${part.kind}\u0000`)).join('');
  return { frame: frame.replace(/ +/g, ' '), filled: parts.filter((part) => typeof part !== 'string') };
}

function cutOut(text: string, kind: string, pattern: RegExp): (string | { kind: string; text: string })[] {
  const parts: (string | { kind: string; text: string })[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(end, match.index), { kind, text: match[0] });
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}

function short(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
