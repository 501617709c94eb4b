import type { Ended } from './measure.ts';
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
  /** Names of checks, or `name:kind`, that must not have failed. */
  readonly notFailed?: readonly string[];
  readonly passed?: readonly string[];
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
  /** Seeds that stand behind the first variant's difference. */
  readonly n?: number;
  /** The first variant's sign-flip p, to 1e-9. */
  readonly p?: number;
  /** The refusal says this, and shows no stack trace. */
  readonly says?: RegExp;
}

/** Runs `mlr` with these words; in the workspace, where no other folder is named. */
export type Mlr = (words: readonly string[], folder?: string) => Promise<Ended>;

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
  /** What happens to the place between two commands. */
  readonly between?: (place: Place) => void;
  /** Cases that begin alike begin once: with the same words here they look, one after the other, at one place, which
   *  `after` leaves as it found it. */
  readonly shares?: string;
  /** What is wrong with the place afterwards; nothing when all is well. */
  readonly after?: (place: Place, mlr: Mlr, confined: boolean) => string[] | Promise<string[]>;
}

export const UNSUPPORTED: readonly VerdictName[] = ['inconclusive', 'refuted', 'invalid'];
export const NO_GAIN: readonly VerdictName[] = ['inconclusive', 'refuted'];
export const SUPPORTED: readonly Outcome[] = [{ verdict: ['supported'], noVoid: true }];
export const NOT_INVALID: readonly Outcome[] = [{ verdict: ['supported', 'inconclusive', 'refuted'], noVoid: true }];
export const NOTHING_WON: readonly Outcome[] = [{ verdict: ['inconclusive', 'refuted'], noVoid: true }];
export const REFUSED: readonly Outcome[] = [{ exit: [2], noRuns: true }];
/** What holds for a hidden file that only confinement can hide, where there is none. */
export const NOT_ENFORCED: readonly Outcome[] = [{ notPassed: ['hidden-unseen'] }];
/** The shortcut was shut, so the variant was left with guessing. */
export const SHUT_OUT: readonly Outcome[] = [{ verdict: UNSUPPORTED, below: 0.8 }];

export function againstMain(...variants: string[]): string[] {
  return ['--baseline', 'main', ...variants.flatMap((revision) => ['--variant', revision])];
}
