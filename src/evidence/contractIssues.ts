import type { z } from 'zod';
import { knownKeys } from './contractKeys.ts';

/** One error of a contract: the keys that lead to it, and what is wrong in the reader's words. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly text: string;
  readonly mend?: Mend;
}

/** What mends an error: another key, another value, or a line that is missing. */
export interface Mend {
  readonly what: 'key' | 'value' | 'line';
  /** As it is written in YAML. */
  readonly text: string;
}

type Issue = z.core.$ZodIssue;

/** Turns zod's issues into sentences that say what was expected, what was found, and the nearest known key. */
export function describeIssues(issues: readonly Issue[], value: unknown): Problem[] {
  return issues.flatMap((issue) => describe(issue, value, []));
}

function describe(issue: Issue, root: unknown, prefix: readonly PropertyKey[]): Problem[] {
  const path = [...prefix, ...issue.path];
  const found = valueAt(root, path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], ...unknownKey(key, path, found) }));
  }
  if (found === undefined && path.length > 0) {
    const mend: Mend | null = path.join('.') === 'version' ? { what: 'line', text: 'version: 1' } : null;
    return [{ path, text: `missing; the contract needs this key`, ...(mend && { mend }) }];
  }
  if (issue.code === 'invalid_union') return describeUnion(issue, root, path);
  const mended = likelyValue(issue, found);
  const mend: Mend | null = mended === null ? null : { what: 'value', text: mended };
  return [{ path, text: `${expectation(issue)}, found ${show(found)}`, ...(mend && { mend }) }];
}

/** Shows the branch that the value was meant for: the one whose errors lie deepest, or all that were possible. */
function describeUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  root: unknown,
  path: readonly PropertyKey[],
): Problem[] {
  const found = valueAt(root, path);
  const fitting = issue.errors.filter(
    (branch) => !branch.some((one) => one.code === 'invalid_type' && one.path.length === 0),
  );
  const deep = fitting.filter((branch) => branch.every((one) => one.path.length > 0));
  const meant = deep.length > 0 ? deep : fitting;
  const [only] = meant;
  if (only && meant.length === 1) {
    // A key that is misspelt is missed too; the misspelling tells more.
    const misspelt = (one: Issue): number => (one.code === 'unrecognized_keys' ? 0 : 1);
    return only.toSorted((a, b) => misspelt(a) - misspelt(b)).flatMap((one) => describe(one, root, path));
  }
  const branches = fitting.length > 0 ? fitting : issue.errors;
  const texts = branches.flatMap((branch) => branch.slice(0, 1).map((one) => expectation(one)));
  const joined = [...new Set(texts)].map((text) => text.replace(/^expected /, '')).join(' or ');
  return [{ path, text: `expected ${joined}, found ${show(found)}` }];
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${TYPE_NAMES[issue.expected] ?? `a ${issue.expected}`}`;
    case 'invalid_value':
      return `expected ${issue.values.map(String).join(' or ')}`;
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? 'expected something, not nothing'
        : `expected a number ${issue.inclusive ? 'of at least' : 'above'} ${issue.minimum}`;
    case 'too_big':
      return `expected a number ${issue.inclusive ? 'of at most' : 'below'} ${issue.maximum}`;
    case 'unrecognized_keys':
      return `expected no key ${issue.keys.join(', ')}`;
    default:
      return issue.message.startsWith('expected') ? issue.message : `expected otherwise (${issue.message})`;
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  object: 'keys with values',
  record: 'keys with values',
  array: 'a list',
  string: 'text',
  int: 'a whole number',
  number: 'a number',
};

/** The value that was surely meant: a goal by another word, a number in quotes, a list of one. */
function likelyValue(issue: Issue, found: unknown): string | null {
  if (issue.code === 'invalid_value') {
    const meant = issue.values.find((value) => String(value) === String(found));
    if (meant !== undefined) return String(meant);
    if (typeof found !== 'string' || !issue.values.includes('maximize')) return null;
    if (/^(max|higher|up|desc|greater|incr)/i.test(found)) return 'maximize';
    return /^(min|lower|down|asc|less|decr)/i.test(found) ? 'minimize' : null;
  }
  if (issue.code !== 'invalid_type' || typeof found !== 'string') return null;
  if (issue.expected === 'array') return `[${JSON.stringify(found)}]`;
  const isNumber = issue.expected === 'number' && /^-?\d+(\.\d+)?(e-?\d+)?$/i.test(found);
  return isNumber ? found : null;
}

function unknownKey(key: string, path: readonly PropertyKey[], parent: unknown): Omit<Problem, 'path'> {
  const known = knownKeys(path);
  const near = nearest(key, known);
  if (near === null) return { text: known.length > 0 ? `unknown key; known are ${known.join(', ')}` : 'unknown key' };
  const text = `unknown key; did you mean \`${near}\`?`;
  // A key that stands there already would be there twice.
  const taken = typeof parent === 'object' && parent !== null && Object.hasOwn(parent, near);
  return taken ? { text } : { text, mend: { what: 'key', text: near } };
}

/** The name that was probably meant, by Levenshtein distance; null where none is near. */
export function nearest(key: string, known: readonly string[]): string | null {
  const [best] = known
    .map((name) => ({ name, distance: editDistance(key.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(2, Math.floor(key.length / 3)) ? best.name : null;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    root,
  );
}

function show(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
