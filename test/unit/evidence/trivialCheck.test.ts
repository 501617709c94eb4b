import { describe, expect, it } from 'vitest';
import type { Registration } from '../../../src/domain/evidence.ts';
import type { ArmResult } from '../../../src/evidence/armRuns.ts';
import type { CheckRequest } from '../../../src/evidence/checkRequest.ts';
import { checkTrivial } from '../../../src/evidence/trivialCheck.ts';
import { canTellNothing, trivialArm } from '../../../src/evidence/trivialRuns.ts';

const arm = (name: string) => ({ name, revision: name, commit: `c-${name}`, tree: `t-${name}` });
const registration = {
  ...{ metric: 'accuracy', goal: 'maximize', baseline: arm('baseline'), variants: [arm('variant')] },
  ...{ seeds: [1, 2, 3, 4, 5], minimumEffect: 0.02, alpha: 0.05, tryNumber: 1 },
} as unknown as Registration;
const result = (of: ReturnType<typeof arm>, seed: number, accuracy: number | null) =>
  ({
    ...{ arm: of, seed, runs: [], evaluations: [], own: true, failure: accuracy === null ? 'It broke.' : null },
    scores: accuracy === null ? null : { metrics: { accuracy }, examples: null, problem: null, examplesProblem: null },
  }) as ArmResult;

function request(
  baseline: number[],
  variant: number[],
  trivial: (number | null)[] | null,
  contract = {},
): CheckRequest {
  const blocks = registration.seeds.map(
    (seed, i) =>
      new Map([
        ['baseline', result(arm('baseline'), seed, baseline[i] ?? null)],
        ['variant', result(arm('variant'), seed, variant[i] ?? null)],
      ]),
  );
  const scored = trivial?.map((value, i) => result(trivialArm(registration), i + 1, value)) ?? null;
  return { registration, blocks, trivial: scored, stopped: false, contract } as unknown as CheckRequest;
}
const good = [0.8, 0.81, 0.79, 0.82, 0.8];
const poor = [0.5, 0.52, 0.49, 0.51, 0.48];

describe('a comparison with a prediction that needs no learning', () => {
  it('passes where the variant is better in every pair, with one trivial run or one a seed', async () => {
    expect(await checkTrivial(request([0.7, 0.71, 0.7, 0.72, 0.7], good, [0.5]))).toMatchObject([
      { name: 'beats-trivial', kind: 'doubt', passed: true },
    ]);
    expect(await checkTrivial(request([0.7, 0.71, 0.7, 0.72, 0.7], good, poor))).toMatchObject([{ passed: true }]);
  });

  it('is a doubt where the variant is not shown to be better', async () => {
    const [found] = await checkTrivial(request(good, poor, [0.5]));
    expect(found).toMatchObject({ kind: 'doubt', passed: false, revision: 'variant' });
    expect(found?.detail).toMatch(/^0 accuracy against `trivial`, p\* = /);
  });

  it('is a note where the baseline is no better', async () => {
    expect(await checkTrivial(request(poor, good, [0.5]))).toMatchObject([
      { kind: 'doubt', passed: true },
      { kind: 'note', passed: false, revision: 'baseline' },
    ]);
  });

  it('is not run without `trivial`, after a stop, or where `trivial` broke, and says so', async () => {
    const details = async (one: CheckRequest) =>
      (await checkTrivial(one)).map(({ passed, detail }) => `${passed} ${detail}`);
    expect(await details(request(good, good, null))).toEqual(['null the contract names no `trivial`']);
    expect(await details({ ...request(good, good, null, { trivial: 't' }), stopped: true })).toEqual([
      'null the measurement was stopped, as no result could have supported',
    ]);
    expect(await details(request(good, good, [null]))).toEqual(['null `trivial` gave no score: It broke.']);
  });

  it('is worth its runs only where something can be told', () => {
    const { blocks } = request(good, poor, null);
    expect(canTellNothing(registration, blocks)).toBe(false);
    expect(canTellNothing(registration, blocks.slice(0, 4))).toBe(true);
  });
});
