import type { ModelMessage, ToolCall, Usage } from '../domain/conversation.ts';

/** What happens in an agent's conversation, in order. Its messages are a fold over these, so a log of them resumes it. */
export type AgentEvent =
  | { readonly type: 'started'; readonly model: string; readonly messages: ModelMessage[] }
  | {
      readonly type: 'message';
      readonly turn: number;
      readonly text: string;
      readonly toolCalls: ToolCall[];
      readonly usage: Usage;
    }
  | {
      readonly type: 'tool';
      readonly callId: string;
      readonly name: string;
      readonly ok: boolean;
      readonly content: string;
    }
  /** Said to the agent between two answers, by a person or by the loop itself. */
  | { readonly type: 'heard'; readonly from: 'person' | 'loop'; readonly text: string };

/** The messages that an event adds to the end of the conversation. */
export function messagesOf(event: AgentEvent): ModelMessage[] {
  switch (event.type) {
    case 'started':
      return event.messages;
    case 'message':
      return [{ role: 'assistant', content: event.text, toolCalls: event.toolCalls }];
    case 'tool':
      return [{ role: 'tool', callId: event.callId, content: event.content }];
    case 'heard':
      return [{ role: 'user', content: event.text }];
  }
}

/** Where a conversation stands: what the loop has to do next follows from this alone, in a first start as after a crash. */
export interface Standing {
  readonly turns: number;
  /** The newest answer's calls, and how many of them have their result. */
  readonly calls: readonly ToolCall[];
  readonly results: readonly string[];
  /** Answers in a row, up to the newest, that called nothing. */
  readonly idle: number;
  /** The newest answer called nothing, and nobody has said anything to that yet. */
  readonly awaitsReply: boolean;
}

export function standing(messages: readonly ModelMessage[]): Standing {
  const newest = messages.findLastIndex((message) => message.role === 'assistant');
  const answer = messages[newest];
  const calls = answer?.role === 'assistant' ? answer.toolCalls : [];
  const results = messages.slice(newest + 1).flatMap((message) => (message.role === 'tool' ? [message.content] : []));
  const answers = messages.flatMap((message) => (message.role === 'assistant' ? [message] : []));
  const lastWithCalls = answers.findLastIndex((message) => message.toolCalls.length > 0);
  return {
    turns: answers.length,
    calls,
    results,
    idle: answers.length - 1 - lastWithCalls,
    awaitsReply: newest >= 0 && newest === messages.length - 1 && calls.length === 0,
  };
}
