export type ModelErrorReason =
  | 'no-key'
  | 'refused-key'
  | 'unknown-model'
  | 'unreachable'
  | 'left-machine'
  | 'quota'
  | 'context'
  | 'timeout'
  | 'aborted'
  | 'bad-answer'
  | 'no-tools'
  | 'no-editor'
  | 'no-recording'
  | 'drift'
  | 'prices';

/** What went wrong with a model: one sentence that names the setting or endpoint and the way out, and never a key. */
export class ModelError extends Error {
  readonly reason: ModelErrorReason;
  /** Asking the same again may succeed. */
  readonly passing: boolean;
  /** How long the endpoint asks to wait before that, in seconds. */
  readonly waitSeconds: number | null;

  constructor(
    reason: ModelErrorReason,
    message: string,
    more: { passing?: boolean; waitSeconds?: number | null; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'ModelError';
    this.reason = reason;
    this.passing = more.passing ?? false;
    this.waitSeconds = more.waitSeconds ?? null;
  }

  static is(error: unknown, reason?: ModelErrorReason): error is ModelError {
    return error instanceof ModelError && (reason === undefined || error.reason === reason);
  }
}
