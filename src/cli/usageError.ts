/** Flags that do not go together, or a file that is not there: the caller's to mend. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly reason = 'bad-input';
}
