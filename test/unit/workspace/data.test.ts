import { copyFile, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileHashes } from '../../../src/runs/fileHashes.ts';
import type { ColumnProfile, FolderProfile, TableProfile } from '../../../src/workspace/data/dataProfile.ts';
import { HashSample, hashText } from '../../../src/workspace/data/hashSample.ts';
import { profileData } from '../../../src/workspace/data/profileData.ts';
import { floats, npy, zip } from './arrayFiles.ts';

const FIXTURES = fileURLToPath(new URL('fixtures/', import.meta.url));
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mlr-data-'));
});
afterEach(() => rm(root, { recursive: true }));

async function write(name: string, content: string | Buffer): Promise<string> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), content);
  return name;
}

async function table(name: string, content: string | Buffer): Promise<TableProfile> {
  const [file] = (await profileData(root, [await write(name, content)])).files;
  if (file?.kind !== 'table') throw new Error(JSON.stringify(file));
  return file;
}

async function whyNot(name: string, content: string | Buffer): Promise<string> {
  const [file] = (await profileData(root, [await write(name, content)])).files;
  if (file?.kind !== 'unreadable') throw new Error(`${name} was read`);
  return file.why;
}

function column(profile: TableProfile, name: string): ColumnProfile {
  const found = profile.columns.find((one) => one.name === name);
  if (!found) throw new Error(`there is no column ${name} among ${profile.columns.map((one) => one.name)}`);
  return found;
}

const notes = ({ notes: found }: TableProfile): string[] => found.map(({ line, text }) => `${line ?? '-'}: ${text}`);

describe('a profile of a table', () => {
  it('says types, ranges, missing values, label balance and repeated rows', async () => {
    const found = await table(
      'a.csv',
      'id,age,label,when\n1,20,yes,2024-01-02\n2,NA,no,2023-05-06\n3,30,yes,2024-02-01\n4,20,yes,2024-01-02\n',
    );
    expect(found).toMatchObject({ rows: 4, complete: true, notes: [] });
    expect(column(found, 'age')).toMatchObject({ type: 'integer', missing: 1, distinct: { value: 2, exact: true } });
    expect(column(found, 'age').numbers?.mean).toBeCloseTo(70 / 3);
    expect(column(found, 'label').values).toEqual([
      { value: 'yes', count: 3 },
      { value: 'no', count: 1 },
    ]);
    expect(column(found, 'when')).toMatchObject({ type: 'date', dates: { first: '2023-05-06', last: '2024-02-01' } });
    expect(found.duplicates).toEqual({ value: 0, exact: true });
    expect(found.duplicatesApartFromIds).toEqual({ value: 1, exact: true });
  });

  it('holds the hash that a run records of the same file', async () => {
    const { sha256 } = await table('a.csv', 'a,b\n1,2\n');
    expect(sha256).toBe(await new FileHashes().of(join(root, 'a.csv')));
  });

  it('reads quotes, line breaks in them, doubled quotes, and carriage returns', async () => {
    const found = await table('a.csv', 'text,n\r\n"one, ""two""\nthree",1\r\nplain,2\r\n"x",oops\r\n');
    expect(found.rows).toBe(3);
    expect(column(found, 'text').values?.map(({ value }) => value)).toContain('one, "two"\nthree');
    expect(column(found, 'text').lengths).toEqual({ min: 1, max: 16 });
  });

  it('gives the same whatever pieces the file is read in', async () => {
    // More than one piece of a megabyte, with a quoted row and a wide character over the border.
    const rows = Array.from({ length: 60_000 }, (_, i) => `${i},"süß, ${i % 7}"`);
    const found = await table('a.csv', `id,text\n${rows.join('\n')}\n`);
    expect(found.rows).toBe(60_000);
    expect(column(found, 'text').values).toHaveLength(7);
    expect(column(found, 'id').numbers).toMatchObject({ min: 0, max: 59_999, mean: 29_999.5 });
    expect(found.notes).toEqual([]);
  });

  it('reads JSON lines, with keys that come late', async () => {
    const found = await table('a.jsonl', '{"a": 1, "b": "x"}\n\n{"a": 2.5, "c": [1]}\n{"a": null}\n');
    expect(found.rows).toBe(3);
    expect(column(found, 'a')).toMatchObject({ type: 'number', missing: 1 });
    expect(column(found, 'c')).toMatchObject({ type: 'nested', missing: 2 });
  });

  it('reads a JSON list of objects, and an object of lists', async () => {
    expect(await table('a.json', '[{"a": 1}, {"a": 3}]')).toMatchObject({ rows: 2 });
    expect(await table('b.json', '{"a": [1, 2, 3], "b": ["x", "y", "z"]}')).toMatchObject({ rows: 3 });
  });

  it.each(['snappy', 'zstd'])('reads Parquet as pyarrow writes it, %s', async (codec) => {
    await copyFile(join(FIXTURES, `people.${codec}.parquet`), join(root, 'people.parquet'));
    const [found] = (await profileData(root, ['people.parquet'])).files;
    if (found?.kind !== 'table') throw new Error(JSON.stringify(found));
    expect(found.rows).toBe(500);
    expect(column(found, 'name')).toMatchObject({ type: 'text', missing: 50, distinct: { value: 225 } });
    expect(column(found, 'score').numbers).toMatchObject({ min: 0, max: 24.75, mean: expect.closeTo(12.375) });
    expect(column(found, 'label').values?.[0]).toEqual({ value: 'no', count: 400 });
    expect(column(found, 'seen')).toMatchObject({ type: 'date', distinct: { value: 500 } });
    expect(column(found, 'tags').type).toBe('nested');
  });

  it('reads NumPy arrays, column by column, and knows what repeats', async () => {
    const found = await table('a.npy', npy('<f4', [3, 2], floats([1, 2, 3, Number.NaN, 1, 2])));
    expect(found).toMatchObject({ rows: 3, array: { shape: [3, 2], type: '<f4' }, duplicates: { value: 1 } });
    expect(column(found, '1')).toMatchObject({ missing: 1, numbers: { min: 2, max: 2 } });
  });

  it('reads the arrays of an archive', async () => {
    const file = await write('a.npz', zip([{ name: 'x.npy', content: npy('|u1', [4], Buffer.from([1, 2, 2, 9])) }]));
    const profile = await profileData(root, [file]);
    expect(profile.files[0]).toMatchObject({ kind: 'table', path: 'a.npz!x', rows: 4, duplicates: { value: 1 } });
  });
});

