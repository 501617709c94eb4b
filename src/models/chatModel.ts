import type { ModelMessage, Price, ToolCall, Usage } from '../domain/conversation.ts';

/** A tool as a model is told of it; `parameters` is a JSON Schema of an object. */
export interface ToolDescription {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface ModelRequest {
  /** Which agent asks, and which of its answers this is (from 1): a recording is replayed by the two. */
  readonly agent: string;
  readonly turn: number;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ToolDescription[];
  /** Longest answer, in tokens; without it the endpoint's own limit holds. */
  readonly maxTokens?: number;
  /** Words as they arrive. Nothing of it is kept: the answer holds the whole text. */
  readonly onText?: (delta: string) => void;
  /** The answer is asked for again: what `onText` has said of this one is void. */
  readonly onRetry?: (why: string, waitSeconds: number) => void;
  /** Asked before a question is put once more whose first answer cannot be used: whether what that took leaves room. */
  readonly mayAskAgain?: (used: Usage) => boolean;
  readonly signal: AbortSignal;
}

export interface ModelAnswer {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  /** Tokens; where an endpoint does not count them, estimated as four characters each. */
  readonly usage: Usage;
  /** The model as the endpoint names it. */
  readonly model: string;
  /** The answer ended at the length limit. */
  readonly cut?: boolean;
}

/** What a model has not, where most have it: a place for instructions, a count of tokens, answers by a schema, a price. */
export type Lack = 'system' | 'usage' | 'schema' | 'price';

/** A language model that converses and calls tools. */
export interface ChatModel {
  /** As a person is shown it. A recording says that it is one. */
  readonly name: string;
  readonly recorded: boolean;
  /** Most tokens that a request and its answer may hold together; absent where nobody knows. */
  readonly contextTokens?: number;
  /** Absent where nothing is known to lack. */
  readonly lacks?: readonly Lack[];
  /** What an answer of this size costs; null, or no such method, where no price is known. */
  price?(usage: Usage): Price | null;
  /** @throws ModelError with a typed reason; `aborted` within a moment of the signal */
  complete(request: ModelRequest): Promise<ModelAnswer>;
}
