import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Message = { readonly role: string; readonly content: string; readonly tool_calls?: unknown };

/** A request as the server was sent it, and what the model was given of its words. */
export interface OllamaRequest {
  readonly path: string;
  readonly body: {
    readonly model: string;
    readonly messages: readonly Message[];
    readonly tools?: readonly unknown[];
    readonly options?: { readonly num_ctx?: number; readonly num_predict?: number };
  };
  readonly read: string;
}

export type OllamaTurn = (response: ServerResponse, request: OllamaRequest) => void;

export interface OllamaServer {
  readonly baseUrl: string;
  readonly asked: OllamaRequest[];
  close(): Promise<void>;
}

/** What the server gives a model unless it is told otherwise, in tokens of four characters. */
const DEFAULT_CONTEXT = 4_096;

/** Ollama, as its documentation has it: `/api/chat` answers in lines of JSON and holds what `num_ctx` says; without that,
 *  and by the protocol of OpenAI, it holds 4,096 tokens. What is longer loses its beginning without a word, the system's
 *  message excepted.
 *  Sources: https://github.com/ollama/ollama/blob/main/docs/api.md, https://docs.ollama.com/context-length */
export async function ollamaServer(...turns: OllamaTurn[]): Promise<OllamaServer> {
  const asked: OllamaRequest[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const piece of request) text += String(piece);
    const path = request.url ?? '';
    const body = JSON.parse(text || '{}') as OllamaRequest['body'];
    if (!['/api/chat', '/v1/chat/completions'].includes(path)) {
      const known = described(path, body.model);
      response.writeHead(known ? 200 : 404).end(JSON.stringify(known ?? { error: 'page not found' }));
      return;
    }
    const context = (path === '/api/chat' && body.options?.num_ctx) || DEFAULT_CONTEXT;
    const one = { path, body, read: readOf(body.messages, context * 4) };
    asked.push(one);
    turns[Math.min(asked.length, turns.length) - 1]?.(response, one);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What it says of itself and of its models. */
function described(path: string, model: string): object | undefined {
  const small = path === '/api/show' && model.startsWith('small');
  return {
    '/api/tags': { models: [{ name: 'qwen3:8b' }, { name: 'small:latest' }] },
    '/api/ps': { models: [] },
    '/api/show': {
      parameters: small ? 'num_ctx                        8192' : '',
      model_info: { 'general.architecture': 'qwen3', 'qwen3.context_length': 40960 },
      capabilities: small ? ['completion'] : ['completion', 'tools'],
    },
  }[path];
}

function readOf(messages: readonly Message[], characters: number): string {
  const words = messages.map(({ content }) => content).join('\n');
  return words.slice(-characters);
}

/** Streams a message in pieces, a JSON object a line, and ends as the documentation says. */
export function ollamaSays(pieces: readonly object[], ending: object = {}): OllamaTurn {
  return (response, { body: { model }, read }) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const at = { model, created_at: '2026-11-27T04:00:00.000000Z' };
    for (const message of pieces)
      response.write(
        `${JSON.stringify({ ...at, message: { role: 'assistant', content: '', ...message }, done: false })}\n`,
      );
    const counts = { prompt_eval_count: Math.ceil(read.length / 4), eval_count: pieces.length, total_duration: 1 };
    const message = { role: 'assistant', content: '' };
    response.end(`${JSON.stringify({ ...at, message, done: true, done_reason: 'stop', ...counts, ...ending })}\n`);
  };
}
