import type { Arm, Registration } from '../domain/evidence.ts';
import type { ArmResult } from './armRuns.ts';
import { EXACT_UNITS, futilityP } from './flipTest.ts';
import { share } from './sizes.ts';
import { type Comparison, compare, isConstant, type Scores } from './statistics.ts';

/** Every arm's result for one seed; an arm that was dropped after a failure has none. */
export type Block = ReadonlyMap<string, ArmResult>;

/** The seed that all results of a block have. */
export function seedOf(block: Block): number {
  const [first] = block.values();
  if (first === undefined) throw new RangeError('A block holds no result.');
  return first.seed;
}

/** Compares a variant with the baseline over the blocks that both completed; null where they completed none, or where
 *  one of them failed. */
export function compareBlocks(registration: Registration, blocks: readonly Block[], variant: Arm): Comparison | null {
  const paired = pairedScores(registration, blocks, variant);
  if (paired === null) return null;
  const { minimumEffect, alpha } = registration;
  return compare(paired.baseline, paired.variant, { minimumEffect, alpha });
}

/** Whether no completion of the registered seeds could support this variant (trust.md 6). Holm gives a variant at most
 *  the whole share of the try, so several variants are stopped by the same level as one.
 *  @param planned how many blocks there will be, pooled ones among them */
export function isFutile(
  registration: Registration,
  blocks: readonly Block[],
  variant: Arm,
  planned = registration.seeds.length,
): boolean {
  // Beyond what is enumerated nothing is ruled out, and looking at it seed by seed would take as long as the runs.
  if (blocks.length > EXACT_UNITS) return false;
  // One seed does not tell whether seeds measure anything, and so not by what the verdict will be reached.
  if (blocks.length < 2) return false;
  const paired = pairedScores(registration, blocks, variant);
  if (paired === null) return false;
  const { baseline, variant: scores } = paired;
  // Where nothing varies with the seed the examples decide, and further seeds are needed to know that.
  const still = isConstant(baseline) && isConstant(scores);
  if (still && baseline.examples !== undefined) return false;
  const differences = scores.values.map((value, i) => value - (baseline.values[i] ?? 0));
  const level = registration.alpha * share(registration.tryNumber);
  return futilityP(differences, planned) > level + 1e-12;
}

/** What the first two seeds tell of a comparison that seeds will not decide, in a sentence; null where they may. */
export function seedsMeasureNothing(registration: Registration, blocks: readonly Block[], variant: Arm): string | null {
  const paired = blocks.length < 2 ? null : pairedScores(registration, blocks, variant);
  if (paired === null || !isConstant(paired.baseline) || !isConstant(paired.variant)) return null;
  if (paired.baseline.examples !== undefined) return null;
  return `Neither the baseline nor ${variant.revision} differs between seeds: if that goes on, the verdict is inconclusive at best. Let \`evaluate\` print \`examples\`, a score for each example, and they decide.`;
}

/** Scores of both arms, sign-adjusted so that larger is better; with a score per example (or group,
 *  or jackknife block) where every run has as many. */
export function pairedScores(
  registration: Registration,
  blocks: readonly Block[],
  variant: Arm,
): { baseline: Scores; variant: Scores } | null {
  const pairs = blocks.map((block) => [block.get(registration.baseline.name), block.get(variant.name)] as const);
  const sign = registration.goal === 'maximize' ? 1 : -1;
  const baseline: number[] = [];
  const values: number[] = [];
  const examples: { baseline: number[][]; variant: number[][] } = { baseline: [], variant: [] };
  for (const [before, after] of pairs) {
    const a = before?.scores?.metrics[registration.metric];
    const b = after?.scores?.metrics[registration.metric];
    if (typeof a !== 'number' || typeof b !== 'number') return null;
    baseline.push(sign * a);
    values.push(sign * b);
    if (before?.scores?.units) examples.baseline.push(before.scores.units.map((score) => sign * score));
    if (after?.scores?.units) examples.variant.push(after.scores.units.map((score) => sign * score));
  }
  if (baseline.length === 0) return null;
  if (!isFull([...examples.baseline, ...examples.variant], 2 * baseline.length)) {
    return { baseline: { values: baseline }, variant: { values } };
  }
  return {
    baseline: { values: baseline, examples: examples.baseline },
    variant: { values, examples: examples.variant },
  };
}

function isFull(rows: readonly (readonly number[])[], count: number): boolean {
  return rows.length === count && rows.every((row) => row.length === rows[0]?.length);
}
