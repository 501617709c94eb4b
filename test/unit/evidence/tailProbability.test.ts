import { describe, expect, it } from 'vitest';
import { binomialSurprise, fisherUpper } from '../../../src/evidence/tailProbability.ts';

describe('tails that decide checks', () => {
  it('are the exact binomial', () => {
    expect(binomialSurprise(48, 0.5, 48)).toBeCloseTo(48, 9);
    // P(B(10, 0.3) ≥ 5) = 0.1502683326
    expect(2 ** -binomialSurprise(10, 0.3, 5)).toBeCloseTo(0.1502683326, 9);
    expect(binomialSurprise(240, 0.5, 120)).toBeLessThan(1);
    expect(binomialSurprise(100_000, 0.5, 60_000)).toBeGreaterThan(2000);
    expect(binomialSurprise(20, 1, 20)).toBe(0);
  });

  it('are the exact hypergeometric', () => {
    // Fisher's tea: four of four against none of four.
    expect(fisherUpper({ count: 4, of: 4 }, { count: 0, of: 4 })).toBeCloseTo(1 / 70, 12);
    expect(fisherUpper({ count: 3, of: 4 }, { count: 1, of: 4 })).toBeCloseTo(17 / 70, 12);
    expect(fisherUpper({ count: 0, of: 50 }, { count: 3, of: 60 })).toBeCloseTo(1, 9);
    expect(fisherUpper({ count: 150, of: 200 }, { count: 222, of: 300 })).toBeGreaterThan(0.3);
    expect(fisherUpper({ count: 30_000, of: 1_000_000 }, { count: 20_000, of: 1_000_000 })).toBeLessThan(1e-100);
  });
});
