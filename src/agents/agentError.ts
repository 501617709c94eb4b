import type { Limit } from '../domain/limit.ts';

export type AgentErrorReason = 'budget' | 'no-tool-call' | 'standstill' | 'prompt' | 'aborted';

/** Why an agent ended without handing anything in: one sentence with the way out. What it did so far is in its events. */
export class AgentError extends Error {
  readonly reason: AgentErrorReason;
  /** The limit that is used up, where a session has one. */
  readonly limit: Limit | null;

  constructor(reason: AgentErrorReason, message: string, more: { cause?: unknown; limit?: Limit } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'AgentError';
    this.reason = reason;
    this.limit = more.limit ?? null;
  }

  static is(error: unknown, reason?: AgentErrorReason): error is AgentError {
    return error instanceof AgentError && (reason === undefined || error.reason === reason);
  }
}
