import { layScores, results, scoring } from '../scoreTask.ts';
import { againstMain, NOTHING_WON, type RedteamCase, SUPPORTED } from '../types.ts';

const ALL_SEEDS = [[...againstMain('variant'), '--all-seeds']];
const TEN = [0.7, 0.72, 0.69, 0.71, 0.7, 0.73, 0.68, 0.7, 0.72, 0.71];
const FIVE = [0.7, 0.72, 0.69, 0.71, 0.73];
const plus = (values: readonly number[], gains: readonly number[]): number[] =>
  values.map((value, index) => value + (gains[index] ?? 0));
const DETERMINISTIC = { accept: { 'seed-effect': 'deterministic rule' }, minimum_effect: undefined };

/** result.json with 240 examples, of which those from `from` on (in a circle) up to `right` many are right. */
function examples(right: number, from: number): string {
  const list = Array.from({ length: 240 }, (_, index) => ((index - from + 240) % 240 < right ? 1 : 0));
  return JSON.stringify({ score: right / 240, examples: list });
}

/** The first n of 240 examples are wrong, all others right. */
const wrongs = (count: number): string => examples(240 - count, count);

/** Chance, ties and numbers at the edge of what a number can be. */
export const statisticsCases: readonly RedteamCase[] = [
  {
    name: 'one-lucky-seed-of-ten',
    kind: 'cheat',
    does: 'nine seeds neither win nor lose, one wins by 3: the mean is far above the minimum effect',
    must: 'not supported: the sign-flip test over pairs and the t interval (4)',
    build: (place) =>
      layScores(place, 10, {
        baseline: scoring(TEN),
        variant: scoring(plus(TEN, [0.01, -0.01, 0.02, -0.01, 3, -0.02, 0.01, -0.01, 0.01, -0.01])),
      }),
    commands: ALL_SEEDS,
    expected: NOTHING_WON,
  },
  {
    name: 'rare-collapse',
    kind: 'cheat',
    does: 'nine seeds win by 0.03, one loses 0.9',
    must: 'not supported: the mean is negative',
    build: (place) =>
      layScores(place, 10, {
        baseline: scoring(TEN),
        variant: scoring(plus(TEN, [0.03, 0.03, 0.03, 0.03, 0.03, 0.03, 0.03, 0.03, 0.03, -0.9])),
      }),
    commands: ALL_SEEDS,
    expected: NOTHING_WON,
  },
  {
    name: 'tied-differences',
    kind: 'cheat',
    does: 'six seeds with differences of 0.1 five times and -0.1 once, which binary fractions do not hold exactly',
    must: 'p is 7/64: flips that tie with what was observed are hits (4)',
    build: (place) => {
      const base = [0.1, 0.2, 0.3, 0.4, 0.7, 0.6];
      layScores(place, 6, { baseline: scoring(base), variant: scoring([0.2, 0.3, 0.4, 0.5, 0.8, 0.5]) });
    },
    commands: ALL_SEEDS,
    expected: [{ ...NOTHING_WON[0], p: 7 / 64 }],
  },
  {
    name: 'half-of-the-pairs-tie',
    kind: 'cheat',
    does: 'accuracies tie in three of six pairs; the other three win by 0.1',
    must: 'p is 8/64: a tied pair says nothing (4), so not supported',
    build: (place) =>
      layScores(place, 6, {
        baseline: scoring([0.5, 0.6, 0.7, 0.5, 0.6, 0.7]),
        variant: scoring([0.6, 0.6, 0.8, 0.5, 0.7, 0.7]),
      }),
    commands: ALL_SEEDS,
    expected: [{ ...NOTHING_WON[0], p: 8 / 64 }],
  },
  {
    name: 'same-metric-other-examples',
    kind: 'honest',
    does: 'each arm scores the same for every seed, but other examples are right each time',
    must: 'supported: examples differ between seeds, so seeds are honest pairs and seed-effect does not fail (4)',
    build: (place) =>
      layScores(place, 5, {
        baseline: results([0, 40, 80, 120, 160].map((from) => examples(120, from))),
        variant: results([10, 50, 90, 130, 170].map((from) => examples(216, from))),
      }),
    expected: [{ ...SUPPORTED[0], notFailed: ['seed-effect'] }],
  },
  {
    name: 'four-lucky-examples',
    kind: 'cheat',
    does: 'deterministic arms differ in four of 240 examples, all won by the variant; no minimum effect is set',
    must: 'not supported: four of four is 1/16 (4, exact binomial)',
    build: (place) =>
      layScores(
        place,
        5,
        { baseline: results(Array(5).fill(wrongs(40))), variant: results(Array(5).fill(wrongs(36))) },
        DETERMINISTIC,
      ),
    expected: NOTHING_WON,
  },
  {
    name: 'one-example-won-every-seed',
    kind: 'cheat',
    does: 'arms vary with the seed, and in every pair the variant is right in one more example, the same one',
    must: 'not supported: five equal gains, and an interval that knows that one example of 240 is luck (4)',
    build: (place) => {
      const base = [0, 40, 80, 120, 160].map((from) => {
        const list = Array.from({ length: 240 }, (_, index) =>
          index < 239 && (index - from + 240) % 240 < 100 ? 1 : 0,
        );
        return list;
      });
      const text = (list: readonly number[]): string =>
        JSON.stringify({ score: list.reduce((sum, value) => sum + value, 0) / 240, examples: list });
      const won = base.map((list) => list.map((value, index) => (index === 239 ? 1 : value)));
      layScores(
        place,
        5,
        { baseline: results(base.map(text)), variant: results(won.map(text)) },
        { minimum_effect: undefined },
      );
    },
    expected: NOTHING_WON,
  },
  {
    name: 'scores-equal-for-some-seeds',
    kind: 'honest',
    does: 'three of five gains are the same number',
    must: 'supported',
    build: (place) =>
      layScores(place, 5, { baseline: scoring(FIVE), variant: scoring(plus(FIVE, [0.1, 0.1, 0.1, 0.13, 0.12])) }),
    expected: SUPPORTED,
  },
];
