import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import * as z from 'zod';
import type { ModelMessage } from '../domain/conversation.ts';
import { jsonOf } from '../domain/jsonOf.ts';
import { BrokenAnswer } from './answerAssembly.ts';
import type { ModelRequest } from './chatModel.ts';
import { ModelError } from './modelError.ts';
import { acceptableArguments } from './requestBody.ts';

interface Ollama {
  readonly origin: string;
  readonly model: string;
  /** The tokens that it is asked to hold. */
  readonly contextTokens: number;
  readonly fetch: typeof fetch;
}

/** What every piece of an answer may hold; the last one says that it is. */
const Piece = z.object({
  model: z.string().optional(),
  message: z
    .object({
      content: z.string().nullish(),
      thinking: z.string().nullish(),
      tool_calls: z
        .array(z.object({ function: z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) }) }))
        .nullish(),
    })
    .optional(),
  done: z.boolean().optional(),
  done_reason: z.string().optional(),
  prompt_eval_count: z.number().optional(),
  eval_count: z.number().optional(),
  error: z.string().optional(),
});
type Piece = z.infer<typeof Piece>;

/** Prose has at most so many characters a token: what is longer than that cannot fit. */
const MOST_CHARACTERS_A_TOKEN = 6;

/** Asks Ollama by its own protocol, the only one by which a request says how much the model is to hold: by that of OpenAI
 *  it holds what the server was started with, often 4,096 tokens, and the beginning of what is longer is cut off without
 *  a word. So what surely does not fit is not sent.
 *  Source: https://github.com/ollama/ollama/blob/main/docs/api.md (Generate a chat completion)
 *  @returns the pieces as chat completions have them
 *  @throws ModelError `context` */
export async function* ollamaChat(
  { origin, model, contextTokens, fetch: send }: Ollama,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ChatCompletionChunk> {
  const messages = asOllama(request.messages);
  if (JSON.stringify(messages).length > contextTokens * MOST_CHARACTERS_A_TOKEN) throw tooLong(model, contextTokens);
  const body = {
    model,
    messages,
    stream: true,
    ...(request.tools.length > 0 && { tools: request.tools.map((one) => ({ type: 'function', function: one })) }),
    options: {
      num_ctx: contextTokens,
      ...(request.maxTokens !== undefined && { num_predict: request.maxTokens }),
    },
  };
  const response = await send(`${origin}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'manual',
    signal,
  });
  if (!response.ok || response.body === null) throw new OllamaRefusal(await saidIn(response), response);
  let calls = 0;
  for await (const line of linesOf(response.body)) {
    const { data: piece } = Piece.safeParse(JSON.parse(line));
    if (!piece) throw new BrokenAnswer('a piece of it has another shape');
    if (piece.error !== undefined) throw new OllamaRefusal(piece.error);
    yield asChunk(piece, model, calls);
    calls += piece.message?.tool_calls?.length ?? 0;
  }
}

/** Told by its shape, as those of the other protocol are. */
class OllamaRefusal extends Error {
  readonly status: number | undefined;
  readonly headers: Headers | undefined;
  readonly error: { readonly message: string };

  constructor(message: string, response?: Response) {
    super(message);
    this.status = response?.status;
    this.headers = response?.headers;
    this.error = { message };
  }
}

async function saidIn(response: Response): Promise<string> {
  const text = await response.text();
  const { error } = Piece.safeParse(jsonOf(text)).data ?? {};
  return error ?? (text.trim() || `HTTP ${response.status}`);
}

/** One JSON object a line. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    rest += decoder.decode(bytes, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line.trim() !== '');
  }
  if (rest.trim() !== '') yield rest;
}

function asChunk({ model, message, done, ...counts }: Piece, asked: string, calls: number): ChatCompletionChunk {
  const { content, thinking, tool_calls } = message ?? {};
  const delta = {
    ...(content && { content }),
    ...(thinking && { reasoning_content: thinking }),
    ...(tool_calls && {
      tool_calls: tool_calls.map(({ function: call }, i) => ({
        index: calls + i,
        function: { name: call.name, arguments: JSON.stringify(call.arguments) },
      })),
    }),
  };
  const { prompt_eval_count: read, eval_count: written = 0 } = counts;
  const usage = { prompt_tokens: read ?? 0, completion_tokens: written, total_tokens: (read ?? 0) + written };
  const ending = counts.done_reason === 'length' ? 'length' : 'stop';
  return {
    ...{ id: 'ollama', object: 'chat.completion.chunk', created: 0, model: model ?? asked },
    choices: [{ index: 0, delta, finish_reason: done ? ending : null }],
    // A prompt that it had read before may be left out of the count.
    ...(done && read !== undefined && { usage }),
  };
}

function asOllama(messages: readonly ModelMessage[]): object[] {
  const names = new Map<string, string>();
  return messages.map((message) => {
    if (message.role === 'tool') {
      return { role: 'tool', tool_name: names.get(message.callId) ?? '', content: message.content };
    }
    if (message.role !== 'assistant') return message;
    for (const { id, name } of message.toolCalls) names.set(id, name);
    const calls = message.toolCalls.map(({ name, arguments: args }) => ({
      function: { name, arguments: JSON.parse(acceptableArguments(args)) as object },
    }));
    return { role: 'assistant', content: message.content, ...(calls.length > 0 && { tool_calls: calls }) };
  });
}

function tooLong(model: string, tokens: number): ModelError {
  const message = `The conversation no longer fits into the ${tokens} tokens that Ollama is asked to hold of ${model}: ask for more with \`context\` in prices.json, or choose a model with a larger context.`;
  return new ModelError('context', message);
}
