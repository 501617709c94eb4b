import { readFileSync } from 'node:fs';
import chiSquareQuantile from '@stdlib/stats-base-dists-chisquare-quantile';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialTail, flipP, futilityP } from '../../../src/evidence/flipTest.ts';
import { detectableEffect, expectedMaximum, leastSeeds, moreSeeds, share } from '../../../src/evidence/sizes.ts';
import { average, compare, spread } from '../../../src/evidence/statistics.ts';
import { adjustForTries, statisticalVerdict } from '../../../src/evidence/verdict.ts';

interface Wanted {
  mean: number;
  unit: string;
  p: number;
  pT?: number;
  pStar: number;
  pRefuted: number;
  low?: number;
  high?: number;
}
interface Fixtures {
  comparisons: {
    kind: string;
    delta: number;
    alpha: number;
    base: number[];
    var: number[];
    exb: number[][] | null;
    exv: number[][] | null;
    want: Wanted;
  }[];
  families: { chosen: number[]; b: number; delta: number; alpha: number; want: [string, number][] }[];
  flips: { x: number[]; p: number; exact: boolean }[];
  leastSeeds: [number, number, number, number][];
  shares: [number, number][];
  effects: [number, number, number | null][];
  spreads: { D: number[][]; variance: number; freedom: number }[];
  chiSquare: [number, number][];
}

const fixtures = JSON.parse(readFileSync(new URL('./fixtures/statistics.json', import.meta.url), 'utf8')) as Fixtures;

/** Agreement to 1e-9, relative for what is larger than 1. */
function agrees(ours: number | null | undefined, theirs: number | null | undefined, what: string): void {
  if (ours === null || ours === undefined || theirs === null || theirs === undefined) {
    expect(ours ?? null, what).toBe(theirs ?? null);
    return;
  }
  const gap = Math.abs(ours - theirs) / Math.max(1, Math.abs(theirs));
  expect(gap, `${what}: ${ours} against ${theirs}`).toBeLessThanOrEqual(1e-9);
}

describe('statistics agree with the reference', () => {
  it('on every comparison: tied, deterministic, with and without examples', () => {
    expect(fixtures.comparisons.length).toBeGreaterThanOrEqual(500);
    for (const [i, one] of fixtures.comparisons.entries()) {
      const ours = compare(
        { values: one.base, ...(one.exb ? { examples: one.exb } : {}) },
        { values: one.var, ...(one.exv ? { examples: one.exv } : {}) },
        { minimumEffect: one.delta, alpha: one.alpha },
      );
      const label = `case ${i} (${one.kind})`;
      expect(ours.unit, label).toBe(one.want.unit);
      for (const key of ['mean', 'p', 'pT', 'pStar', 'low', 'high'] as const)
        agrees(ours[key], one.want[key], `${label} ${key}`);
      // More than 20 examples are flipped by draws in the opposite direction where their sizes differ.
      const drawn = one.want.unit === 'example' && (one.exb?.[0]?.length ?? 0) > 20 && one.delta > 0;
      if (drawn) {
        const error = 4 * Math.sqrt((2 * one.want.pRefuted * (1 - one.want.pRefuted)) / 99_999) + 2e-5;
        expect(Math.abs(ours.pRefuted - one.want.pRefuted), label).toBeLessThanOrEqual(error);
      } else agrees(ours.pRefuted, one.want.pRefuted, `${label} pRefuted`);
    }
  });

  it('on several variants and tries', () => {
    for (const { chosen, b, delta, alpha, want } of fixtures.families) {
      const cases = chosen.map((i) => fixtures.comparisons[i]?.want as Wanted);
      const adjusted = adjustForTries(
        cases.map(({ pStar }) => pStar),
        b,
      );
      for (const [i, one] of cases.entries()) {
        agrees(adjusted[i], want[i]?.[1], `adjusted p ${i}`);
        expect(statisticalVerdict(one, adjusted[i] ?? 1, { alpha, minimumEffect: delta })).toBe(want[i]?.[0]);
      }
    }
  });

  it('on flips: exactly to 20 units, beyond within four standard errors', () => {
    for (const { x, p, exact } of fixtures.flips) {
      if (exact) agrees(flipP(x), p, `${x.length} units`);
      else expect(Math.abs(flipP(x) - p)).toBeLessThanOrEqual(4 * Math.sqrt((p * (1 - p)) / 99_999) + 2e-5);
    }
  });

  it('on sizes, shares, spreads and the chi-square quantile', () => {
    for (const [k, b, alpha, n] of fixtures.leastSeeds) expect(leastSeeds(k, b, alpha)).toBe(n);
    for (const [b, w] of fixtures.shares) agrees(share(b), w, `share ${b}`);
    for (const [n, level, effect] of fixtures.effects) agrees(detectableEffect(n, level), effect, `effect at ${n}`);
    for (const { D, variance, freedom } of fixtures.spreads) {
      const ours = spread(D.map(average), D);
      agrees(ours.variance, variance, 'variance');
      agrees(ours.freedom, freedom, 'freedom');
    }
    for (const [n, quantile] of fixtures.chiSquare) agrees(chiSquareQuantile(0.2, n - 1), quantile, `chi-square ${n}`);
  });
});

