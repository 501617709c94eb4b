import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shuffleColumn } from '../../../src/evidence/shuffledLabels.ts';

function shuffledText(text: string, ending: string, key = 'k'): string {
  const made = shuffleColumn(text, ending, 'label', key);
  if ('why' in made) throw new Error(made.why);
  return made.text;
}

const sorted = (values: readonly string[]): string[] => [...values].sort();

describe('a column of labels that is shuffled', () => {
  it('leaves every other letter of a CSV file as it was: quotes, spaces, line ends, a byte order mark', () => {
    const text = '\uFEFFid,label,"a ""note"""\r\n1, x ,"p,\nq"\r\n2,"y",\r\n\r\n3,z,plain';
    const made = shuffledText(text, '.csv');
    const blank = (one: string) => one.replace(/ x |"y"|(?<=,)z(?=,)/g, '_');
    expect(blank(made)).toBe(blank(text));
    expect(sorted(made.match(/ x |"y"|(?<=,)z(?=,)/g) ?? [])).toEqual([' x ', '"y"', 'z']);
  });

  it('keeps the values of any column, and which rows there are', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 6 });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 2, maxLength: 30 }), fc.string(), (rows, key) => {
        const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
        fc.pre(new Set(rows.map(([, label]) => label)).size > 1);
        const text = `id,label\n${rows.map((row) => row.map(quoted).join(',')).join('\n')}\n`;
        const made = shuffledText(text, '.csv', key);
        expect(sorted([...made])).toEqual(sorted([...text]));
        expect(shuffledText(text, '.csv', key)).toBe(made);
      }),
    );
  });

  it('moves a label with the same key to the same row, whatever else the file holds', () => {
    const labels = Array.from({ length: 50 }, (_, i) => `l${i}`);
    const order = (text: string) => text.match(/l\d+/g);
    const one = shuffledText(`label\n${labels.join('\n')}\n`, '.csv');
    const other = shuffledText(`x\tlabel\n${labels.map((label) => `0.5\t${label}`).join('\n')}`, '.tsv');
    expect(order(other.replace('label', ''))).toEqual(order(one.replace('label', '')));
    expect(order(one.replace('label', ''))).not.toEqual(labels);
  });

  it.each([
    ['.jsonl', '{"id":1,"label":"a"}\n{"id":2,"label":"b"}\n\n{"id":3,"label":null}\n'],
    ['.json', '[{"id":1,"label":"a"},{"id":2,"label":"b"},{"id":3,"label":null}]'],
  ])('permutes the values of %s rows', (ending, text) => {
    const made = shuffledText(text, ending);
    const rows = (
      ending === '.json'
        ? JSON.parse(made)
        : made
            .split('\n')
            .filter(Boolean)
            .map((l) => JSON.parse(l))
    ) as {
      id: number;
      label: string | null;
    }[];
    expect(rows.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(sorted(rows.map(({ label }) => String(label)))).toEqual(['a', 'b', 'null']);
  });

  it.each([
    ['x,y\n1,2\n', '.csv', 'it has no column label'],
    ['label\n1\n1\n', '.csv', 'all values of label are alike'],
    ['{"rows": []}', '.json', 'it is no list of rows'],
    ['what', '.parquet', 'it is no CSV, TSV or JSON table'],
  ])('says why %j cannot be shuffled', (text, ending, why) => {
    expect(shuffleColumn(text, ending, 'label', 'k')).toEqual({ why });
  });
});
