import { extremes } from './exampleTable.ts';
import { average } from './statistics.ts';

/** A score for each unit that a test set is resampled by: examples, groups of them, or the blocks of a jackknife. */
export interface UnitScores {
  /** As printed, one per test example in the test file's order; null where there are none that fit. */
  readonly examples: readonly number[] | null;
  /** What statistics use in the place of examples: these, the means of their groups, or jackknife pseudo-values. */
  readonly units: readonly number[] | null;
  /** The group of each example; null where there are none. */
  readonly groups: readonly string[] | null;
  /** Why something that was printed is not used; null where all of it is. */
  readonly examplesProblem: string | null;
}

/** The mean of examples may differ so much, relatively, from the metric that was printed beside them. */
const MEAN_AGREES = 1e-4;
/** A jackknife over fewer blocks says too little of a variance (trust.md 3). */
const LEAST_BLOCKS = 20;

const NONE: UnitScores = { examples: null, units: null, groups: null, examplesProblem: null };

/** Reads `examples`, `groups` and `jackknife` of what `evaluate` printed (trust.md 3). A list that does not fit is
 *  named and not used.
 *  @param primary the primary metric printed beside them */
export function readUnits(printed: Readonly<Record<string, unknown>>, primary: number | null): UnitScores {
  const examples = printed.examples === undefined ? null : readExamples(printed.examples, primary);
  if (examples !== null && typeof examples !== 'string') return grouped(examples, printed.groups);
  if (printed.jackknife === undefined) {
    const orphan = printed.groups !== undefined && examples === null ? '`groups` without `examples` say nothing' : null;
    return { ...NONE, examplesProblem: examples ?? orphan };
  }
  const units = readJackknife(printed.jackknife, primary);
  const problems = [examples, typeof units === 'string' ? units : null].filter((one) => one !== null);
  return {
    ...NONE,
    units: typeof units === 'string' ? null : units,
    examplesProblem: problems.length > 0 ? problems.join('; ') : null,
  };
}

/** Means of the groups, in the order in which the groups first appear. */
export function groupMeans(examples: readonly number[], groups: readonly string[]): number[] {
  const members = new Map<string, number[]>();
  for (const [i, group] of groups.entries()) {
    const own = members.get(group) ?? [];
    own.push(examples[i] ?? Number.NaN);
    members.set(group, own);
  }
  return [...members.values()].map(average);
}

function grouped(examples: readonly number[], given: unknown): UnitScores {
  const whole = { examples, units: examples, groups: null };
  if (given === undefined) return { ...whole, examplesProblem: null };
  const refuse = (why: string): UnitScores => ({ ...whole, examplesProblem: `\`groups\` ${why}` });
  if (!Array.isArray(given) || given.length !== examples.length) {
    return refuse(`is no list of ${examples.length} ids, one an example`);
  }
  const named = given.every((id: unknown) => typeof id === 'string' || (typeof id === 'number' && Number.isFinite(id)));
  if (!named) return refuse('holds something that is neither text nor a number');
  const groups = given.map(String);
  if (new Set(groups).size < 2) return refuse('names one group alone, and one group has no spread');
  return { examples, groups, units: groupMeans(examples, groups), examplesProblem: null };
}

/** @returns the scores, or why they are not used */
function readExamples(given: unknown, primary: number | null): readonly number[] | string {
  const scores = numbersOf(given);
  if (scores === 'short') return '`examples` is not a list of at least two scores';
  if (scores === 'odd') return '`examples` holds something that is not a finite number';
  const mean = average(scores);
  if (primary === null || Math.abs(mean - primary) > MEAN_AGREES * Math.abs(primary) + 1e-12) {
    return `the mean of \`examples\`, ${mean}, is not the primary metric, ${primary ?? 'missing'}`;
  }
  return scores;
}

/** Pseudo-values G·all − (G−1)·without_g. Source: Tukey (1958); Efron, The Jackknife, the Bootstrap and Other
 *  Resampling Plans (1982), 2.1. What is left out block by block lies on both sides of the whole, or is the whole.
 *  @returns the pseudo-values, or why they are not used */
function readJackknife(given: unknown, primary: number | null): readonly number[] | string {
  const without = numbersOf(given);
  if (without === 'odd') return '`jackknife` holds something that is not a finite number';
  if (without === 'short' || without.length < LEAST_BLOCKS) {
    return `\`jackknife\` is not a list of the metric without each of at least ${LEAST_BLOCKS} blocks`;
  }
  if (primary === null) return '`jackknife` stands beside no primary metric';
  const slack = MEAN_AGREES * Math.max(Math.abs(primary), 1e-8);
  const { low, high } = extremes(without);
  if (low > primary + slack || high < primary - slack) {
    return `every value of \`jackknife\` lies on one side of the primary metric, ${primary}: that is not the metric without a block`;
  }
  return without.map((value) => without.length * primary - (without.length - 1) * value);
}

function numbersOf(given: unknown): number[] | 'short' | 'odd' {
  if (!Array.isArray(given) || given.length < 2) return 'short';
  const scores = given.map((score: unknown) => (typeof score === 'boolean' ? Number(score) : score));
  return scores.every((score): score is number => typeof score === 'number' && Number.isFinite(score)) ? scores : 'odd';
}
