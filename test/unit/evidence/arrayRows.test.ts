import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { arraysIn, tableOfArray } from '../../../src/evidence/arrayRows.ts';
import { overlapOf, testRowsIn } from '../../../src/evidence/overlap.ts';
import { type Dtype, npy as npyFile } from '../../redteam/arrays.ts';

/** A .npy file of rows of doubles or of 64-bit whole numbers; a row of one number is that number. */
function npy(rows: readonly (readonly number[])[], dtype: Dtype = 'f8'): Buffer {
  const width = rows[0]?.length ?? 0;
  return npyFile(dtype, width === 1 ? [rows.length] : [rows.length, width], rows.flat());
}

let top: string;

beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'array-rows-'));
});

afterAll(() => rm(top, { recursive: true, force: true }));

async function arrayOf(name: string, bytes: Buffer) {
  const path = join(top, name);
  await writeFile(path, bytes);
  const [array] = await arraysIn({ name, path });
  if (array === undefined) throw new Error(`${name} holds no array`);
  return array;
}

const rows = [
  [1, 2.5, -3],
  [0.1, 1e-9, 7],
  [4, 5, 6],
  [1, 2.5, -3],
];

describe('rows of an array', () => {
  test('are equal where their numbers are, and in no other order', async () => {
    const { keys, shape } = await arrayOf('a.npy', npy(rows));
    expect(shape).toBe('3');
    expect(keys[0]).toBe(keys[3]);
    expect(new Set(keys).size).toBe(3);
    const [turned] = (await arrayOf('b.npy', npy([[2.5, 1, -3]]))).keys;
    expect(keys).not.toContain(turned);
  });

  test('are equal whatever type they are stored in, to twelve digits, and zero has no sign', async () => {
    const whole = await arrayOf('whole.npy', npy([[4, 5, 6]], 'i8'));
    expect((await arrayOf('a.npy', npy(rows))).keys[2]).toBe(whole.keys[0]);
    const [one, other, far] = (
      await arrayOf('c.npy', npy([[0.1], [0.1 + 1e-16], [0.1 + 1e-9]].map(([v = 0]) => [v, 0])))
    ).keys;
    expect(one).toBe(other);
    expect(one).not.toBe(far);
    const zeros = await arrayOf(
      'd.npy',
      npy([
        [0, 1],
        [-0, 1],
      ]),
    );
    expect(zeros.keys[0]).toBe(zeros.keys[1]);
  });

  test('of single values have no shape, and what is no array gives none', async () => {
    expect((await arrayOf('y.npy', npy([[1], [0], [1]]))).shape).toBe('');
    for (const bytes of [Buffer.from('no array'), Buffer.alloc(0), npy(rows).subarray(0, 60)]) {
      const path = join(top, 'broken.npy');
      await writeFile(path, bytes);
      expect(await arraysIn({ name: 'broken.npy', path })).toEqual([]);
    }
    expect(await arraysIn({ name: 'gone.npy', path: join(top, 'gone.npy') })).toEqual([]);
    expect(await arraysIn({ name: 'x.npz', path: 'x.npz' }, Buffer.from('no archive'))).toEqual([]);
  });
});

test('test rows are found in training arrays and in added ones of the same shape', async () => {
  const train = await arrayOf('X_train.npy', npy(rows));
  const test = await arrayOf(
    'X_test.npy',
    npy(
      [
        [4, 5, 6],
        [9, 9, 9],
        [8, 8, 8],
      ],
      'i8',
    ),
  );
  const overlap = await overlapOf({ train: [train], test: [test] }, undefined);
  expect(overlap).toMatchObject({ test: { count: 1, of: 3 }, train: { count: 2, of: 4 }, twins: [true, false, false] });
  if (overlap === null) return;
  const added = await arrayOf(
    'more.npy',
    npy([
      [9, 9, 9],
      [4, 5, 6],
      [8, 8, 8],
    ]),
  );
  expect(await testRowsIn(tableOfArray(added), overlap)).toBe(2);
  const narrow = await arrayOf('narrow.npy', npy([[9, 9]]));
  expect(await testRowsIn(tableOfArray(narrow), overlap)).toBe(0);
});
