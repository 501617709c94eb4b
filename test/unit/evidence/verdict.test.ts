import { describe, expect, it } from 'vitest';
import type { Check, Registration } from '../../../src/domain/evidence.ts';
import { compare } from '../../../src/evidence/statistics.ts';
import { adjustForTries, judge } from '../../../src/evidence/verdict.ts';

const arm = (name: string) => ({ name, revision: name, commit: `c-${name}`, tree: `t-${name}` });
const registration: Registration = {
  id: 'm1',
  hypothesis: 'It is better.',
  metric: 'accuracy',
  goal: 'maximize',
  baseline: arm('baseline'),
  variants: [arm('variant')],
  seeds: [1, 2, 3, 4, 5, 6],
  seedsFrom: 'drawn',
  orderSeed: '0',
  order: [],
  minimumEffect: 0.02,
  alpha: 0.05,
  budget: { wallSeconds: 60, memoryBytes: 1 },
  accepted: {},
  family: 'f',
  tryNumber: 1,
  leastSeeds: 5,
  detectableEffect: 1,
};
const base = [0.8, 0.81, 0.79, 0.82, 0.8, 0.81];
const by = (gains: readonly number[], of: Registration = registration) =>
  compare({ values: base.slice(0, gains.length) }, { values: gains.map((gain, i) => (base[i] ?? 0) + gain) }, of);
const verdictOf = (gains: readonly number[], checks: Check[] = [], of: Registration = registration, stopped = false) =>
  judge(of, [{ revision: 'variant', comparison: by(gains, of), stopped }], checks);
const failed = (name: string, kind: Check['kind'], revision?: string): Check => ({
  ...{ name, kind, passed: false, detail: 'seen' },
  ...(revision === undefined ? {} : { revision }),
});

const clear = [0.05, 0.06, 0.04, 0.05, 0.06, 0.05];

describe('a verdict says in one sentence why', () => {
  it('supported: by how much, against which minimum, how sure, and about what', () => {
    expect(verdictOf(clear).reason).toBe(
      'Better by 0.05167 accuracy, at least the minimum of 0.02 (adjusted p = 0.02344), on this test set, over training seeds.',
    );
  });

  it('refuted: not better, or better by less than the minimum', () => {
    expect(verdictOf(clear.map((gain) => -gain)).reason).toBe(
      'Not better: a gain of 0.02 accuracy is ruled out with p = 0.01563 (difference -0.05167).',
    );
    const little = verdictOf([0.001, 0.002, 0.001, 0.0015, 0.001, 0.002]);
    expect(little.verdict).toBe('refuted');
    expect(little.reason).toMatch(/^Better, but by less than the minimum: a gain of 0\.02 accuracy is ruled out/);
  });

  it('inconclusive: what would decide it', () => {
    const noisy = verdictOf([0.05, -0.03, 0.06, -0.01, 0.04, 0.0]);
    expect(noisy.verdict).toBe('inconclusive');
    expect(noisy.reason).toMatch(
      /about \d+ to \d+ seeds would decide between no effect and 0\.04, and need not decide in between\.$/,
    );
    const without = { ...registration, minimumEffect: 0 };
    expect(verdictOf([0.05, -0.03, 0.06, -0.01, 0.04, 0.0], [], without).reason).toContain(
      'with a minimum_effect the seeds needed can be told',
    );
    expect(verdictOf([0.05]).reason).toBe(
      'One seed decides nothing (difference +0.05 accuracy): measure with at least 5 seeds.',
    );
    expect(verdictOf([0.05, 0.06, 0.05]).reason).toContain(
      '3 seeds cannot support any gain here (difference +0.05333 accuracy): at least 5 are needed.',
    );
    expect(verdictOf([-0.05], [], registration, true).reason).toBe(
      'Stopped after 1 of 6 seeds: could not have been supported (difference -0.05 accuracy).',
    );
    const still = { values: [0.8, 0.8, 0.8] };
    const flat = compare(still, { values: [0.9, 0.9, 0.9] }, registration);
    expect(judge(registration, [{ revision: 'variant', comparison: flat, stopped: false }], []).reason).toContain(
      'seeds measure nothing',
    );
  });

  it('invalid: that it can carry no claim, whatever the numbers', () => {
    const one = verdictOf(clear, [failed('arms-differ', 'void', 'variant')]);
    expect(one).toMatchObject({
      verdict: 'invalid',
      reason: 'This comparison can carry no claim: arms-differ did not pass.',
    });
    expect(one.variants[0]?.difference.adjustedP).toBe(1);
  });
});

describe('checks and several variants', () => {
  const two: Registration = { ...registration, variants: [arm('a'), arm('b')] };
  const both = (checks: Check[]) =>
    judge(
      two,
      [
        { revision: 'a', comparison: by(clear), stopped: false },
        { revision: 'b', comparison: by(clear.map((gain) => -gain)), stopped: false },
      ],
      checks,
    );

  it('take the best of the variants as the whole, adjusted for their number', () => {
    const judged = both([]);
    expect(judged.variants.map(({ verdict }) => verdict)).toEqual(['supported', 'refuted']);
    expect(judged.reason).toMatch(/^a: Better by/);
    expect(judged.variants[0]?.difference.adjustedP).toBeCloseTo((2 / 64) * 1.5, 12);
  });

  it('make all invalid where the baseline or the evaluation failed, one where only it did', () => {
    expect(both([failed('runs-complete', 'void', 'baseline')]).variants.map(({ verdict }) => verdict)).toEqual([
      'invalid',
      'invalid',
    ]);
    expect(both([failed('coverage', 'void')]).verdict).toBe('invalid');
    expect(both([failed('runs-complete', 'void', 'b')]).variants.map(({ verdict }) => verdict)).toEqual([
      'supported',
      'invalid',
    ]);
  });

  it('leave a gain undecided by an open doubt, until it is accepted; a note changes nothing', () => {
    const doubt = failed('seed-effect', 'doubt', 'variant');
    expect(verdictOf(clear, [doubt]).reason).toBe(
      'seed-effect is an open doubt (seen): accept it with a reason, or mend it and measure again.',
    );
    expect(verdictOf(clear, [doubt], { ...registration, accepted: { 'seed-effect': 'deterministic' } }).verdict).toBe(
      'supported',
    );
    expect(verdictOf(clear, [failed('budget-parity', 'note', 'variant')]).verdict).toBe('supported');
    expect(verdictOf(clear, [{ ...failed('hidden-unseen', 'void'), passed: null }]).verdict).toBe('supported');
  });

  it('never let a later try be easier than an earlier one', () => {
    for (let b = 1; b < 20; b += 1) {
      const [now = 0] = adjustForTries([1e-5], b);
      const [next = 0] = adjustForTries([1e-5], b + 1);
      expect(next).toBeGreaterThan(now);
    }
  });
});
