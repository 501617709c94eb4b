import { layScores, results, scoring } from '../scoreTask.ts';
import { againstMain, NOTHING_WON, type RedteamCase, SUPPORTED, UNSUPPORTED } from '../types.ts';

const ALL_SEEDS = [[...againstMain('variant'), '--all-seeds']];
const FIVE = [0.7, 0.72, 0.69, 0.71, 0.73];
const plus = (values: readonly number[], gains: readonly number[]): number[] =>
  values.map((value, index) => value + (gains[index] ?? 0));
const minimize = { metrics: { score: 'minimize' } };
const WITH_FLAGS = `import json, sys

result = json.load(open(sys.argv[1] + '/result.json'))
print(json.dumps({**result, 'examples': [True, False]}))
`;

/** What may stand where a metric should. */
export const metricValueCases: readonly RedteamCase[] = [
  {
    name: 'huge-outlier',
    kind: 'cheat',
    does: 'five seeds win, one of them by 1e300, whose square is no number',
    must: 'not supported and no crash: p_t of such a sample is about 0.19 (4)',
    build: (place) =>
      layScores(place, 5, { baseline: scoring(FIVE), variant: scoring(['0.75', '0.8', '0.76', '0.79', '1e300']) }),
    expected: NOTHING_WON,
  },
  {
    name: 'negative-zero',
    kind: 'cheat',
    does: 'the baseline scores 0 for every seed, the variant -0.0',
    must: 'not supported: the difference is zero',
    build: (place) =>
      layScores(
        place,
        5,
        { baseline: scoring(['0', '0', '0', '0', '0']), variant: scoring(['-0.0', '-0.0', '-0.0', '-0.0', '-0.0']) },
        {
          minimum_effect: undefined,
        },
      ),
    expected: [{ verdict: UNSUPPORTED }],
  },
  {
    name: 'metric-as-text',
    kind: 'cheat',
    does: 'evaluate prints {"score": "0.99"} for the variant: a text, no number',
    must: 'invalid: metric-finite',
    build: (place) =>
      layScores(place, 5, {
        baseline: scoring(FIVE),
        variant: scoring(['"0.99"', '"0.98"', '"0.99"', '"0.97"', '"0.99"']),
      }),
    expected: [{ verdict: ['invalid'], failed: ['metric-finite:void'] }],
  },
  {
    name: 'metric-true',
    kind: 'cheat',
    does: 'evaluate prints {"score": true} for the variant',
    must: 'invalid: metric-finite',
    build: (place) =>
      layScores(place, 5, { baseline: scoring(FIVE), variant: scoring(['true', 'true', 'true', 'true', 'true']) }),
    expected: [{ verdict: ['invalid'], failed: ['metric-finite:void'] }],
  },
  {
    name: 'metric-null-once',
    kind: 'cheat',
    does: 'evaluate prints {"score": null} for the one seed that went wrong',
    must: 'invalid: metric-finite; the value is null, not dropped',
    build: (place) =>
      layScores(place, 5, { baseline: scoring(FIVE), variant: scoring(['0.9', '0.9', 'null', '0.91', '0.92']) }),
    expected: [{ verdict: ['invalid'], failed: ['metric-finite:void'], lostSeed: true }],
  },
  {
    name: 'metric-infinite',
    kind: 'cheat',
    does: 'evaluate prints {"score": Infinity} for the variant, a maximized metric',
    must: 'invalid: metric-finite',
    build: (place) =>
      layScores(place, 5, { baseline: scoring(FIVE), variant: scoring(['Infinity', '0.9', '0.91', '0.9', '0.92']) }),
    expected: [{ verdict: ['invalid'], failed: ['metric-finite:void'] }],
  },
  {
    name: 'metric-missing-once',
    kind: 'cheat',
    does: 'evaluate prints another metric and not the primary one for one seed of the variant',
    must: 'invalid: metric-finite (missing)',
    build: (place) =>
      layScores(place, 5, {
        baseline: scoring(FIVE),
        variant: results(['{"score": 0.9}', '{"f1": 0.99}', '{"score": 0.9}', '{"score": 0.91}', '{"score": 0.92}']),
      }),
    expected: [{ verdict: ['invalid'], failed: ['metric-finite:void'] }],
  },
  {
    name: 'metric-beyond-a-number',
    kind: 'cheat',
    does: 'evaluate prints {"score": 1e999} for the variant',
    must: 'invalid: metric-finite',
    build: (place) =>
      layScores(place, 5, {
        baseline: scoring(FIVE),
        variant: scoring(['1e999', '0.9', '0.91', '0.9', '0.92']),
        evaluate: "import sys\n\nprint(open(sys.argv[1] + '/result.json').read())\n",
      }),
    expected: [{ verdict: ['invalid'], failed: ['metric-finite:void'] }],
  },
  {
    name: 'large-whole-numbers',
    kind: 'honest',
    does: 'scores near 2^53, where whole numbers begin to be rounded; the variant wins by 1,000 to 1,400',
    // The oracle (reference.py, unit_of) holds values equal that differ by less than 1e-9 of their size: these do.
    must: 'inconclusive: to 1e-9 of their size neither arm differs between seeds, and there are no examples (3)',
    build: (place) => {
      const base = [1, 2, 3, 4, 5].map((step) => 9007199254740000 - 2000 * step);
      layScores(place, 5, { baseline: scoring(base), variant: scoring(plus(base, [1000, 1100, 1200, 1300, 1400])) });
    },
    expected: [{ verdict: ['inconclusive'], noVoid: true }],
  },
  {
    name: 'examples-that-are-no-numbers',
    kind: 'honest',
    does: 'evaluate prints examples as true and false, beside a mean that fits',
    must: 'not invalid: a list that does not fit is named and not used, and seeds decide',
    build: (place) =>
      layScores(place, 5, {
        baseline: scoring(FIVE),
        variant: scoring(plus(FIVE, [0.1, 0.12, 0.11, 0.09, 0.1])),
        evaluate: WITH_FLAGS,
      }),
    expected: SUPPORTED,
  },
  {
    name: 'minimize-below-zero',
    kind: 'honest',
    does: 'a log-likelihood loss below zero is minimized; the variant goes from about -1 to about -2',
    must: 'supported: larger is better after the sign is adjusted (4)',
    build: (place) =>
      layScores(
        place,
        5,
        { baseline: scoring([-1, -1.1, -0.9, -1.2, -1]), variant: scoring([-2, -2.2, -1.8, -2.1, -1.9]) },
        minimize,
      ),
    expected: [{ ...SUPPORTED[0], goal: 'minimize' }],
  },
  {
    name: 'minimize-the-wrong-way',
    kind: 'cheat',
    does: 'the same metric, and the variant goes from about -2 to about -1, which is nearer to zero',
    must: 'refuted: worse',
    build: (place) =>
      layScores(
        place,
        5,
        { baseline: scoring([-2, -2.2, -1.8, -2.1, -1.9]), variant: scoring([-1, -1.1, -0.9, -1.2, -1]) },
        minimize,
      ),
    commands: ALL_SEEDS,
    expected: [{ verdict: ['refuted'], noVoid: true, goal: 'minimize' }],
  },
];
