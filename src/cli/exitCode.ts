/** What the command line tells its caller (architecture: command line). */
export const EXIT = { done: 0, failed: 1, badInput: 2, invalid: 3, waiting: 4, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Reasons, as the folders name them, for which the caller's input, settings or machine must change. */
const BAD_INPUT: ReadonlySet<string> = new Set([
  'bad-input',
  'unknown-session',
  'unknown-gate',
  'bad-choice',
  'needs-confinement',
  // git
  'no-git',
  'too-old',
  'no-repository',
  'not-owned',
  'bare',
  'no-commit',
  'no-such-revision',
  // papers
  'missing',
  'truncated',
  'encrypted',
  'scanned',
  'unsupported',
  'too-large',
  'not-asked',
  // contract, arms
  'contract',
  'request',
  'arm',
  // agents
  'prompt',
  // models
  'no-key',
  'refused-key',
  'unknown-model',
  'no-recording',
  'prices',
  // runs
  'unknown',
  'spec',
]);

/** Records that contradict themselves: what rests on them cannot be claimed. */
const DOES_NOT_HOLD: ReadonlySet<string> = new Set(['log', 'report']);

export function exitCodeOf(reason: string): ExitCode {
  if (DOES_NOT_HOLD.has(reason)) return EXIT.invalid;
  return BAD_INPUT.has(reason) ? EXIT.badInput : EXIT.failed;
}

/** Reasons for which the session as it was asked for can never go on: another must be begun. */
const HOPELESS: ReadonlySet<string> = new Set(['arm', 'request', 'log', 'no-such-revision']);

/** Whether mending what the sentence names is enough for the same session to go on. */
export function canGoOn(reason: string): boolean {
  return !HOPELESS.has(reason);
}
