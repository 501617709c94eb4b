import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server was sent. */
export interface Received {
  readonly body: Record<string, unknown>;
  readonly authorization: string | undefined;
  /** Resolves when the client lets go of the connection. */
  readonly closed: Promise<void>;
}

export type Turn = (response: ServerResponse, received: Received) => void | Promise<void>;

export interface ChatServer {
  readonly baseUrl: string;
  readonly received: Received[];
  close(): Promise<void>;
}

/** An endpoint of the documented chat completions protocol that plays one turn a request, the last one for ever. */
export async function chatServer(...turns: Turn[]): Promise<ChatServer> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    // Whoever looks which server this is finds none that is known.
    if (request.method !== 'POST' || !request.url?.endsWith('/chat/completions')) {
      response.writeHead(404).end();
      return;
    }
    void receive(request, response).then((one) => {
      received.push(one);
      return turns[Math.min(received.length, turns.length) - 1]?.(response, one);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    received,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<Received> {
  let text = '';
  for await (const piece of request) text += String(piece);
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  return { body: JSON.parse(text) as Record<string, unknown>, authorization: request.headers.authorization, closed };
}

export function beginStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
}

/** One `data:` line. A string is sent as it stands. */
export function send(response: ServerResponse, chunk: object | string): void {
  response.write(`data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`);
}

export function delta(content: object, ending: string | null = null): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'served-model',
    choices: [{ index: 0, delta: content, finish_reason: ending }],
  };
}

export const USAGE = {
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'served-model',
  choices: [],
  usage: { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 },
};

/** Streams the chunks and ends as the protocol says. */
export function streams(...chunks: (object | string)[]): Turn {
  return (response) => {
    beginStream(response);
    for (const chunk of chunks) send(response, chunk);
    send(response, '[DONE]');
    response.end();
  };
}

export function says(text: string): Turn {
  return streams(delta({ role: 'assistant', content: text }), delta({}, 'stop'), USAGE);
}

export function refuses(status: number, error: object, headers: Record<string, string> = {}): Turn {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error }));
  };
}
