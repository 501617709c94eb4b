export type RunErrorReason =
  /** Another process owns the lock. */
  | 'locked'
  /** There is no such run. */
  | 'unknown'
  /** The specification cannot be carried out: a path that leaves the arm, a missing file. */
  | 'spec'
  /** The files of an arm are no longer what was exported. */
  | 'altered'
  /** The supervisor's process did not come up. */
  | 'supervisor'
  /** No room is left on the disk. */
  | 'disk'
  /** A record on disk cannot be read. */
  | 'record'
  /** The level of confinement asked for is not there. */
  | 'confinement';

/** What goes wrong around a run. A run that fails by itself is no error: its record says so. */
export class RunError extends Error {
  readonly reason: RunErrorReason;

  constructor(reason: RunErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RunError';
    this.reason = reason;
  }

  static is(error: unknown, reason?: RunErrorReason): error is RunError {
    return error instanceof RunError && (reason === undefined || error.reason === reason);
  }
}

/** The code of a system error (`ENOENT`), or undefined. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
