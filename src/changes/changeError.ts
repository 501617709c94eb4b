import type { EditRefused } from './applyEdit.ts';

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
  /** Of a refused edit: what was wrong with it. */
  readonly because: EditRefused['refused'] | undefined;

  constructor(
    reason: ChangeReason,
    message: string,
    { because, ...options }: ErrorOptions & { because?: EditRefused['refused'] } = {},
  ) {
    super(message, options);
    this.name = 'ChangeError';
    this.reason = reason;
    this.because = because;
  }
}
