import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beginStream, delta, refuses, send } from '../../unit/models/chatServer.ts';

type Message = { readonly role: string; readonly content: string };

/** What was asked, and how much of the context it took. */
export interface SmallRequest {
  readonly messages: readonly Message[];
  readonly tokens: number;
  /** It was longer than the context, or named tools. */
  readonly refused: boolean;
}

export interface SmallServer {
  readonly baseUrl: string;
  readonly requests: SmallRequest[];
  close(): Promise<void>;
}

/** A server of the documented protocol with a model that holds 8,192 tokens, prompt and answer together, and is started
 *  without tool calling: it refuses what is longer, and every request with tools, in vLLM's words, and cuts off an answer
 *  for which there is no room.
 *  @param tells whether it says beforehand how much the model holds, as vLLM does and others do not
 *  Source: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html */
export async function smallServer(
  context: number,
  answer: (messages: readonly Message[]) => string,
  { tells = true }: { readonly tells?: boolean } = {},
): Promise<SmallServer> {
  const requests: SmallRequest[] = [];
  const server = createServer(async (request, response) => {
    if (request.url === '/v1/models' && tells) {
      const data = [{ id: 'tiny-7b', object: 'model', owned_by: 'vllm', max_model_len: context }];
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ object: 'list', data }));
      return;
    }
    if (request.url !== '/v1/chat/completions') {
      response.writeHead(404).end();
      return;
    }
    let text = '';
    for await (const piece of request) text += String(piece);
    const { messages, tools, max_tokens } = JSON.parse(text) as {
      messages: Message[];
      tools?: unknown;
      max_tokens?: number;
    };
    const tokens = messages.reduce((sum, { role, content }) => sum + 4 + tokensOf(role) + tokensOf(content ?? ''), 3);
    const tooLong = tokens + (max_tokens ?? 1) > context;
    requests.push({ messages, tokens, refused: tools !== undefined || tooLong });
    if (tools !== undefined) return refuse(response, NO_TOOLS);
    if (tooLong) {
      const message = `This model's maximum context length is ${context} tokens. However, you requested ${tokens + (max_tokens ?? 0)} tokens (${tokens} in the messages, ${max_tokens ?? 0} in the completion). Please reduce the length of the messages or completion.`;
      return refuse(response, message);
    }
    stream(response, answer(messages), Math.min(max_tokens ?? context, context - tokens), tokens);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const NO_TOOLS = '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set';

function refuse(response: ServerResponse, message: string): void {
  const error = { message, type: 'BadRequestError', param: null, code: 400 };
  void refuses(400, error)(response, { body: {}, authorization: undefined, closed: Promise.resolve() });
}

function stream(response: ServerResponse, words: string, room: number, prompt: number): void {
  const pieces = piecesOf(words);
  const said = pieces.slice(0, room).join('');
  beginStream(response);
  send(response, delta({ role: 'assistant', content: said }));
  send(response, delta({}, pieces.length > room ? 'length' : 'stop'));
  const usage = { prompt_tokens: prompt, completion_tokens: Math.min(pieces.length, room) };
  send(response, { ...delta({}), choices: [], usage });
  response.end('data: [DONE]\n\n');
}

export function tokensOf(text: string): number {
  return piecesOf(text).length;
}

/** About as byte-pair encodings divide English and code: short words whole with the space before them, long ones in parts,
 *  three digits at a time, every other sign by itself. */
function piecesOf(text: string): string[] {
  return text.match(/ ?\p{L}{1,6}|\p{N}{1,3}| ?[^\s\p{L}\p{N}]|[^\S\n]+|\n+/gu) ?? [];
}
