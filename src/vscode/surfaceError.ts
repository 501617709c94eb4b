/** Why the editor could not do what was asked, as one sentence with the way out. */
export class SurfaceError extends Error {
  override readonly name = 'SurfaceError';
  readonly reason: 'no-folder' | 'untrusted' | 'engine' | 'no-session' | 'no-report' | 'gone';
  /** A command that leads out, as a button beside the sentence. */
  readonly wayOut: { label: string; command: string } | undefined;

  constructor(
    reason: SurfaceError['reason'],
    message: string,
    options: ErrorOptions & { wayOut?: SurfaceError['wayOut'] } = {},
  ) {
    super(message, options);
    this.reason = reason;
    this.wayOut = options.wayOut;
  }
}
