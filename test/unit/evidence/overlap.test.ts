import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { overlapOf, testRowsIn } from '../../../src/evidence/overlap.ts';
import { tableOf } from '../../../src/evidence/table.ts';
import { TwinIndex, twinRow } from '../../../src/evidence/twins.ts';

const SENTENCE = 'The old river runs slowly under the red stone house';

describe('twins', () => {
  const index = new TwinIndex(true);
  index.add(twinRow(['1', SENTENCE]));
  index.add(twinRow(['2', '0.1000000000000001']));

  it('are equal but for case, punctuation, width and the way a number is written', () => {
    expect(index.has(twinRow(['1.0', 'the OLD river - runs slowly, under the red stone house!']))).toBe(true);
    expect(index.has(twinRow(['2', '1e-1']))).toBe(true);
    expect(index.has(twinRow(['１', SENTENCE]))).toBe(true);
    expect(index.has(twinRow(['2', SENTENCE]))).toBe(false);
    expect(index.has(twinRow(['2', '0.2']))).toBe(false);
  });

  it('may differ by a word at the end of a long text, and not by several', () => {
    const long = `${SENTENCE} and over the blue hill again and again until the new wind`;
    const texts = new TwinIndex(true);
    texts.add(twinRow([`${long} turns`]));
    expect(texts.has(twinRow([`${long} falls`]))).toBe(true);
    expect(texts.has(twinRow([long.replace('river', 'lake').replace('hill', 'paper').replace('new', 'slow')]))).toBe(
      false,
    );
    expect(texts.has(twinRow([`${long} turns`]), true)).toBe(false);
  });

  it('are all found that comparing every pair finds', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 8, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 8 }), words, (rows, query) => {
        const grams = (w: string[]) => new Set(w.slice(2).map((_, i) => w.slice(i, i + 3).join(' ')));
        const similar = rows.some((row) => {
          const [a, b] = [grams(row), grams(query)];
          const common = [...a].filter((gram) => b.has(gram)).length;
          return row.join(' ') === query.join(' ') || common / (a.size + b.size - common) >= 0.8;
        });
        const all = new TwinIndex(true);
        for (const row of rows) all.add(twinRow([row.join(' ')]));
        expect(all.has(twinRow([query.join(' ')]))).toBe(similar);
      }),
    );
  });
});

describe('the overlap of train and test', () => {
  let top: string;
  beforeEach(async () => {
    top = await mkdtemp(join(tmpdir(), 'overlap-test-'));
  });
  afterEach(() => rm(top, { recursive: true, force: true }));

  async function overlap(train: string, test: string) {
    await writeFile(join(top, 'train.csv'), train);
    await writeFile(join(top, 'test.csv'), test);
    const named = (name: string) => [{ name, path: join(top, name) }];
    return await overlapOf({ train: named('train.csv'), test: named('test.csv') }, 'label');
  }

  it('is told by what both files have but ids, counters and labels', async () => {
    const found = await overlap(
      'id,n,x,y,label\nr0,0,1,2,1\nr1,1,3,4,0\nr2,2,3,4.0,0\n',
      'id,n,y,x,label\nt0,0,2,1,\nt1,1,4,3.0,\nt2,2,9,9,\nt3,3,8,8,\n',
    );
    expect(found).toMatchObject({ columns: ['x', 'y'], test: { count: 2, of: 4 }, train: { count: 2, of: 3 } });
    expect(found?.twins).toEqual([true, true, false, false]);
  });

  it('is unknown where only ids are common', async () => {
    expect(await overlap('id,a\n1,2\n', 'id,b\n1,2\n')).toBeNull();
  });

  it('counts test rows in a table that was added, under other names or none', async () => {
    const found = await overlap('id,x,y\nr0,1,2\n', 'id,x,y\nt0,1,2\nt1,3,4\nt2,5,6\n');
    if (found === null) throw new Error('There is an overlap to tell.');
    const rows = async (name: string, text: string) => {
      const table = await tableOf(name, text);
      return table === null ? null : await testRowsIn(table, found);
    };
    expect(await rows('a.csv', 'y,x\n2,1\n4,3\n')).toBe(1);
    expect(await rows('a.tsv', 'k\tp\tq\nz\t5\t6.0\nz\t3\t4\n')).toBe(2);
    expect(await rows('a.jsonl', '{"x":3,"y":4,"label":1}\n{"x":7,"y":4,"label":1}\n')).toBe(1);
    expect(await rows('a.json', '[{"x":3,"y":4},{"x":5,"y":"6"}]')).toBe(2);
  });

  it('of 20,000 rows is found without comparing every pair', async () => {
    const line = (i: number) => `r${i},${(i * 7919) % 99991},${(i * 31) % 977},${SENTENCE} ${i} times ${i * 17}`;
    const rows = (from: number) => Array.from({ length: 10_000 }, (_, i) => line(from + i)).join('\n');
    const found = await overlap(`id,a,b,text\n${rows(0)}\n`, `id,a,b,text\n${rows(9_000)}\n`);
    expect(found?.test.count).toBeGreaterThanOrEqual(1000);
  });
});
