import { describe, expect, it } from 'vitest';
import { comparisonLines } from '../../../src/cli/comparisonText.ts';
import type { Measurement } from '../../../src/domain/evidence.ts';

const difference: Measurement['variants'][number]['difference'] = {
  ...{ mean: 1, low: 0, high: 2, p: 0.1, pT: 0.1, pStar: 0.1, adjustedP: 0.2, unit: 'seed and example', n: 3 },
  ...{ examples: 40, luck: 0.0213 },
};

function measured(tryNumber: number, final: boolean): Measurement {
  const side = (revision: string, values: (number | null)[]) => ({ revision, values, mean: null });
  const variant = { ...side('v', [8, 12, 9, null]), difference, verdict: 'inconclusive' as const, reason: '' };
  return {
    ...{ session: 's', verdict: 'inconclusive', reason: '', metric: 'loss', goal: 'minimize', checks: [], runs: [] },
    ...{ seeds: [1, 2, 3, 4], baseline: side('main', [10, 11, 12, 13]), variants: [variant], tried: tryNumber },
    registration: { tryNumber, final, variants: [{}] } as Measurement['registration'],
  };
}

describe('beside every p a person sees', () => {
  it('how many seeds were won, the worst of them, the noise floor and the luck of the test set', () => {
    const text = comparisonLines(measured(3, false)).join('\n');
    expect(text).toContain('2 of 3 seeds won, the worst by −1; differences spread by 2.082');
    expect(text).toContain("two runs of the baseline's own code differ by about 1.826");
    expect(text).toContain(
      'try 3 on this test set, 1 variant; 40 examples; by luck alone the best of 3 comparisons would gain 0.0213',
    );
  });

  it('how often a locked test set was touched', () => {
    expect(comparisonLines(measured(1, true)).join('\n')).toContain('the locked test set, touched once');
    expect(comparisonLines(measured(4, true)).join('\n')).toContain('the locked test set, touched 4 times');
  });
});
