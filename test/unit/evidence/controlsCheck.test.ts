import { describe, expect, it } from 'vitest';
import { againstItself, labelShuffle } from '../../../src/evidence/controlsCheck.ts';

const arm = (name: string) => ({ name, revision: name, commit: 'c', tree: 't' });
const registration = { baseline: arm('baseline'), metric: 'accuracy', alpha: 0.05 };

describe('label-shuffle', () => {
  const judged = (leads: readonly (readonly [lead: number, shuffled: number | readonly number[]])[]) =>
    labelShuffle(registration, {
      permutations: 5,
      trivial: 0.5,
      arms: leads.map(([lead, shuffled], i) => ({
        revision: i === 0 ? 'baseline' : `v${i}`,
        lead,
        shuffled: typeof shuffled === 'number' ? Array(5).fill(shuffled) : [...shuffled],
        runs: [],
      })),
    }).map(({ kind, passed, revision }) => [kind, passed, revision]);

  it('doubts a variant that keeps more than half of its lead where the baseline does not', () => {
    expect(
      judged([
        [0.2, 0.1],
        [0.3, 0.16],
      ]),
    ).toEqual([['doubt', false, 'v1']]);
    expect(
      judged([
        [0.2, 0.1],
        [0.3, 0.15],
      ]),
    ).toEqual([['doubt', true, undefined]]);
  });

  it('doubts it too where the baseline has no lead that it could lose', () => {
    expect(
      judged([
        [-0.1, -0.1],
        [0.3, 0.3],
      ]),
    ).toEqual([['doubt', false, 'v1']]);
  });

  it('names only the arm that keeps its lead', () => {
    expect(
      judged([
        [0.2, 0],
        [0.3, 0],
        [0.3, 0.3],
      ]),
    ).toEqual([['doubt', false, 'v2']]);
  });

  it('takes a lead as kept only where every permutation leaves it, since noise turns a learner around as a whole', () => {
    const turned = [0.2, 0.2, 0.2, 0.2, -0.2];
    expect(
      judged([
        [0.2, turned],
        [0.3, 0.3],
      ]),
    ).toEqual([['doubt', false, 'v1']]);
    expect(
      judged([
        [0.2, 0],
        [0.2, turned],
      ]),
    ).toEqual([['doubt', true, undefined]]);
  });

  it('notes a task that needs no training labels', () => {
    expect(
      judged([
        [0.2, 0.2],
        [0.3, 0.3],
      ]),
    ).toEqual([
      ['doubt', true, undefined],
      ['note', false, 'v1'],
    ]);
  });
});

describe('a-a', () => {
  const round = (pStar: number) => ({ seeds: [1, 2], differences: [0.1, 0.2], mean: 0.15, pStar, runs: [] });

  it('is void when the baseline beats itself twice running, and only then', () => {
    expect(againstItself(registration, [round(0.03), round(0.05)])).toMatchObject({ kind: 'void', passed: false });
    expect(againstItself(registration, [round(0.03), round(0.06)]).passed).toBe(true);
    expect(againstItself(registration, [round(0.2)]).passed).toBe(true);
  });

  it('says by how much the baseline differs from itself', () => {
    expect(againstItself(registration, [round(0.2)]).detail).toBe(
      'the baseline against itself differs by +0.15 accuracy over 2 seeds (+0.1 to +0.2, p* = 0.2)',
    );
  });
});
