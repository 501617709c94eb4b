/** Why a paper cannot be read; of one that is on the network also why it cannot be had: `not-asked` was not even tried,
 *  and `refused` wants a person. */
export type PaperErrorReason =
  | 'missing'
  | 'truncated'
  | 'encrypted'
  | 'scanned'
  | 'unsupported'
  | 'too-large'
  | 'not-asked'
  | 'unreachable'
  | 'throttled'
  | 'refused';

/** A paper that cannot be read; the message is one sentence that names the file and what to do. */
export class PaperError extends Error {
  override readonly name = 'PaperError';
  readonly reason: PaperErrorReason;

  constructor(reason: PaperErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }

  static is(error: unknown, reason?: PaperErrorReason): error is PaperError {
    return error instanceof PaperError && (reason === undefined || error.reason === reason);
  }
}
