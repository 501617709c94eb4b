import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServiceClock } from '../../../../src/papers/services/serviceClock.ts';

export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

export type Turn = (response: ServerResponse, asked: Asked) => void;

export interface ServiceServer {
  readonly baseUrl: string;
  readonly asked: Asked[];
  close(): Promise<void>;
}

/** A service that plays one turn a request, the last one for ever. */
export async function serviceServer(...turns: Turn[]): Promise<ServiceServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    const one = { path: url.pathname, query: url.searchParams, headers: request.headers };
    asked.push(one);
    turns[Math.min(asked.length, turns.length) - 1]?.(response, one);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function answers(body: string | object, status = 200, headers: Record<string, string> = {}): Turn {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (response) => void response.writeHead(status, headers).end(text);
}

/** What services do besides answering. */
export const FAULTS: Readonly<Record<string, Turn>> = {
  'asks to be asked less often': answers({ message: 'Too Many Requests' }, 429),
  'asks to be left alone for an hour': answers('', 429, { 'retry-after': '3600' }),
  'fails (500)': answers('Internal Server Error', 500),
  'answers with a web page': answers('<!DOCTYPE html><html><body>Sign in</body></html>', 200),
  'answers with half an answer': (response) => {
    response.writeHead(200, { 'content-length': '5000' });
    response.write('{"total": 3, "data": [{"paperId": "a');
    setTimeout(() => response.destroy(), 20);
  },
  'answers with an answer that breaks off': answers('{"total": 3, "data": [{"paperId": "a'),
  'never answers': () => undefined,
  'begins to answer and never ends': (response) => {
    response.writeHead(200);
    response.write('{');
  },
  'redirects elsewhere': answers('', 302, { location: 'http://192.0.2.1/elsewhere' }),
  'redirects to itself for ever': (response, { path }) => void response.writeHead(302, { location: path }).end(),
  'answers with a number': answers('42'),
};

/** A clock whose waits are over at once, and count. */
export class HandServiceClock implements ServiceClock {
  readonly waits: number[] = [];
  private time = 1_800_000_000_000;

  now(): number {
    return this.time;
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
  }

  sleep(milliseconds: number): Promise<void> {
    this.waits.push(milliseconds);
    this.time += milliseconds;
    return Promise.resolve();
  }
}
