export type SessionReason =
  | 'log'
  | 'locked'
  | 'unknown-session'
  | 'unknown-gate'
  | 'bad-choice'
  | 'needs-confinement'
  | 'bad-input'
  | 'repairs'
  | 'budget'
  | 'no-change';

/** What keeps a session from going on, as one sentence that names the place and the way out. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly reason: SessionReason;

  constructor(reason: SessionReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Thrown through a session's work when it is paused, stopped, or its surface leaves at a gate. Not a failure. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
