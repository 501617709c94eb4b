import { describe, expect, it, vi } from 'vitest';
import { flipP } from '../../../src/evidence/flipTest.ts';
import { drawerOf, Generator, testSets } from '../../unit/evidence/draws.ts';
import { ALPHA, LEVEL, margin, rate, verdictOf } from './calibration.ts';

// A machine that is busy with other things draws no fewer experiments.
vi.setConfig({ testTimeout: 180_000 });

describe('over 20,000 experiments, two arms that are alike on all data', () => {
  it.each(Object.entries(testSets))(
    'are called an improvement on the test set drawn (%s) no more often than promised',
    (name, testSet) => {
      for (const seeds of [5, 10]) {
        const random = new Generator(seeds * 104_729 + 3);
        const draw = drawerOf(testSet, seeds);
        const found = rate(`false support with examples, ${name}, ${seeds} seeds`, () => {
          const { baseline, variant } = draw(random);
          return verdictOf(baseline, variant) === 'supported';
        });
        expect(found).toBeLessThanOrEqual(LEVEL + margin(LEVEL));
      }
    },
  );
});

describe('the drawn flip test', () => {
  it('has the false alarms that it promises beyond twenty units', () => {
    const experiments = 1000;
    const random = new Generator(37);
    const found = rate(
      'false alarms of the drawn flip test at 0.05, 24 units',
      () => flipP(Array.from({ length: 24 }, () => random.normal())) <= ALPHA,
      experiments,
    );
    expect(found).toBeLessThanOrEqual(ALPHA + margin(ALPHA, experiments));
  });
});
