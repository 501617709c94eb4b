import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adaptiveCodeLength, informationOf } from '../../../src/evidence/codeLength.ts';

/** A fixed stream of numbers in [0, 1). */
function draws(count: number, seed = 7): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  });
}

describe('how much a sequence tells', () => {
  it('is about 48 bits for 48 balanced labels, 100 labels of which a tenth is positive, 15 of ten classes and 14 floats', () => {
    const balanced = draws(48).map((u) => (u < 0.5 ? '1' : '0'));
    expect(informationOf(balanced)).toBeGreaterThan(44);
    expect(informationOf(balanced)).toBeLessThan(53);
    const rare = draws(100).map((_, i) => ([3, 11, 12, 30, 47, 51, 66, 70, 88, 93].includes(i) ? '1' : '0'));
    expect(informationOf(rare)).toBeGreaterThan(44);
    expect(informationOf(rare)).toBeLessThan(53);
    expect(informationOf(['3', '1', '4', '1', '5', '9', '2', '6', '5', '3', '5', '8', '9', '7', '0'])).toBeGreaterThan(
      40,
    );
    expect(informationOf(draws(14).map(String))).toBeGreaterThan(48);
    expect(informationOf(draws(12).map(String))).toBeLessThan(48);
  });

  it('is the exact KT length of the best order for a short sequence', () => {
    // With half a count added, 0 1 1 1 has 1/2 · 1/4 · 1/2 · 5/8 at order 0 and 1/2 · 1/2 · 1/2 · 3/4 at order 1.
    expect(adaptiveCodeLength(['0', '1', '1', '1'])).toBeCloseTo(-Math.log2(3 / 32), 9);
  });

  it('is nothing for a constant, and little for counting up or for a pattern', () => {
    expect(informationOf(new Array<string>(5000).fill('1'))).toBe(0);
    expect(informationOf(Array.from({ length: 5000 }, (_, i) => String(i)))).toBe(0);
    expect(informationOf(Array.from({ length: 400 }, (_, i) => String(i % 2)))).toBeLessThan(20);
  });

  it('never shrinks much when a sequence goes on', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 2, maxLength: 60 }), (tokens) => {
        expect(adaptiveCodeLength(tokens)).toBeGreaterThanOrEqual(0);
        expect(adaptiveCodeLength([...tokens, ...tokens])).toBeGreaterThanOrEqual(adaptiveCodeLength(tokens) - 1e-9);
      }),
    );
  });
});
