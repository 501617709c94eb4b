import { clipped, material } from './prompt.ts';

/** What the Debug agent mended in one go. */
export interface Repair {
  /** A repair of the baseline was made in the variant too. */
  readonly of: 'baseline' | 'variant';
  /** Unified. */
  readonly diff: string;
  /** The errors that it was made for, as `errorMark` tells them apart. */
  readonly met?: readonly string[];
}

const WHERE = {
  baseline: 'Mended in every arm, so no part of what the variant changed:',
  variant: 'Mended in the variant:',
};
/** Characters of one diff. */
const LONGEST = 4_000;

/** Repairs as their diffs: what was said when they were made may no longer hold. */
export function repairsInWords(repairs: readonly Repair[]): string {
  return repairs.map(({ of, diff }) => `${WHERE[of]}\n${material('repair', clipped(diff, LONGEST))}`).join('\n\n');
}
