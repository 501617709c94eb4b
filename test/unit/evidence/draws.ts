import { average, type Scores } from '../../../src/evidence/statistics.ts';

export type Draw = (random: Generator) => number;

const TWO_32 = 2 ** 32;

/** mulberry32, seeded: the same experiments every time. */
export class Generator {
  #state: number;
  #spare: number | null = null;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** In [0, 1). */
  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    return mixed(this.#state) / TWO_32;
  }

  /** Standard normal, two at a time by Box and Muller (1958). */
  normal(): number {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Fills a row with 0/1, each 1 with its own chance, two of them for each step of the generator.
   *  @param chances in units of 2^-16; as many as the row has, an even number */
  zeroOne(row: Float64Array, chances: Int32Array): void {
    let state = this.#state;
    for (let e = 0; e < row.length; e += 2) {
      state = (state + 0x6d2b79f5) | 0;
      const bits = mixed(state);
      // The sign bit of a difference, without a branch: nobody can foresee it, a processor neither.
      row[e] = ((bits & 0xffff) - (chances[e] ?? 0)) >>> 31;
      row[e + 1] = ((bits >>> 16) - (chances[e + 1] ?? 0)) >>> 31;
    }
    this.#state = state;
  }
}

function mixed(state: number): number {
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return (t ^ (t >>> 14)) >>> 0;
}

export const gaussian: Draw = (random) => random.normal();
export const lognormal: Draw = (random) => Math.exp(random.normal());
/** Student's t with three degrees of freedom. */
export const heavyTailed: Draw = (random) => {
  const [a, b, c] = [random.normal(), random.normal(), random.normal()];
  return random.normal() / Math.sqrt((a * a + b * b + c * c) / 3);
};
/** One run in ten diverges. */
export const collapsing: Draw = (random) => (random.uniform() < 0.1 ? -10 : 0) + random.normal();

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
    const u = random.uniform() * total;
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
  readonly rows: number;
  readonly draw: (random: Generator, examples: Table, rows: number) => void;
}
interface Table {
  readonly baseline: readonly Float64Array[];
  readonly variant: readonly Float64Array[];
}

/** Two arms that are alike on all data and differ on every example, so that a test set favours one of them by luck. */
export const testSets: Readonly<Record<string, TestSet>> = {
  '20 real scores': { rows: 20, draw: realScores },
  '20 rows of 0/1': { rows: 20, draw: zeroOne },
  '50 rows of 0/1': { rows: 50, draw: zeroOne },
  '1000 rows of 0/1': { rows: 1000, draw: zeroOne },
};

/** @returns what draws both arms anew, into the same memory each time */
export function drawerOf(
  { rows, draw }: TestSet,
  seeds: number,
): (random: Generator) => { baseline: Scores; variant: Scores } {
  const empty = (): Float64Array[] => Array.from({ length: seeds }, () => new Float64Array(rows));
  const examples = { baseline: empty(), variant: empty() };
  return (random) => {
    draw(random, examples, rows);
    return { baseline: scored(examples.baseline), variant: scored(examples.variant) };
  };
}

function realScores(random: Generator, { baseline, variant }: Table, rows: number): void {
  const lean = new Float64Array(rows).map(() => random.normal() / 2);
  const fill = (table: readonly Float64Array[], sign: number): void => {
    for (const row of table) {
      const seed = 0.3 * random.normal();
      for (let e = 0; e < rows; e += 1) row[e] = sign * (lean[e] ?? 0) + seed + 0.5 * random.normal();
    }
  };
  fill(baseline, 1);
  fill(variant, -1);
}

function zeroOne(random: Generator, { baseline, variant }: Table, rows: number): void {
  const chances = new Int32Array(rows);
  for (const table of [baseline, variant]) {
    for (let e = 0; e < rows; e += 1) chances[e] = (0.4 + 0.6 * random.uniform()) * 2 ** 16;
    for (const row of table) random.zeroOne(row, chances);
  }
}

function scored(examples: readonly Float64Array[]): Scores {
  return { examples, values: examples.map(average) };
}