describe('rows that files share', () => {
  it('are counted by the columns that both have, whatever their order, ids left out', async () => {
    await write('train.csv', 'id,text,n,label\n1,a,1,x\n2,b,2,y\n3,c,3,x\n3,a,1,y\n');
    await write('test.csv', 'n,text,id\n2,b,90\n7,d,91\n');
    const { shared } = await profileData(root, ['train.csv', 'test.csv']);
    expect(shared).toEqual([
      {
        ...{ first: 'train.csv', second: 'test.csv', columns: ['n', 'text'] },
        ...{ ofFirst: { value: 1, exact: true }, ofSecond: { value: 1, exact: true } },
      },
    ]);
  });

  it('are counted of arrays by whole rows, in archives too, where rows have one shape', async () => {
    const train = npy('<f4', [4, 2], floats([1, 2, 3, 4, 5, 6, 3, 4]));
    const labels = npy('|u1', [4], Buffer.from([1, 2, 3, 4]));
    await write(
      'train.npz',
      zip([
        { name: 'x.npy', content: train },
        { name: 'y.npy', content: labels },
      ]),
    );
    await write('test.npy', npy('<f4', [2, 2], floats([3, 4, 4, 3])));
    await write('other.npy', npy('<f4', [1, 3], floats([3, 4, 5])));
    const { shared, leftOut } = await profileData(root, ['train.npz', 'test.npy', 'other.npy']);
    expect(shared).toEqual([
      {
        ...{ first: 'train.npz!x', second: 'test.npy', columns: [] },
        ...{ ofFirst: { value: 2, exact: true }, ofSecond: { value: 1, exact: true } },
      },
    ]);
    expect(leftOut).toEqual([]);
  });

  it('are counted of rows so wide that they are described as a whole', async () => {
    const wide = (last: number) => floats([...Array.from({ length: 299 }, (_, i) => i), last]);
    await write('a.npy', npy('<f4', [2, 300], Buffer.concat([wide(1), wide(2)])));
    await write('b.npy', npy('<f4', [2, 300], Buffer.concat([wide(2), wide(3)])));
    const { shared } = await profileData(root, ['a.npy', 'b.npy']);
    expect(shared).toMatchObject([{ ofFirst: { value: 1 }, ofSecond: { value: 1 } }]);
  });

  it('are not counted by labels alone, which stand in every file', async () => {
    await write('train.csv', `id,label\n${Array.from({ length: 50 }, (_, i) => `${i},${i % 2}`).join('\n')}\n`);
    await write('test.csv', `id,label\n${Array.from({ length: 50 }, (_, i) => `${i + 50},${i % 2}`).join('\n')}\n`);
    expect((await profileData(root, ['train.csv', 'test.csv'])).shared).toEqual([]);
  });
});

