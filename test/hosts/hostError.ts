export type HostErrorReason = 'platform' | 'install' | 'browser' | 'server' | 'suite' | 'package';

/** A part of the test rig that could not do its work; the message names it and the way out. */
export class HostError extends Error {
  readonly reason: HostErrorReason;

  constructor(reason: HostErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HostError';
    this.reason = reason;
  }
}
