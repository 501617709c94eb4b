import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compare, type Scores } from '../../../src/evidence/statistics.ts';
import { readUnits } from '../../../src/evidence/unitScores.ts';

interface Printed {
  score: number;
  examples?: number[];
  groups?: string[];
  jackknife?: number[];
}
interface Case {
  kind: string;
  goal: 'maximize' | 'minimize';
  delta: number;
  alpha: number;
  baseline: Printed[];
  variant: Printed[];
  want: Record<'mean' | 'p' | 'pT' | 'pStar' | 'pRefuted' | 'low' | 'high', number> & { unit: string };
}

/** Made by makeFixtures.py. */
const cases = JSON.parse(readFileSync(new URL('./fixtures/units.json', import.meta.url), 'utf8')) as Case[];

it('a jackknife and groups decide as the reference does, from what evaluate prints', () => {
  expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(['f1', 'rmse', 'groups']));
  for (const [i, { kind, goal, delta, alpha, baseline, variant, want }] of cases.entries()) {
    const sign = goal === 'maximize' ? 1 : -1;
    const scores = (runs: readonly Printed[]): Scores => ({
      values: runs.map(({ score }) => sign * score),
      examples: runs.map((run) => {
        const { units, examplesProblem } = readUnits({ ...run }, run.score);
        expect(examplesProblem, `case ${i} (${kind})`).toBeNull();
        return (units ?? []).map((unit) => sign * unit);
      }),
    });
    const ours = compare(scores(baseline), scores(variant), { minimumEffect: delta, alpha });
    expect(ours.unit, `case ${i} (${kind})`).toBe(want.unit);
    for (const key of ['mean', 'p', 'pT', 'pStar', 'pRefuted', 'low', 'high'] as const) {
      const gap = Math.abs((ours[key] ?? Number.NaN) - want[key]) / Math.max(1, Math.abs(want[key]));
      expect(gap, `case ${i} (${kind}) ${key}: ${ours[key]} against ${want[key]}`).toBeLessThanOrEqual(1e-9);
    }
  }
});
