import type { ModelMessage, Price, Usage } from '../domain/conversation.ts';
import type { ChatModel, ModelAnswer, ToolDescription } from '../models/chatModel.ts';
import { ModelError } from '../models/modelError.ts';
import prompt from './compaction.md';
import { OPENING } from './conversation.ts';
import { factsOf, spokenIn } from './conversationFacts.ts';
import { fillPrompt, material } from './prompt.ts';
import { type Room, roomFor } from './room.ts';

/** What a model holds where nobody knows better; tokens. Most that call tools hold twice as much. */
export const CONTEXT_TOKENS = 64_000;

/** Shares of the context: above the first, old turns give way; what the newest may keep; what a summary must save. In a
 *  small one the task alone takes much of it, so that less has to be worth a summary. */
const SHARES = {
  ample: { full: 0.7, kept: 0.25, saved: 0.15 },
  small: { full: 0.75, kept: 0.15, saved: 0.06 },
};
/** English and code have between three and four. */
const CHARACTERS_A_TOKEN = 3.5;
/** Characters and tokens of a summary. */
const SUMMARY = { ample: { longest: 6_000, tokens: 1_500 }, small: { longest: 2_000, tokens: 600 } };
/** Of what a program puts down beside a summary, in characters: earlier summaries are part of it, the newest last. */
const FACTS = { ample: Number.POSITIVE_INFINITY, small: 3_000 };

/** Tokens of a request, by its length. */
export function estimatedTokens(messages: readonly ModelMessage[], tools: readonly ToolDescription[] = []): number {
  const characters = messages.reduce((sum, message) => sum + lengthOf(message), 0);
  return Math.ceil((characters + (tools.length === 0 ? 0 : JSON.stringify(tools).length)) / CHARACTERS_A_TOKEN);
}

/** How many of the newest messages stay as they are, where the old ones have to give way; null where they fit, or
 *  where a summary would save too little. It never parts a call from its results.
 *  @param tokens of the next request */
export function messagesToKeep(
  messages: readonly ModelMessage[],
  tokens: number,
  contextTokens: number,
): number | null {
  const room = roomFor(contextTokens);
  const share = SHARES[room];
  if (tokens <= share.full * contextTokens) return null;
  const most = share.kept * contextTokens;
  const answers = messages.flatMap((message, i) => (i >= OPENING && message.role === 'assistant' ? [i] : []));
  const from = answers.find((i) => estimatedTokens(messages.slice(i)) <= most) ?? answers.at(-1);
  if (from === undefined) return null;
  const saved = estimatedTokens(messages.slice(OPENING, from)) - SUMMARY[room].tokens;
  return saved < share.saved * contextTokens ? null : messages.length - from;
}

export interface Summary {
  readonly summary: string;
  /** The model that wrote it; null where it was put together without one. */
  readonly by: string | null;
  readonly usage: Usage | null;
  readonly price: Price | null;
}

/** What is summed up, and by whom. */
interface SummaryOf {
  readonly model: ChatModel;
  readonly agent: string;
  readonly turn: number;
  /** Of the agent whose conversation it is. */
  readonly room: Room;
  readonly signal: AbortSignal;
}

/** Old turns as one message. What was read, changed and measured is put down by this program; decisions and open
 *  questions are a model's words, or, where it fails, the agent's own as they were said. */
export async function summarize(messages: readonly ModelMessage[], from: SummaryOf): Promise<Summary> {
  const old = messages.slice(OPENING);
  const { room } = from;
  const { longest } = SUMMARY[room];
  const written = await askForSummary(old, from);
  const words = written
    ? material('a summary of what was said', written.text.slice(0, longest))
    : material('what you said', spokenIn(old).slice(-longest));
  const text = [
    'The oldest part of this conversation has made room. This stands for it:',
    newest(factsOf(old), FACTS[room]),
    words,
    'Files and outputs can be read again.',
  ];
  return {
    summary: text.filter((part) => part !== '').join('\n\n'),
    by: written === null ? null : from.model.name,
    usage: written?.usage ?? null,
    price: (written && from.model.price?.(written.usage)) ?? null,
  };
}

async function askForSummary(
  old: readonly ModelMessage[],
  { model, agent, turn, room, signal }: SummaryOf,
): Promise<ModelAnswer | null> {
  const { full } = SHARES[roomFor(model.contextTokens)];
  const most = Math.floor((model.contextTokens ?? CONTEXT_TOKENS) * full * CHARACTERS_A_TOKEN);
  const { system, task } = fillPrompt(prompt, { conversation: material('conversation', transcript(old, most)) });
  try {
    const answer = await model.complete({
      agent: `${agent} summary`,
      turn,
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: task },
      ],
      tools: [],
      maxTokens: SUMMARY[room].tokens,
      signal,
    });
    return answer.text.trim() === '' ? null : answer;
  } catch (error) {
    // Whatever the model failed of, the summary is only shorter without it.
    if (ModelError.is(error) && !signal.aborted) return null;
    throw error;
  }
}

/** A conversation as text, its longest pieces cut until all of it fits. Characters. */
function transcript(messages: readonly ModelMessage[], room: number): string {
  const most = Math.max(400, Math.floor(room / Math.max(1, messages.length)));
  const lines = messages.map((message) => {
    const text = message.content.length > most ? `${message.content.slice(0, most)}[…]` : message.content;
    const calls =
      message.role === 'assistant'
        ? message.toolCalls.map((call) => `\n${call.name} ${call.arguments}`.slice(0, most))
        : [];
    return `${message.role}: ${text}${calls.join('')}`;
  });
  return lines.join('\n\n').slice(-room);
}

function newest(text: string, most: number): string {
  return text.length > most ? `[…]\n${text.slice(-most)}` : text;
}

function lengthOf(message: ModelMessage): number {
  // What a provider adds around a message; and calls count with all that they carry.
  return message.content.length + 16 + (message.role === 'assistant' ? JSON.stringify(message.toolCalls).length : 0);
}
