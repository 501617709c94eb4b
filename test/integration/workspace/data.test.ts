import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DataProfile, TableProfile } from '../../../src/workspace/data/dataProfile.ts';
import { profileData } from '../../../src/workspace/data/profileData.ts';

const WRITER = fileURLToPath(new URL('profiled.py', import.meta.url));

interface Truth {
  rows: number;
  missing: number;
  mean: number;
  deviation: number;
  min: number;
  max: number;
  texts: number;
  longest: number;
  labels: Record<string, number>;
  duplicates: number;
}

interface ArrayTruth {
  rows: number;
  columns: { min: number; max: number; mean: number }[];
}

let folder: string;
let truth: Record<'train.csv' | 'test.csv', Truth> & { shared: number; arrays?: Record<string, ArrayTruth> };
let profile: DataProfile;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mlr-data-'));
  truth = JSON.parse(execFileSync('python3', [WRITER, folder], { encoding: 'utf8' }));
  profile = await profileData(folder, ['train.csv', 'test.csv', ...(truth.arrays ? ['all.npz'] : [])]);
});
afterAll(() => rmSync(folder, { recursive: true }));

function tableAt(path: string): TableProfile {
  const found = profile.files.find((file) => file.path === path);
  if (found?.kind !== 'table') throw new Error(`${path}: ${JSON.stringify(found)}`);
  return found;
}

test.each(['train.csv', 'test.csv'] as const)('a profile of %s says what Python counts', (name) => {
  const [found, expected] = [tableAt(name), truth[name]];
  const [, text, x, , label] = found.columns;
  const { mean, deviation, min, max } = expected;
  expect(x?.numbers).toEqual({ min, max, mean: expect.closeTo(mean, 9), deviation: expect.closeTo(deviation, 9) });
  expect({
    rows: found.rows,
    missing: x?.missing,
    texts: text?.distinct.value,
    longest: text?.lengths?.max,
    labels: Object.fromEntries(label?.values?.map(({ value, count }) => [value, count]) ?? []),
    duplicates: found.duplicatesApartFromIds?.value,
  }).toEqual({
    rows: expected.rows,
    missing: expected.missing,
    texts: expected.texts,
    longest: expected.longest,
    labels: expected.labels,
    duplicates: expected.duplicates,
  });
  expect(found.notes).toEqual([]);
});

test('rows of the test file that training holds are those that Python finds', () => {
  expect(truth.shared).toBeGreaterThanOrEqual(137);
  const between = profile.shared.find(({ first, second }) => first === 'train.csv' && second === 'test.csv');
  expect(between).toMatchObject({ ofSecond: { value: truth.shared } });
});

test('arrays of every width and byte order hold what NumPy says, where there is NumPy', () => {
  if (process.env.MLR_REQUIRE === 'all') expect(truth.arrays).toBeDefined();
  if (!truth.arrays) process.stderr.write('There is no NumPy: arrays are not compared.\n');
  for (const [name, expected] of Object.entries(truth.arrays ?? {})) {
    const found = tableAt(`all.npz!${name}`);
    expect(found).toMatchObject({ rows: expected.rows, complete: true, notes: [] });
    for (const [at, { min, max, mean }] of expected.columns.entries()) {
      const numbers = found.columns[at]?.numbers;
      if (name === 'wide') expect(found.columns).toHaveLength(1);
      expect(numbers).toMatchObject({ min, max });
      expect(Math.abs((numbers?.mean ?? 0) - mean)).toBeLessThan(1e-6 * Math.max(1, Math.abs(mean)));
    }
  }
});
