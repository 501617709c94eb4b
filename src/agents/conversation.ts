import type { ModelMessage, Price, ToolCall, Usage } from '../domain/conversation.ts';

/** What happens in an agent's conversation, in order. The conversation is a fold over these, so a log of them resumes it. */
export type AgentEvent =
  | { readonly type: 'started'; readonly model: string; readonly messages: ModelMessage[] }
  | {
      readonly type: 'message';
      readonly turn: number;
      readonly text: string;
      readonly toolCalls: ToolCall[];
      readonly usage: Usage;
      /** How long the model took. */
      readonly seconds?: number | undefined;
      /** null where nobody knows what the model costs. */
      readonly price?: Price | null | undefined;
    }
  | {
      readonly type: 'tool';
      readonly callId: string;
      readonly name: string;
      readonly ok: boolean;
      /** What the model was shown. */
      readonly content: string;
      /** The whole result where only a part was shown, and the name by which the rest is read. */
      readonly whole?: { readonly name: string; readonly text: string } | undefined;
    }
  /** Said to the agent between two answers, by a person or by the loop itself. */
  | { readonly type: 'heard'; readonly from: 'person' | 'loop'; readonly text: string }
  /** The oldest messages gave way to a summary of them; the newest `kept` stand as they were. */
  | {
      readonly type: 'compacted';
      readonly kept: number;
      readonly summary: string;
      /** The model that wrote the summary; null where it was put together without one. */
      readonly by: string | null;
      readonly usage: Usage | null;
      readonly seconds?: number | undefined;
      readonly price?: Price | null | undefined;
    };

/** An agent's conversation so far. */
export interface Conversation {
  messages: ModelMessage[];
  /** Answers so far, those in a summary too. */
  turns: number;
  /** Tokens read and written so far. */
  tokens: number;
  /** Whole results of which the model was shown a part, by the names it reads them by. */
  whole: Map<string, string>;
}

/** Messages before the first answer: the system's and the task. They are never summed up. */
export const OPENING = 2;

export function emptyConversation(): Conversation {
  return { messages: [], turns: 0, tokens: 0, whole: new Map() };
}

/** Takes one event into a conversation. The only place where it changes. */
export function takeIn(conversation: Conversation, event: AgentEvent): void {
  const { messages } = conversation;
  switch (event.type) {
    case 'started':
      messages.push(...event.messages);
      return;
    case 'message':
      messages.push({ role: 'assistant', content: event.text, toolCalls: event.toolCalls });
      conversation.turns = event.turn;
      conversation.tokens += tokensOf(event.usage);
      return;
    case 'tool':
      messages.push({ role: 'tool', callId: event.callId, content: event.content });
      if (event.whole) conversation.whole.set(event.whole.name, event.whole.text);
      return;
    case 'heard':
      messages.push({ role: 'user', content: event.text });
      return;
    case 'compacted':
      messages.splice(OPENING, messages.length - OPENING - event.kept, { role: 'user', content: event.summary });
      if (event.usage) conversation.tokens += tokensOf(event.usage);
  }
}

export function conversationOf(events: readonly AgentEvent[]): Conversation {
  const conversation = emptyConversation();
  for (const event of events) takeIn(conversation, event);
  return conversation;
}

export function tokensOf({ promptTokens, completionTokens }: Usage): number {
  return promptTokens + completionTokens;
}

/** Where a conversation stands: what the loop has to do next follows from this alone, in a first start as after a crash. */
export interface Standing {
  /** The newest answer's calls, and the results that they have so far. */
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
    calls,
    results,
    idle: answers.length - 1 - lastWithCalls,
    awaitsReply: newest >= 0 && newest === messages.length - 1 && calls.length === 0,
  };
}
