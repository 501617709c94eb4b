import type { Scores } from '../../../src/evidence/statistics.ts';

export type Draw = (random: () => number) => number;

/** mulberry32, seeded: the same experiments every time. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const gaussian: Draw = (random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
export const lognormal: Draw = (random) => Math.exp(gaussian(random));
/** Student's t with three degrees of freedom. */
export const heavyTailed: Draw = (random) => {
  const [a, b, c] = [gaussian(random), gaussian(random), gaussian(random)];
  return gaussian(random) / Math.sqrt((a * a + b * b + c * c) / 3);
};
/** One run in ten diverges. */
export const collapsing: Draw = (random) => (random() < 0.1 ? -10 : 0) + gaussian(random);

/** The share of rows that are right where each is with probability 0.8, drawn from its exact distribution. */
export function accuracy(rows: number): Draw {
  const below: number[] = [];
  let logTerm = rows * Math.log(0.2);
  let total = 0;
  for (let right = 0; right <= rows; right += 1) {
    total += Math.exp(logTerm);
    below.push(total);
    logTerm += Math.log((rows - right) / (right + 1)) + Math.log(4);
  }
  return (random) => {
    const u = random() * total;
    let [low, high] = [0, rows];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((below[middle] ?? 1) < u) low = middle + 1;
      else high = middle;
    }
    return low / rows;
  };
}

interface TestSet {
  /** As many as a few seconds allow: an experiment draws seeds times rows. */
  readonly experiments: number;
  readonly draw: (random: () => number, seeds: number) => { baseline: Scores; variant: Scores };
}

/** Two arms that are alike on all data and differ on every example, so that a test set favours one of them by luck. */
export const testSets: Readonly<Record<string, TestSet>> = {
  '20 real scores': { experiments: 20_000, draw: (random, seeds) => realScores(random, seeds, 20) },
  '20 rows of 0/1': { experiments: 20_000, draw: (random, seeds) => zeroOne(random, seeds, 20) },
  '50 rows of 0/1': { experiments: 5000, draw: (random, seeds) => zeroOne(random, seeds, 50) },
  '1000 rows of 0/1': { experiments: 500, draw: (random, seeds) => zeroOne(random, seeds, 1000) },
};

function realScores(random: () => number, seeds: number, rows: number): { baseline: Scores; variant: Scores } {
  const lean = Array.from({ length: rows }, () => gaussian(random));
  const arm = (sign: number): Scores => {
    const examples = Array.from({ length: seeds }, () => {
      const seed = 0.3 * gaussian(random);
      return lean.map((one) => (sign * one) / 2 + seed + 0.5 * gaussian(random));
    });
    return scored(examples);
  };
  return { baseline: arm(1), variant: arm(-1) };
}

function zeroOne(random: () => number, seeds: number, rows: number): { baseline: Scores; variant: Scores } {
  const arm = (chances: readonly number[]): Scores =>
    scored(Array.from({ length: seeds }, () => chances.map((chance) => (random() < chance ? 1 : 0))));
  const chances = (): number[] => Array.from({ length: rows }, () => 0.4 + 0.6 * random());
  return { baseline: arm(chances()), variant: arm(chances()) };
}

function scored(examples: readonly (readonly number[])[]): Scores {
  return { examples, values: examples.map((row) => row.reduce((a, b) => a + b, 0) / row.length) };
}
