import type { ReportRequest } from './reportRequest.ts';

/** What must not be told: texts that name a person, a host or a place of this machine. */
export interface Secrets {
  readonly texts: readonly string[];
  /** Other words for what the records need: revisions and commits, by what stands for them. */
  readonly instead: ReadonlyMap<string, string>;
}

const PROSE: ReadonlySet<string> = new Set(['hypothesis', 'reason', 'detail', 'words', 'revision', 'opinion']);
const HOMES = /\/(?:home|Users)\/[^/\s"'`]+|\/root(?=[/\s"'`]|$)/g;

/** A report that leaves out hosts, paths and authors: what is written from it holds by itself all the same. */
export function anonymized(request: ReportRequest, secrets: Secrets): ReportRequest {
  const { measurement, evidence, control = [], tries = [], opinion, head: _, ...rest } = request;
  const told = <T>(value: T): T => walk(value, '', secrets) as T;
  return {
    ...rest,
    measurement: told(measurement),
    evidence: told(evidence),
    control: told(control),
    tries: told(tries),
    ...(opinion !== undefined && { opinion: anonymousText(opinion, secrets) }),
  };
}

/** A text without what must not be told. */
export function anonymousText(text: string, { texts }: Secrets): string {
  const longest = [...texts].filter((one) => one.length > 2).sort((a, b) => b.length - a.length);
  return longest.reduce((left, one) => left.replaceAll(one, '[left out]'), text).replace(HOMES, '/home/user');
}

function walk(value: unknown, key: string, secrets: Secrets): unknown {
  if (typeof value === 'string') {
    // However short the name of a host is.
    if (key === 'node') return '[left out]';
    const whole = secrets.instead.get(value) ?? value;
    return anonymousText(PROSE.has(key) ? renamed(whole, secrets.instead) : whole, secrets);
  }
  if (Array.isArray(value)) return value.map((one) => walk(one, key, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, walk(one, name, secrets)]));
}

/** Revisions where they stand as words of a sentence. */
function renamed(text: string, instead: ReadonlyMap<string, string>): string {
  return [...instead].reduce((left, [revision, other]) => {
    const literal = revision.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return left.replace(new RegExp(`(?<![\\w/.-])${literal}(?![\\w/-]|\\.\\w)`, 'g'), other);
  }, text);
}
