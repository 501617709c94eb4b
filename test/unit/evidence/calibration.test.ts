import { describe, expect, it } from 'vitest';
import { compare } from '../../../src/evidence/statistics.ts';
import { adjustForTries, statisticalVerdict } from '../../../src/evidence/verdict.ts';

const EXPERIMENTS = 4000;
const ALPHA = 0.05;

/** mulberry32, seeded: the same experiments every time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Draw = (random: () => number) => number;
const gaussian: Draw = (random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const lognormal: Draw = (random) => Math.exp(gaussian(random));
const accuracy =
  (rows: number): Draw =>
  (random) => {
    let right = 0;
    for (let i = 0; i < rows; i += 1) right += random() < 0.8 ? 1 : 0;
    return right / rows;
  };
const collapsing: Draw = (random) => (random() < 0.1 ? -10 : 0) + gaussian(random);

function share(draw: Draw, seeds: number, gain: number, verdict: string, minimumEffect = 0): number {
  const random = generator(seeds * 7919 + 1);
  let count = 0;
  for (let i = 0; i < EXPERIMENTS; i += 1) {
    const base = Array.from({ length: seeds }, () => draw(random));
    const variant = Array.from({ length: seeds }, () => draw(random) + gain);
    const found = compare({ values: base }, { values: variant }, { minimumEffect, alpha: ALPHA });
    const [adjusted = 1] = adjustForTries([found.pStar], 1);
    if (statisticalVerdict(found, adjusted, { alpha: ALPHA, minimumEffect }) === verdict) count += 1;
  }
  return count / EXPERIMENTS;
}

const margin = (level: number): number => 3 * Math.sqrt((level * (1 - level)) / EXPERIMENTS);

describe('over many experiments', () => {
  const level = (2 / 3) * ALPHA;
  const kinds = { gaussian, lognormal, collapsing, '20 rows': accuracy(20), '50 rows': accuracy(50) };

  it.each(Object.entries(kinds))(
    'two arms alike (%s) are called an improvement no more often than promised',
    (_, draw) => {
      for (const seeds of [5, 10])
        expect(share(draw, seeds, 0, 'supported')).toBeLessThanOrEqual(level + margin(level));
    },
  );

  it('a gain of one standard deviation of the difference is found four times in five with ten seeds', () => {
    expect(share(gaussian, 10, Math.SQRT2, 'supported')).toBeGreaterThanOrEqual(0.8);
  });

  it('a gain of exactly the minimum is refuted no more often than alpha', () => {
    expect(share(gaussian, 10, 1, 'refuted', 1)).toBeLessThanOrEqual(ALPHA + margin(ALPHA));
  });
});
