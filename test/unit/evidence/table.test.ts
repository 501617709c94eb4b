import { chmod, copyFile, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isReadable, openTable, readColumns, tableOf } from '../../../src/evidence/table.ts';

let top: string;
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'table-test-'));
});
afterAll(() => rm(top, { recursive: true, force: true }));

const read = async (name: string, text: string) => {
  const table = await tableOf(name, text);
  return table === null ? null : Object.fromEntries(await readColumns(table));
};

describe('tables that checks read', () => {
  it('are CSV with quotes, line ends and a byte order mark, TSV, JSON lines and JSON', async () => {
    const expected = { id: ['a', 'b, "c"'], n: ['1', '2'] };
    expect(await read('x.csv', '\ufeffid,n\r\na,1\r\n"b, ""c""",2\r\n')).toEqual(expected);
    expect(await read('x.tsv', 'id\tn\na\t1\nb, "c"\t2\n')).toEqual(expected);
    expect(await read('x.jsonl', '{"id":"a","n":1}\n\n{"n":2,"id":"b, \\"c\\""}\n')).toEqual(expected);
    expect(await read('x.json', '[{"id":"a","n":1},{"n":2,"id":"b, \\"c\\""}]')).toEqual(expected);
    expect(await read('x.json', '{"a":1,"b":0}')).toEqual({ key: ['a', 'b'], value: ['1', '0'] });
    expect(await read('x.json', '[1,0,true]')).toEqual({ value: ['1', '0', 'true'] });
  });

  it('are none where a file is no table: nested JSON, nothing at all, a folder, or one that may not be read', async () => {
    expect(await read('x.json', '{"version":1,"rows":[{"id":1}]}')).toBeNull();
    expect(await read('x.json', '{')).toBeNull();
    expect(await read('x.csv', '')).toBeNull();
    await mkdir(join(top, 'folder.csv'));
    expect(await openTable(join(top, 'folder.csv'))).toBeNull();
    expect(await openTable(join(top, 'missing.csv'))).toBeNull();
    await writeFile(join(top, 'locked.csv'), 'id\n1\n');
    await chmod(join(top, 'locked.csv'), 0);
    // Root may read everything.
    expect(await isReadable(join(top, 'locked.csv'))).toBe(process.getuid?.() === 0);
  });

  it('are Parquet, with lists as their text; what is cut off is none', async () => {
    const path = fileURLToPath(new URL('../workspace/fixtures/people.zstd.parquet', import.meta.url));
    const table = await openTable(path);
    const columns = table === null ? new Map<string, string[]>() : await readColumns(table);
    const ends = Object.fromEntries([...columns].map(([name, cells]) => [name, [cells.length, ...cells.slice(0, 2)]]));
    expect(ends).toEqual({
      id: [500, '0', '1'],
      name: [500, '', 'person 1'],
      score: [500, '0', '0.25'],
      label: [500, 'yes', 'no'],
      seen: [500, '"2024-01-01T00:00:00.000Z"', '"2024-01-01T01:00:00.000Z"'],
      tags: [500, '["1","2","0"]', '["1","2","1"]'],
    });
    const cut = join(top, 'cut.parquet');
    await copyFile(path, cut);
    await truncate(cut, 5000);
    expect(await openTable(cut)).toBeNull();
  });

  it('never break the reading, whatever a run wrote', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('a.csv', 'a.tsv', 'a.json', 'a.jsonl'),
        async (text, name) => {
          const table = await tableOf(name, text);
          if (table === null) return;
          for (const cells of (await readColumns(table)).values())
            expect(cells.every((cell) => typeof cell === 'string')).toBe(true);
        },
      ),
    );
  });
});
