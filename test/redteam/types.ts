import type { Place } from './place.ts';

export type VerdictName = 'supported' | 'refuted' | 'inconclusive' | 'invalid';

/** One way in which a case may rightly come out. Everything that is named must hold. */
export interface Outcome {
  /** Exit codes; without it 0, or 3 where the verdict is invalid. */
  readonly exit?: readonly number[];
  readonly verdict?: readonly VerdictName[];
  readonly variants?: Readonly<Record<string, readonly VerdictName[]>>;
  /** `name:kind` of checks that must have failed. */
  readonly failed?: readonly string[];
  readonly failedOneOf?: readonly string[];
  readonly notFailed?: readonly string[];
  /** Checks that must not claim to have passed. */
  readonly notPassed?: readonly string[];
  readonly noVoid?: boolean;
  readonly someVoid?: boolean;
  /** No score of a variant reaches this: the shortcut gave it nothing. */
  readonly below?: number;
  /** Every score of a variant is at least this. */
  readonly above?: number;
  /** Some seed's value is null, and none is dropped. */
  readonly lostSeed?: boolean;
  readonly metric?: string;
  readonly goal?: string;
  /** Nothing was run. */
  readonly noRuns?: boolean;
  readonly tried?: number;
}

export interface RedteamCase {
  readonly name: string;
  readonly kind: 'cheat' | 'honest' | 'refused';
  readonly does: string;
  readonly must: string;
  readonly build: (place: Place) => void | Promise<void>;
  /** Arguments of `measure`, one list a command; the last one is judged. Default: `variant` against `main`. */
  readonly commands?: readonly (readonly string[])[];
  /** Any one of these. */
  readonly expected: readonly Outcome[];
  /** Instead of `expected` where runs were not confined. */
  readonly unconfined?: readonly Outcome[];
  /** What is wrong with the place afterwards; nothing when all is well. */
  readonly after?: (place: Place) => string[];
}

export const UNSUPPORTED: readonly VerdictName[] = ['inconclusive', 'refuted', 'invalid'];
export const NO_GAIN: readonly VerdictName[] = ['inconclusive', 'refuted'];
/** What holds for a hidden file that only confinement can hide, where there is none. */
export const NOT_ENFORCED: readonly Outcome[] = [{ notPassed: ['hidden-unseen'] }];
/** The shortcut was shut, so the variant was left with guessing. */
export const SHUT_OUT: readonly Outcome[] = [{ verdict: UNSUPPORTED, below: 0.8 }];

export function againstMain(...variants: string[]): string[] {
  return ['--baseline', 'main', ...variants.flatMap((revision) => ['--variant', revision])];
}
