import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelColumn } from '../../../src/evidence/hiddenLabels.ts';
import { isCopy } from '../../../src/evidence/labelFinding.ts';
import { LabelSearch } from '../../../src/evidence/labelSearch.ts';
import { SubstringIndex } from '../../../src/evidence/longestMatches.ts';

function draw(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

function column(count: number, value: (u: number) => string, seed = 3): LabelColumn {
  const random = draw(seed);
  const values = Array.from({ length: count }, () => value(random()));
  return { name: 'labels.csv (label)', values, rows: new Map(values.map((_, i) => [`t${i}`, i])) };
}

const binary = column(240, (u) => (u < 0.5 ? '0' : '1'));
const find = (labels: LabelColumn, text: string) => new LabelSearch(labels).find(text.split('\n'));

describe('labels in text that a variant added', () => {
  it('are found as a list, as digits, as floats one a line and as a column of a table', () => {
    const { values } = binary;
    for (const text of [
      `x = 3\nPRIOR = [${values.join(', ')}]\nfor i in range(4): pass`,
      `MASK = '${values.join('')}'`,
      values.map((value) => `${value}.0,`).join('\n'),
      values.map((value, i) => `${i % 7}.25,${value},${i % 3}`).join('\n'),
      values.map((value) => `"a":${value}`).join(' '),
    ]) {
      const found = find(binary, text);
      expect(found, text.slice(0, 40)).toMatchObject({ how: 'in a row' });
      expect(found?.agreeing).toBeGreaterThanOrEqual(240);
      expect(found && isCopy(found)).toBe(true);
    }
  });

  it('are found beside their ids in any order, before or after them', () => {
    const rows = binary.values.map((value, i) => ({ value, i, key: (i * 7919) % 240 })).sort((a, b) => a.key - b.key);
    for (const text of [
      rows.map(({ value, i }) => `| t${i} | ${value} |`).join('\n'),
      `{${rows.map(({ value, i }) => `'t${i}': ${value}`).join(', ')}}`,
      rows.map(({ value, i }) => `${value} t${i}`).join('\n'),
      rows.map(({ value, i }) => `T${i}\tsome\twords\t${value}.00`).join('\n'),
      JSON.stringify(rows.map(({ value, i }) => `${i}   t${i}    ${value}\n`)),
      rows.map(({ value, i }) => `"t${i}-${value}"`).join(', '),
      rows.map(({ value, i }) => `cache/t${i}_${value}.png`).join('\n'),
    ]) {
      expect(find(binary, text), text.slice(0, 40)).toEqual({
        column: binary.name,
        how: 'by id',
        of: 240,
        agreeing: 240,
      });
    }
  });

  it('are a copy with few errors, and a doubt with more', () => {
    const wrong = (every: number): string =>
      binary.values.map((value, i) => `t${i},${i % every === 5 ? 1 - Number(value) : value}`).join('\n');
    const near = find(binary, wrong(80));
    expect(near && isCopy(near)).toBe(true);
    const far = find(binary, wrong(10));
    expect(far).toMatchObject({ how: 'by id', of: 240, agreeing: 216 });
    expect(far && isCopy(far)).toBe(false);
    const classes = column(600, (u) => String(Math.floor(u * 10)));
    const predicted = classes.values
      .map((value, i) => (i % 25 === 24 ? 'x' : value))
      .map((v) => (v === 'x' ? '11' : v));
    expect(find(classes, predicted.join(' '))).not.toBeNull();
  });

  it('follow errors inside a stretch, so that saved predictions are no copy', () => {
    const classes = column(600, (u) => String(Math.floor(u * 10)));
    const predicted = classes.values.map((value, i) => (i % 20 === 19 ? String((Number(value) + 3) % 10) : value));
    const found = find(classes, `[${predicted.join(', ')}]`);
    expect(found).toMatchObject({ how: 'in a row' });
    expect(found?.of).toBeGreaterThan(590);
    expect(found && isCopy(found)).toBe(false);
    const floats = column(300, (u) => String(Number(u.toFixed(6))));
    const near = floats.values.map((value, i) => (i % 20 === 19 ? String(Number(value) / 2) : value));
    const seen = find(floats, near.join('\n'));
    expect(seen?.of).toBeGreaterThan(290);
    expect(seen && isCopy(seen)).toBe(false);
  });

  it('are found in a part of 60 of them, and not in one of 30', () => {
    expect(find(binary, `BIAS = [${binary.values.slice(60, 120).join(', ')}]`)?.agreeing).toBeGreaterThanOrEqual(60);
    expect(find(binary, `BIAS = [${binary.values.slice(60, 90).join(', ')}]`)).toBeNull();
  });

  it('are not seen in unrelated flags, constants, counters, or ids with one value', () => {
    const random = draw(99);
    const flags = Array.from({ length: 5000 }, () => (random() < 0.5 ? 1 : 0));
    for (const text of [
      flags.join(', '),
      flags.join(''),
      new Array(5000).fill(0).join('\n'),
      Array.from({ length: 5000 }, (_, i) => i).join(' '),
      binary.values.map((_, i) => `t${i},1`).join('\n'),
      binary.values.map((_, i) => `t${i},${flags[i]}`).join('\n'),
    ]) {
      expect(find(binary, text), text.slice(0, 40)).toBeNull();
    }
  });

  it('are looked for without comparing every pair of places, even in a long and dull text', () => {
    const rare = column(20_000, (u) => (u < 0.02 ? '1' : '0'));
    const random = draw(5);
    const text = Array.from({ length: 400_000 }, () => (random() < 0.02 ? '1' : '0')).join('\n');
    // Comparing every pair of places would take hours, which the test's time limit does not grant.
    expect(find(rare, text)).toBeNull();
  });
});

describe('longest common stretches', () => {
  it('are those that comparing every pair of places finds', () => {
    const symbols = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(symbols, symbols, (sequence, text) => {
        const matches = [...new SubstringIndex(sequence, 3).matches(text, 1)];
        for (const { at, in: start, length } of matches) {
          expect(text.slice(at, at + length)).toEqual(sequence.slice(start, start + length));
        }
        const longest = (from: number): number => {
          let best = 0;
          for (let i = 0; i < sequence.length; i += 1) {
            let n = 0;
            while (from + n < text.length && i + n < sequence.length && text[from + n] === sequence[i + n]) n += 1;
            best = Math.max(best, n);
          }
          return best;
        };
        const overall = Math.max(0, ...text.map((_, i) => longest(i)));
        expect(Math.max(0, ...matches.map(({ length }) => length))).toBe(overall);
      }),
    );
  });
});
