export type ChangeReason =
  | 'refused-edit'
  | 'outside'
  | 'forbidden'
  | 'protected'
  | 'exists'
  | 'missing'
  | 'not-a-file'
  | 'not-text'
  | 'not-written'
  | 'unknown-hunk'
  | 'inconsistent';

/** Why a change was not made, in words for whoever asked for it: a person or a language model. */
export class ChangeError extends Error {
  readonly reason: ChangeReason;

  constructor(reason: ChangeReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ChangeError';
    this.reason = reason;
  }
}
