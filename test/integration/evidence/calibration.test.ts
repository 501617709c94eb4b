import { describe, expect, it, vi } from 'vitest';
import { compare } from '../../../src/evidence/statistics.ts';
import { adjustForTries } from '../../../src/evidence/verdict.ts';
import {
  accuracy,
  collapsing,
  type Draw,
  Generator,
  gaussian,
  heavyTailed,
  lognormal,
} from '../../unit/evidence/draws.ts';
import { ALPHA, LEVEL, margin, rate, verdictOf } from './calibration.ts';

// A machine that is busy with other things draws no fewer experiments.
vi.setConfig({ testTimeout: 180_000 });

const drawn = (draw: Draw, random: Generator, count: number, gain = 0): number[] => {
  const values: number[] = [];
  for (let i = 0; i < count; i += 1) values.push(draw(random) + gain);
  return values;
};

const kinds: Readonly<Record<string, Draw>> = {
  Gaussian: gaussian,
  't with 3 degrees of freedom': heavyTailed,
  lognormal,
  '10 % divergence': collapsing,
  'accuracy on 20 rows': accuracy(20),
  'accuracy on 50 rows': accuracy(50),
  'accuracy on 1000 rows': accuracy(1000),
};

describe('over 20,000 experiments, two arms that are alike', () => {
  it.each(Object.entries(kinds))('(%s) are called an improvement no more often than promised', (name, draw) => {
    for (const seeds of [5, 10]) {
      const random = new Generator(seeds * 7919 + 1);
      const found = rate(`false support, ${name}, ${seeds} seeds`, () => {
        const [baseline, variant] = [drawn(draw, random, seeds), drawn(draw, random, seeds)];
        return verdictOf({ values: baseline }, { values: variant }) === 'supported';
      });
      expect(found).toBeLessThanOrEqual(LEVEL + margin(LEVEL));
    }
  });
});

describe('over 20,000 experiments, tries in a row that end at the first support', () => {
  it('support a useless idea no more often than alpha, each try with a variant of its own', () => {
    const random = new Generator(17);
    const found = rate('false support in 20 tries of new variants, 10 seeds', () => {
      for (let b = 1; b <= 20; b += 1) {
        const [baseline, variant] = [drawn(gaussian, random, 10), drawn(gaussian, random, 10)];
        if (verdictOf({ values: baseline }, { values: variant }, b) === 'supported') return true;
      }
      return false;
    });
    expect(found).toBeLessThanOrEqual(ALPHA + margin(ALPHA));
  });

  it.each(['Gaussian', 'accuracy on 20 rows', '10 % divergence'])(
    'support it no more often either (%s) where each pools the blocks of all earlier ones',
    (name) => {
      const random = new Generator(19);
      const draw = kinds[name] ?? gaussian;
      const found = rate(`false support in 4 tries that pool 5 seeds each, ${name}`, () => {
        const [baseline, variant]: [number[], number[]] = [[], []];
        for (let b = 1; b <= 4; b += 1) {
          baseline.push(...drawn(draw, random, 5));
          variant.push(...drawn(draw, random, 5));
          if (verdictOf({ values: baseline }, { values: variant }, b) === 'supported') return true;
        }
        return false;
      });
      expect(found).toBeLessThanOrEqual(ALPHA + margin(ALPHA));
    },
  );

  it('support one of three useless variants at once no more often than the share of the try', () => {
    const random = new Generator(23);
    const found = rate('false support of any of 3 variants, 8 seeds', () => {
      const baseline = drawn(gaussian, random, 8);
      const stars = [0, 1, 2].map(() => {
        const variant = drawn(gaussian, random, 8);
        return compare({ values: baseline }, { values: variant }, { minimumEffect: 0, alpha: ALPHA }).pStar;
      });
      return adjustForTries(stars, 1).some((p) => p <= ALPHA);
    });
    expect(found).toBeLessThanOrEqual(LEVEL + margin(LEVEL));
  });
});

describe('over 20,000 experiments, a true effect', () => {
  it('of one standard deviation of the difference is found four times in five with ten seeds', () => {
    const random = new Generator(29);
    const found = rate('power at one standard deviation, 10 seeds', () => {
      const variant = drawn(gaussian, random, 10, Math.SQRT2);
      return verdictOf({ values: drawn(gaussian, random, 10) }, { values: variant }) === 'supported';
    });
    expect(found).toBeGreaterThanOrEqual(0.8);
  });

  it.each([5, 10])('of exactly the minimum is refuted no more often than alpha with %i seeds', (seeds) => {
    const random = new Generator(31 * seeds);
    const found = rate(`false refutation at exactly the minimum, ${seeds} seeds`, () => {
      const variant = drawn(gaussian, random, seeds, 1);
      return verdictOf({ values: drawn(gaussian, random, seeds) }, { values: variant }, 1, 1) === 'refuted';
    });
    expect(found).toBeLessThanOrEqual(ALPHA + margin(ALPHA));
  });
});
