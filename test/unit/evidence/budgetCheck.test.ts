import { describe, expect, it } from 'vitest';
import { checkBudget } from '../../../src/evidence/budgetCheck.ts';
import type { CheckRequest } from '../../../src/evidence/checkRequest.ts';

const arm = (name: string) => ({ name, revision: name, commit: name, tree: name });

function request(variantSeconds: readonly number[], parity?: Record<string, number>): CheckRequest {
  const one = (name: string, seed: number, wallSeconds: number) =>
    [
      name,
      {
        ...{ arm: arm(name), seed, evaluations: [], scores: null, failure: null },
        runs: [
          { id: `${name}-${seed}`, state: 'finished', resources: { wallSeconds, memoryBytes: 100, processes: 1 } },
        ],
      },
    ] as const;
  return {
    contract: { budget: { wall: 60, memory: 2 ** 30 }, parity },
    registration: { baseline: arm('main'), variants: [arm('idea')] },
    blocks: variantSeconds.map((seconds, i) => new Map([one('main', i, 2), one('idea', i, seconds)])),
  } as unknown as CheckRequest;
}

describe('what a gain costs', () => {
  it('is a note beside the verdict where it takes half as long again', () => {
    expect(checkBudget(request([2, 2.2, 2.4]))).toMatchObject([{ kind: 'void', passed: true }]);
    expect(checkBudget(request([4, 5, 6]))).toMatchObject([
      { kind: 'void', passed: true },
      { kind: 'note', detail: "it takes 2.5 times the baseline's time", revision: 'idea' },
    ]);
  });

  it('is void beyond `parity` in every block, and not in some of them', () => {
    const [over] = checkBudget(request([4, 5, 6], { wall: 1.5 }));
    expect(over).toMatchObject({ kind: 'void', passed: false, revision: 'idea' });
    expect(over?.detail).toContain("it takes 2 times the baseline's time or more in every block");
    expect(checkBudget(request([2.5, 5, 6], { wall: 1.5 }))[0]).toMatchObject({ passed: true });
    expect(checkBudget(request([4, 5, 6], { memory: 1.5 }))[0]).toMatchObject({ passed: true });
  });
});
