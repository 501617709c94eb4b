import { expect, test } from 'vitest';
import type { Measurement, Registration } from '../../../src/domain/evidence.ts';
import type { Experiment, RunEntry } from '../../../src/vscode/experimentLedger.ts';
import { resultsOf } from '../../../src/vscode/resultsRows.ts';
import { sorted } from '../../../src/webview/sortableTable.tsx';

const arm = (name: string, revision: string) => ({ name, revision, commit: name, tree: name });

const registration: Registration = {
  id: 'm1',
  hypothesis: '',
  metric: 'loss',
  goal: 'minimize',
  baseline: arm('baseline', 'main'),
  variants: [arm('variant', 'better')],
  seeds: [7, 8],
  seedsFrom: 'drawn',
  orderSeed: '1',
  order: [],
  minimumEffect: 0.1,
  alpha: 0.05,
  budget: { wallSeconds: 60, memoryBytes: 1e9 },
  accepted: {},
  family: 'f',
  tryNumber: 1,
  leastSeeds: 5,
  detectableEffect: null,
};

const run = (of: string, seed: number, value: number): RunEntry => ({
  ...{ id: `m1-${seed}-${of}`, purpose: 'run', arm: of, seed, state: 'finished', since: '', value, reason: '' },
  seconds: 1,
  wholeSeconds: 1.5,
});

const experiment: Experiment = {
  ...{ id: 'm1', kind: 'comparison', registration, metric: 'loss', seeds: [7, 8], measurement: null, noise: null },
  arms: [
    { name: 'baseline', revision: 'main', role: 'baseline', runs: [run('baseline', 7, 3), run('baseline', 8, 4)] },
    { name: 'variant', revision: 'better', role: 'variant', runs: [run('variant', 7, 2), run('variant', 8, 5)] },
  ],
};

const difference = { low: 0.5, high: 1.5, p: 0.1, pT: 0.1, pStar: 0.1, adjustedP: 0.15, unit: 'seed' as const, n: 2 };

const measurement: Measurement = {
  ...{ session: 's', verdict: 'inconclusive', reason: 'Two seeds are few.', metric: 'loss', goal: 'minimize' },
  baseline: { revision: 'main', values: [3, 4], mean: 3.5 },
  variants: [
    {
      ...{ revision: 'better', values: [2, 5], mean: 3.5, verdict: 'inconclusive', reason: '' },
      difference: { ...difference, mean: 0 },
    },
  ],
  ...{ checks: [], tried: 1, runs: [], registration },
};

test('a run that makes a metric smaller gains where smaller is better, over the same seed of the baseline', () => {
  const { runs } = resultsOf('All', [{ session: 's', experiments: [experiment] }]);
  expect(runs.map(({ arm: of, seed, gain }) => [of, seed, gain])).toEqual([
    ['main (baseline)', 7, null],
    ['main (baseline)', 8, null],
    ['better', 7, 1],
    ['better', 8, -1],
  ]);
});

test('an arm has its verdict, interval and share of pairs won from the measurement, and none before it', () => {
  const rows = (one: Experiment) => resultsOf('All', [{ session: 's', experiments: [one] }]).arms;
  expect(rows(experiment)[1]).toMatchObject({ verdict: 'not yet', mean: 3.5, low: null, won: null });
  expect(rows({ ...experiment, measurement })[1]).toMatchObject({
    ...{ verdict: 'inconclusive', low: 0.5, high: 1.5, adjustedP: 0.15, won: 0.5, seconds: 1.5 },
  });
});

test('one experiment is summed up by why its verdict is so, several by how many have which', () => {
  const measured = { ...experiment, measurement };
  const one = resultsOf('One', [{ session: 's', experiments: [measured] }]);
  expect(one.summary).toBe('Inconclusive: Two seeds are few.');
  const both = resultsOf('Both', [{ session: 's', experiments: [measured, experiment] }]);
  expect(both.summary).toBe('2 experiments with 4 arms: 1 inconclusive, 1 without a verdict.');
});

test('a table sorts numbers as numbers and names with their numbers, and what is missing stands last either way', () => {
  const rows = [{ v: 10 }, { v: null }, { v: 9 }];
  const number = [{ key: 'v', value: (row: { v: number | null }) => row.v }];
  expect(sorted(rows, number, { key: 'v', ascending: true }).map((row) => row.v)).toEqual([9, 10, null]);
  expect(sorted(rows, number, { key: 'v', ascending: false }).map((row) => row.v)).toEqual([10, 9, null]);
  const names = [{ key: 'n', value: (row: string) => row }];
  expect(sorted(['v10', 'v9'], names, { key: 'n', ascending: true })).toEqual(['v9', 'v10']);
});
