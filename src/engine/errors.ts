/** What an engine could not do, as one sentence; `reason` names the kind, as the folder that failed named it. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly reason: string;

  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
