/** Why a service gave no answer. `not asked` was not even tried; `absent` means that it does not know what it was asked
 *  about. */
export type ServiceReason = 'throttled' | 'silent' | 'unreachable' | 'failed' | 'not asked' | 'absent';

/** What went wrong with a service: one sentence that names it and the way out, and never a key. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly reason: ServiceReason;
  /** How long the service asks to be left alone, in milliseconds. */
  readonly waitFor: number | null;
  /** Asking the same again at once may succeed. */
  readonly passing: boolean;

  constructor(
    reason: ServiceReason,
    message: string,
    more: { waitFor?: number | null; passing?: boolean; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.reason = reason;
    this.waitFor = more.waitFor ?? null;
    this.passing = more.passing ?? false;
  }

  static is(error: unknown, reason?: ServiceReason): error is ServiceError {
    return error instanceof ServiceError && (reason === undefined || error.reason === reason);
  }
}
