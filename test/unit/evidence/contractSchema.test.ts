import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { contractSchema } from '../../../src/evidence/contractSchema.ts';

const EXAMPLE = readFileSync(new URL('../../../examples/digits/mlr.yaml', import.meta.url), 'utf8');
const ARCHITECTURE = readFileSync(new URL('../../../docs/architecture.md', import.meta.url), 'utf8');

type Described = { description?: string; properties?: Record<string, Described>; required?: string[] };
const schema = contractSchema() as Described;

/** Whether an editor that knows the JSON Schema alone would accept the text. */
function accepts(text: string): boolean {
  return z.fromJSONSchema(JSON.parse(JSON.stringify(schema))).safeParse(parse(text)).success;
}

describe('the JSON Schema of mlr.yaml', () => {
  it('accepts the example', () => {
    expect(accepts(EXAMPLE)).toBe(true);
  });

  it.each([
    ['a misspelt key', EXAMPLE.replace('hidden:', 'hiden:')],
    ['a key that is missing', EXAMPLE.replace(/^evaluate:.*\n/m, '')],
    ['another word for a goal', EXAMPLE.replace('maximize', 'max')],
    ['another version', EXAMPLE.replace('version: 1', 'version: 2')],
    ['a list that is none', EXAMPLE.replace('[data/test_labels.csv]', 'data/test_labels.csv')],
    ['a misspelt key inside another', EXAMPLE.replace('wall:', 'wal:')],
    ['no seed at all', EXAMPLE.replace('seeds: 10', 'seeds: 0')],
    ['a size that is none', EXAMPLE.replace('1GiB', '1 gig')],
  ])('rejects %s', (_, text) => {
    expect(text).not.toBe(EXAMPLE);
    expect(accepts(text)).toBe(false);
  });

  it('describes every key, so that an editor can explain it', () => {
    const missing = (one: Described, path: string): string[] =>
      Object.entries(one.properties ?? {}).flatMap(([key, inner]) => [
        ...(inner.description ? [] : [`${path}${key}`]),
        ...missing(inner, `${path}${key}.`),
      ]);
    expect(missing(schema, '')).toEqual([]);
    expect(schema.required).toEqual(['version', 'task', 'run', 'evaluate', 'metrics']);
  });

  it('knows every key that the architecture names', () => {
    const section = ARCHITECTURE.split('## The experiment contract: `mlr.yaml`')[1]?.split('\n## ')[0] ?? '';
    const named = [...section.matchAll(/^ {4}(\w+):/gm)].map(([, key]) => key);
    expect(named.length).toBeGreaterThan(25);
    expect(Object.keys(schema.properties ?? {}).sort()).toEqual([...new Set(named)].sort());
  });
});
