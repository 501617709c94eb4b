import { afterAll, describe, expect, it, vi } from 'vitest';
import { flipP } from '../../../src/evidence/flipTest.ts';
import { share } from '../../../src/evidence/sizes.ts';
import { compare, type Scores } from '../../../src/evidence/statistics.ts';
import { adjustForTries, statisticalVerdict } from '../../../src/evidence/verdict.ts';
import { accuracy, collapsing, type Draw, gaussian, generator, heavyTailed, lognormal, testSets } from './draws.ts';

// A machine that is busy with other things draws no fewer experiments.
vi.setConfig({ testTimeout: 180_000 });

const ALPHA = 0.05;
const LEVEL = ALPHA * share(1);
const EXPERIMENTS = 20_000;

const printed: string[] = [];
afterAll(() => void process.stdout.write(`${printed.join('\n')}\n`));

/** Share of experiments that end with a verdict; printed, so that whoever runs the tests sees the rates. */
function rate(name: string, experiments: number, happens: () => boolean): number {
  let count = 0;
  for (let i = 0; i < experiments; i += 1) if (happens()) count += 1;
  printed.push(`${(count / experiments).toFixed(4)}  ${name}`);
  return count / experiments;
}

const margin = (level: number, experiments = EXPERIMENTS): number => 3 * Math.sqrt((level * (1 - level)) / experiments);

const drawn = (draw: Draw, random: () => number, count: number, gain = 0): number[] =>
  Array.from({ length: count }, () => draw(random) + gain);

function verdictOf(baseline: Scores, variant: Scores, tryNumber = 1, minimumEffect = 0): string {
  const found = compare(baseline, variant, { minimumEffect, alpha: ALPHA });
  const [adjusted = 1] = adjustForTries([found.pStar], tryNumber);
  return statisticalVerdict(found, adjusted, { alpha: ALPHA, minimumEffect });
}

const kinds: Readonly<Record<string, Draw>> = {
  Gaussian: gaussian,
  't with 3 degrees of freedom': heavyTailed,
  lognormal,
  '10 % divergence': collapsing,
  'accuracy on 20 rows': accuracy(20),
  'accuracy on 50 rows': accuracy(50),
  'accuracy on 1000 rows': accuracy(1000),
};

describe('over many experiments, two arms that are alike', () => {
  it.each(Object.entries(kinds))('(%s) are called an improvement no more often than promised', (name, draw) => {
    for (const seeds of [5, 10]) {
      const random = generator(seeds * 7919 + 1);
      const found = rate(`false support, ${name}, ${seeds} seeds`, EXPERIMENTS, () => {
        const [baseline, variant] = [drawn(draw, random, seeds), drawn(draw, random, seeds)];
        return verdictOf({ values: baseline }, { values: variant }) === 'supported';
      });
      expect(found).toBeLessThanOrEqual(LEVEL + margin(LEVEL));
    }
  });

  it.each(Object.entries(testSets))(
    'on the test set drawn, not on data like it (%s), are called an improvement no more often than promised',
    (name, { draw, experiments }) => {
      for (const seeds of [5, 10]) {
        const random = generator(seeds * 104_729 + 3);
        const found = rate(`false support with examples, ${name}, ${seeds} seeds`, experiments, () => {
          const { baseline, variant } = draw(random, seeds);
          return verdictOf(baseline, variant) === 'supported';
        });
        expect(found).toBeLessThanOrEqual(LEVEL + margin(LEVEL, experiments));
      }
    },
  );
});

describe('over many experiments, tries in a row that end at the first support', () => {
  const EXPERIMENTS_IN_A_ROW = 2000;

  it('support a useless idea no more often than alpha, each try with a variant of its own', () => {
    const random = generator(17);
    const found = rate('false support in 20 tries of new variants, 10 seeds', EXPERIMENTS_IN_A_ROW, () => {
      for (let b = 1; b <= 20; b += 1) {
        const [baseline, variant] = [drawn(gaussian, random, 10), drawn(gaussian, random, 10)];
        if (verdictOf({ values: baseline }, { values: variant }, b) === 'supported') return true;
      }
      return false;
    });
    expect(found).toBeLessThanOrEqual(ALPHA + margin(ALPHA, EXPERIMENTS_IN_A_ROW));
  });

  it.each(['Gaussian', 'accuracy on 20 rows', '10 % divergence'])(
    'support it no more often either (%s) where each pools the blocks of all earlier ones',
    (name) => {
      const random = generator(19);
      const draw = kinds[name] ?? gaussian;
      const found = rate(`false support in 4 tries that pool 5 seeds each, ${name}`, EXPERIMENTS_IN_A_ROW, () => {
        const [baseline, variant]: [number[], number[]] = [[], []];
        for (let b = 1; b <= 4; b += 1) {
          baseline.push(...drawn(draw, random, 5));
          variant.push(...drawn(draw, random, 5));
          if (verdictOf({ values: baseline }, { values: variant }, b) === 'supported') return true;
        }
        return false;
      });
      expect(found).toBeLessThanOrEqual(ALPHA + margin(ALPHA, EXPERIMENTS_IN_A_ROW));
    },
  );

  it('support one of three useless variants at once no more often than the share of the try', () => {
    const random = generator(23);
    const found = rate('false support of any of 3 variants, 8 seeds', EXPERIMENTS, () => {
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

describe('over many experiments, a true effect', () => {
  it('of one standard deviation of the difference is found four times in five with ten seeds', () => {
    const random = generator(29);
    const found = rate('power at one standard deviation, 10 seeds', EXPERIMENTS, () => {
      const variant = drawn(gaussian, random, 10, Math.SQRT2);
      return verdictOf({ values: drawn(gaussian, random, 10) }, { values: variant }) === 'supported';
    });
    expect(found).toBeGreaterThanOrEqual(0.8);
  });

  it.each([5, 10])('of exactly the minimum is refuted no more often than alpha with %i seeds', (seeds) => {
    const random = generator(31 * seeds);
    const found = rate(`false refutation at exactly the minimum, ${seeds} seeds`, EXPERIMENTS, () => {
      const variant = drawn(gaussian, random, seeds, 1);
      return verdictOf({ values: drawn(gaussian, random, seeds) }, { values: variant }, 1, 1) === 'refuted';
    });
    expect(found).toBeLessThanOrEqual(ALPHA + margin(ALPHA));
  });
});

describe('the drawn flip test', () => {
  it('has the false alarms that it promises beyond twenty units', () => {
    const random = generator(37);
    const found = rate('false alarms of the drawn flip test at 0.05, 24 units', 300, () => {
      return flipP(drawn(gaussian, random, 24)) <= ALPHA;
    });
    expect(found).toBeLessThanOrEqual(ALPHA + margin(ALPHA, 300));
  });
});