describe('the flip test', () => {
  it('counts ties that floats part: accuracies of 20 rows', () => {
    const rows = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(rows, (counts) => {
        const observed = counts.reduce((a, b) => a + b, 0);
        let hits = 0;
        for (let signs = 0; signs < 2 ** counts.length; signs += 1) {
          const flipped = counts.reduce((total, count, j) => total + ((signs >> j) & 1 ? -count : count), 0);
          if (flipped >= observed) hits += 1;
        }
        const expected = counts.every((count) => count === 0) ? 1 : hits / 2 ** counts.length;
        expect(flipP(counts.map((count) => count / 20))).toBeCloseTo(expected, 12);
      }),
    );
  });

  it('gives the same answer for the same values, and counts every flip of 20 units', () => {
    const values = Array.from({ length: 45 }, (_, i) => Math.sin(i + 1) + 0.3);
    expect(flipP(values)).toBe(flipP([...values]));
    // A share of all 2^20 flips; draws would give hundred-thousandths.
    expect(Number.isInteger(flipP(values.slice(0, 20)) * 2 ** 20)).toBe(true);
  });

  it('adds the binomial tail without loss at a thousand rows', () => {
    expect(binomialTail(500, 1000)).toBeCloseTo(0.5 + 0.0126125091, 8);
    expect(binomialTail(0, 10)).toBe(1);
    expect(binomialTail(11, 10)).toBe(0);
  });

  it('ends a useless idea after its second bad pair of five, never one that could be supported', () => {
    const level = 0.05 * share(1);
    expect(futilityP([-0.01], 5)).toBe(2 / 32);
    expect(futilityP([0.01, 0.02, 0.01], 5)).toBeLessThanOrEqual(level);
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 9 }), (all) => {
        if (flipP(all) > level) return;
        for (let j = 1; j <= all.length; j += 1)
          expect(futilityP(all.slice(0, j), all.length)).toBeLessThanOrEqual(level);
      }),
    );
  });
});

describe('a large comparison', () => {
  it('of 10,000 recorded seeds, or of a test set of 200,000 rows, is judged like a small one', {
    timeout: 60_000,
  }, () => {
    const options = { minimumEffect: 0, alpha: 0.05 };
    const values = Array.from({ length: 10_000 }, (_, i) => Math.sin(i));
    const better = values.map((value, i) => value + 0.05 + Math.cos(7 * i) / 2);
    const seeds = compare({ values }, { values: better }, options);
    expect(seeds).toMatchObject({ n: 10_000, p: 1e-5, unit: 'seed' });
    expect(seeds.pT).toBeLessThan(1e-10);
    const rows = (gain: number) => [0, 1].map((s) => Array.from({ length: 200_000 }, (_, i) => ((i + s) % 3) + gain));
    const scored = (examples: number[][]) => ({ examples, values: examples.map(average) });
    expect(compare(scored(rows(0)), scored(rows(0.25)), options).mean).toBeCloseTo(0.25, 9);
  });
});

describe('one seed', () => {
  it('is no claim, however large the gain, with examples or without', () => {
    const none = { unit: 'none', n: 1, p: 1, pT: null, pStar: 1, pRefuted: 1, low: null, high: null };
    const options = { minimumEffect: 0, alpha: 0.05 };
    expect(compare({ values: [0] }, { values: [1] }, options)).toMatchObject(none);
    const examples = (score: number) => [new Array<number>(200).fill(score)];
    const [before, after] = [
      { values: [0], examples: examples(0) },
      { values: [1], examples: examples(1) },
    ];
    expect(compare(before, after, options)).toMatchObject(none);
    expect(compare(after, before, options)).toMatchObject(none);
  });
});

describe('sizes', () => {
  it('are those the documentation names', () => {
    const level = 0.05 * share(1);
    expect([5, 6, 8, 10, 15, 20].map((n) => detectableEffect(n, level)?.toFixed(2))).toEqual([
      '1.85',
      '1.46',
      '1.11',
      '0.94',
      '0.74',
      '0.63',
    ]);
    expect([1, 2, 3, 5].map((k) => leastSeeds(k, 1, 0.05))).toEqual([5, 6, 7, 8]);
    expect([2, 3, 10].map((b) => leastSeeds(1, b, 0.05))).toEqual([7, 9, 13]);
    expect(detectableEffect(4, level)).toBeNull();
  });

  it('advise more seeds as a range, or a larger test set, or nothing without a minimum effect', () => {
    const plan = { deviation: 0.02, seeds: 5, minimumEffect: 0.01, alpha: 0.05, least: 7 };
    const seeds = moreSeeds(plan);
    expect(seeds).toMatchObject({ kind: 'seeds' });
    if (seeds.kind === 'seeds') expect(seeds.to).toBeGreaterThan(seeds.from);
    expect(moreSeeds({ ...plan, minimumEffect: 0 })).toEqual({ kind: 'none' });
    expect(moreSeeds({ ...plan, examples: { variance: 0.0001, count: 100 } })).toEqual({
      kind: 'examples',
      needed: 276,
    });
  });

  it('know what luck alone gives the best of several', () => {
    expect([1, 2, 5, 20].map((k) => expectedMaximum(k).toFixed(3))).toEqual(['0.000', '0.564', '1.163', '1.867']);
  });
});
