import type { z } from 'zod';
import { Contract } from '../domain/contract.ts';

/** One error of a contract: the keys that lead to it, and what is wrong in the reader's words. */
export interface Problem {
  readonly path: readonly PropertyKey[];
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
    return issue.keys.map((key) => ({ path: [...path, key], text: unknownKey(key, path) }));
  }
  if (issue.code === 'invalid_union') return describeUnion(issue, root, path);
  if (found === undefined && path.length > 0) return [{ path, text: `missing; the contract needs this key` }];
  return [{ path, text: `${expectation(issue)}, found ${show(found)}` }];
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
  const [only] = fitting;
  if (only && fitting.length === 1) return only.flatMap((one) => describe(one, root, path));
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

function unknownKey(key: string, path: readonly PropertyKey[]): string {
  const known = knownKeys(path);
  const near = nearest(key, known);
  if (near !== null) return `unknown key; did you mean \`${near}\`?`;
  return known.length > 0 ? `unknown key; known are ${known.join(', ')}` : 'unknown key';
}

/** The keys that an object of the contract may have, read from the schema itself. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let schema: unknown = Contract;
  for (const part of path) {
    schema = typeof part === 'number' ? unwrap(unwrap(schema, 'element')) : unwrap(shapeOf(schema)?.[String(part)]);
  }
  return Object.keys(shapeOf(schema) ?? {});
}

function unwrap(schema: unknown, key = 'innerType'): unknown {
  const inner = (schema as { def?: Record<string, unknown> } | undefined)?.def?.[key];
  if (inner === undefined) return schema;
  return key === 'innerType' ? unwrap(inner) : inner;
}

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  const definition = (schema as { def?: { shape?: Record<string, unknown>; options?: unknown[] } } | undefined)?.def;
  if (definition?.shape) return definition.shape;
  const shapes = (definition?.options ?? []).map(shapeOf).filter((shape) => shape !== undefined);
  return shapes.length > 0 ? Object.assign({}, ...shapes) : undefined;
}

function nearest(key: string, known: readonly string[]): string | null {
  const [best] = known
    .map((name) => ({ name, distance: editDistance(key.toLowerCase(), name) }))
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