describe('counting in bounded memory', () => {
  it('is exact up to its bound, then within a few per cent', () => {
    const [small, large] = [sampleOf(0, 1000, 1), sampleOf(0, 200_000, 2)];
    expect(small.distinct()).toEqual({ value: 1000, exact: true });
    expect(large.distinct().exact).toBe(false);
    expect(Math.abs(large.distinct().value / 200_000 - 1)).toBeLessThan(0.1);
    expect(Math.abs(large.repeated().value / 200_000 - 1)).toBeLessThan(0.1);
    const shared = large.sharedWith(sampleOf(100_000, 300_000, 1)).value;
    expect(Math.abs(shared / 200_000 - 1)).toBeLessThan(0.1);
  });

  function sampleOf(from: number, to: number, times: number): HashSample {
    const sample = new HashSample(4096);
    const hash = { first: 0, second: 0 };
    for (let value = from; value < to; value += 1) {
      hashText(String(value), hash);
      for (let time = 0; time < times; time += 1) sample.add(hash.first, hash.second);
    }
    return sample;
  }
});

describe('data that is not as it should be', () => {
  it('is said with its place: ragged rows, a stray word, repeated names', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${i},${i}`);
    rows[4] = '4,oops';
    rows[9] = '9';
    rows[12] = '12,12,12';
    const found = await table('a.csv', `a,a\n${rows.join('\n')}\n`);
    expect(notes(found)).toEqual([
      '1: two columns are called "a"; this one is shown as a.1',
      '11: this row (and 1 more that differ) has 1 cells where the header has 2',
      '6: column a.1 holds numbers, but "oops" here (1 of 29 values are text)',
    ]);
  });

  it('ends where a quote is never closed, and says which', async () => {
    const found = await table('a.csv', 'a,b\n1,x\n2,"y\n3,z\n4,w\n');
    expect(found).toMatchObject({ rows: 1, complete: false });
    expect(notes(found)).toEqual(['3: a quote is opened here and never closed; the rows before it are profiled']);
  });

  it('may have a line of 10 MB, and not one of 20', async () => {
    expect(await table('a.csv', `a,b\n1,${'x'.repeat(10e6)}\n2,y\n`)).toMatchObject({ rows: 2, complete: true });
    const long = await table('b.csv', `a,b\n1,z\n2,${'x'.repeat(20e6)}\n`);
    expect(notes(long)).toEqual(['3: this row is longer than 16 MB; the rows before it are profiled']);
    expect(notes(await table('b.jsonl', `{"a": 1}\n{"a": "${'x'.repeat(20e6)}"}\n`))).toEqual([
      '2: this line is longer than 16 MB; the lines before it are profiled',
    ]);
  });

  it('is read in its own encoding, and that is said', async () => {
    const text = 'name,n\nJosé,1\n';
    const utf16 = await table('a.csv', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]));
    const latin = await table('b.csv', Buffer.from(text, 'latin1'));
    for (const found of [utf16, latin]) expect(column(found, 'name').values?.[0]?.value).toBe('José');
    expect(notes(utf16).join()).toContain('UTF-16LE');
    expect(notes(latin).join()).toContain('it is not UTF-8');
    const marked = await table('c.csv', `\ufeff${text}`);
    expect(marked.columns.map(({ name }) => name)).toEqual(['name', 'n']);
    expect(marked.notes).toEqual([]);
  });

  it('is refused in a sentence where it is no text', async () => {
    expect(await whyNot('a.csv', 'a,b\n1,\0\n')).toMatch(/^byte 6 is zero/);
  });

  it('may be empty, or a header alone, or have none', async () => {
    expect(notes(await table('a.csv', ''))).toEqual(['-: it is empty: no header, no rows']);
    expect(await table('b.csv', 'a,b\n')).toMatchObject({ rows: 0, notes: [], columns: [{ type: 'empty' }, {}] });
    const headless = await table('c.csv', '1,2\n3,4\n');
    expect(headless.rows).toBe(2);
    expect(notes(headless)[0]).toContain('1: the first line holds numbers');
  });

  it('may be separated by semicolons', async () => {
    const found = await table('a.csv', 'a;b\n1;2,5\n');
    expect(found.columns).toHaveLength(2);
    expect(notes(found)).toEqual(['1: cells are separated by ";", not by commas']);
  });

  it('may hold lines that are no JSON', async () => {
    const found = await table('a.jsonl', '{"a": 1}\n{"a": \n{"a": 2}\n');
    expect(found.rows).toBe(2);
    expect(notes(found)[0]).toMatch(/^2: this line is no JSON/);
  });

  it('may be a Parquet file that was cut off, or none', async () => {
    await copyFile(join(FIXTURES, 'people.zstd.parquet'), join(root, 'a.parquet'));
    await truncate(join(root, 'a.parquet'), 5000);
    const [found] = (await profileData(root, ['a.parquet'])).files;
    expect(found).toMatchObject({ kind: 'unreadable', why: expect.stringContaining('it is no whole Parquet file') });
    expect(await whyNot('b.parquet', 'PAR1 and nothing else')).toContain('it is no whole Parquet file');
  });

  it('may be an array of pickled objects, which are never loaded', async () => {
    const pickled = await table('a.npy', npy('|O', [1], Buffer.from('cos\nsystem\n(S"touch owned"\ntR.')));
    expect(pickled).toMatchObject({ rows: 0, complete: false });
    expect(notes(pickled)[0]).toContain('pickled Python objects, which are never loaded');
  });

  it('may be an array that was cut off', async () => {
    const found = await table('a.npy', npy('<f4', [100], floats([1, 2, 3])));
    expect(found).toMatchObject({ rows: 3, complete: false });
    expect(notes(found).join('\n')).toContain('it ends after 3 of 100 rows');
  });

  it('may be an archive that would expand without end', async () => {
    const file = await write('a.npz', zip([{ name: 'x.npy', content: Buffer.alloc(1000), claimed: 4e9 }]));
    const [found] = (await profileData(root, [file])).files;
    expect(found).toMatchObject({
      rows: 0,
      complete: false,
      notes: [{ text: expect.stringContaining('was not unpacked') }],
    });
  });

  it('may be missing, or no data', async () => {
    const { files } = await profileData(root, ['gone.csv', await write('a.bin', 'x')]);
    expect(files).toMatchObject([{ why: 'there is no such file' }, { why: 'files called .bin are not profiled' }]);
  });
});

describe('a folder of classes', () => {
  it('says classes, sizes from the heads, files that repeat, and those in two splits', async () => {
    await write('images/train/cat/1.png', png(4, 3, 1));
    await write('images/train/cat/2.png', png(4, 3, 2));
    await write('images/train/dog/3.png', png(8, 8, 3));
    await write('images/test/dog/4.png', png(8, 8, 3));
    await write('images/test/dog/5.png', 'not an image');
    const [found] = (await profileData(root, ['images'])).files as FolderProfile[];
    expect(found).toMatchObject({ of: 'images', files: 5, duplicates: 1, acrossSplits: 1, formats: { png: 4 } });
    expect(found?.classes).toContainEqual({ split: 'train', name: 'cat', files: 2 });
    expect(found?.sizes).toContainEqual({ width: 4, height: 3, files: 2 });
    expect(found?.notes[0]?.text).toContain('test/dog/5.png is no image that can be read');
  });

  it('counts texts by class', async () => {
    for (let i = 0; i < 6; i += 1) await write(`texts/${i % 2 ? 'pos' : 'neg'}/${i}.txt`, 'a'.repeat(i + 1));
    const [found] = (await profileData(root, ['texts'])).files as FolderProfile[];
    expect(found).toMatchObject({ of: 'texts', files: 6, lengths: { min: 1, max: 6, mean: 3.5 } });
  });
});

/** A NumPy file, version 1. */
/** A picture's head: what its size is read from. */
function png(width: number, height: number, seed: number): Buffer {
  const head = Buffer.alloc(40, seed);
  Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1').copy(head);
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  return head;
}
