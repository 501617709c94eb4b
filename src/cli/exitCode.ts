/** What the command line tells its caller (architecture: command line). */
export const EXIT = { done: 0, failed: 1, badInput: 2, invalid: 3, waiting: 4, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Reasons, as the folders name them, for which the caller's input or settings must change. */
const BAD_INPUT: ReadonlySet<string> = new Set([
  'bad-input',
  'unknown-session',
  'unknown-gate',
  'bad-answer',
  'needs-confinement',
  // git
  'no-git',
  'no-repository',
  'no-commit',
  'no-such-revision',
  // papers
  'missing',
  'truncated',
  'encrypted',
  'scanned',
  'unsupported',
  'damaged',
  'too-large',
  // contract
  'contract',
  'same-arms',
  // models
  'no-key',
  'refused-key',
  'unknown-model',
]);

export function exitCodeOf(reason: string): ExitCode {
  return BAD_INPUT.has(reason) ? EXIT.badInput : EXIT.failed;
}
