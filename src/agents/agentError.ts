export type AgentErrorReason = 'budget' | 'no-tool-call' | 'standstill' | 'aborted';

/** Why an agent ended without handing anything in: one sentence with the way out. What it did so far is in its events. */
export class AgentError extends Error {
  readonly reason: AgentErrorReason;

  constructor(reason: AgentErrorReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AgentError';
    this.reason = reason;
  }

  static is(error: unknown, reason?: AgentErrorReason): error is AgentError {
    return error instanceof AgentError && (reason === undefined || error.reason === reason);
  }
}
