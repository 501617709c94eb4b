import dns from 'node:dns';
import { afterEach, expect, it, vi } from 'vitest';
import { assertLocal } from '../../../src/models/localFetch.ts';
import { openaiCompatible } from '../../../src/models/openaiCompatible.ts';
import { beginStream, type ChatServer, chatServer, delta, says, send, type Turn } from './chatServer.ts';

let server: ChatServer | undefined;
let elsewhere: ChatServer | undefined;

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all([server?.close(), elsewhere?.close()]);
  server = undefined;
  elsewhere = undefined;
});

it('refuses every endpoint that is, or may be, another machine, without asking anybody for its address', () => {
  const asked = vi.spyOn(dns, 'lookup');
  for (const host of [
    'api.openai.com',
    'localhost.evil.example',
    'gpu.localhost',
    '10.0.0.5',
    '127.0.0.1.nip.io',
    '0.0.0.0',
    '[::2]',
    '[::ffff:8.8.8.8]',
    '2130706434.example',
  ]) {
    const remote = () => openaiCompatible({ baseUrl: `https://${host}/v1`, model: 'm', key: 'k', localOnly: true });
    expect(remote, host).toThrow(
      expect.objectContaining({ reason: 'left-machine', message: expect.stringContaining('is not this machine') }),
    );
  }
  expect(asked).not.toHaveBeenCalled();
});

it.each(['http://localhost:1/v1', 'http://127.0.0.1:1', 'http://127.9.9.9', 'http://[::1]:1'])(
  'knows %s as this machine',
  (url) => {
    expect(() => assertLocal(url)).not.toThrow();
  },
);

it('converses with a model on this machine, by its name and past a proxy of the environment', async () => {
  const said: string[] = [];
  server = await chatServer(says('All stays here.'));
  vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:9');
  const model = local(server.baseUrl.replace('127.0.0.1', 'localhost'));
  const answer = await model.complete(request({ onText: (text: string) => said.push(text) }));
  expect(answer.text).toBe('All stays here.');
  expect(said).toEqual(['All stays here.']);
  vi.unstubAllEnvs();
});

it('opens no connection where localhost has come to mean another machine', async () => {
  server = await chatServer(says('Never asked.'));
  vi.spyOn(dns, 'lookup').mockImplementation(((_: string, __: object, done: (...all: unknown[]) => void) =>
    done(null, [{ address: '192.0.2.7', family: 4 }])) as typeof dns.lookup);
  const model = local(server.baseUrl.replace('127.0.0.1', 'localhost'));
  await expect(model.complete(request())).rejects.toMatchObject({
    reason: 'left-machine',
    message: expect.stringContaining('localhost (192.0.2.7) is not this machine'),
  });
  expect(server.received).toEqual([]);
});

it('follows no redirect', async () => {
  elsewhere = await chatServer(says('Caught it.'));
  const away: Turn = (response) => {
    response.writeHead(307, { location: `${elsewhere?.baseUrl}/chat/completions` });
    response.end();
  };
  server = await chatServer(away);
  await expect(local(server.baseUrl).complete(request())).rejects.toMatchObject({ name: 'ModelError' });
  expect(elsewhere.received).toEqual([]);
});

it('closes the connection when its answer is called off', async () => {
  server = await chatServer((response) => {
    beginStream(response);
    send(response, delta({ content: 'On and on' }));
  });
  const stop = new AbortController();
  const answer = local(server.baseUrl).complete(request({ signal: stop.signal, onText: () => stop.abort() }));
  await expect(answer).rejects.toMatchObject({ reason: 'aborted' });
  await server.received[0]?.closed;
});

function local(baseUrl: string) {
  return openaiCompatible({ baseUrl, model: 'm', localOnly: true, retries: 0 });
}

function request(more: object = {}) {
  return {
    agent: 'idea',
    turn: 1,
    messages: [{ role: 'user' as const, content: 'Hello.' }],
    tools: [],
    signal: new AbortController().signal,
    ...more,
  };
}
