import { afterEach, describe, expect, it, test } from 'vitest';
import { openaiCompatible } from '../../../src/models/openaiCompatible.ts';
import { proxiesIn, proxyFor } from '../../../src/models/proxy.ts';
import { beginStream, type ChatServer, chatServer, delta, refuses, says, send, type Turn } from './chatServer.ts';
import { type ConnectProxy, connectProxy } from './connectProxy.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

describe('which proxy leads to an endpoint, by the variables that other programs obey', () => {
  const url = (baseUrl: string, environment: NodeJS.ProcessEnv) =>
    proxyFor(baseUrl, proxiesIn(environment))?.url ?? null;

  test.each<[string, NodeJS.ProcessEnv, string | null]>([
    ['https://api.example/v1', {}, null],
    ['https://api.example/v1', { HTTPS_PROXY: 'http://p:3128' }, 'http://p:3128'],
    ['https://api.example/v1', { HTTPS_PROXY: 'http://p:1', https_proxy: 'http://q:2' }, 'http://q:2'],
    ['https://api.example/v1', { HTTP_PROXY: 'http://p:3128' }, null],
    ['http://gpu.lab:8000/v1', { HTTP_PROXY: 'http://p:3128' }, 'http://p:3128'],
    ['https://api.example/v1', { ALL_PROXY: 'socks5://p:1080' }, 'socks5://p:1080'],
    ['https://api.example/v1', { HTTPS_PROXY: 'p:3128' }, 'http://p:3128'],
    ['https://api.example/v1', { HTTPS_PROXY: '' }, null],
  ])('%s with %j: %s', (baseUrl, environment, expected) => {
    expect(url(baseUrl, environment)).toBe(expected);
  });

  test.each<[string, string, boolean]>([
    ['https://gpu.lab/v1', 'gpu.lab', true],
    ['https://a.gpu.lab/v1', 'other, .gpu.lab', true],
    ['https://a.gpu.lab/v1', '*.gpu.lab', true],
    ['https://notgpu.lab/v1', 'gpu.lab', false],
    ['https://gpu.lab:8443/v1', 'gpu.lab:8443', true],
    ['https://gpu.lab/v1', 'gpu.lab:8443', false],
    ['https://gpu.lab/v1', '*', true],
    ['https://10.1.2.3/v1', '10.0.0.0/8', true],
    ['https://11.1.2.3/v1', '10.0.0.0/8', false],
    ['https://[fd00::7]:8000/v1', 'fd00::/8', true],
    ['https://[fd00::7]:8000/v1', 'fd00::7', true],
    ['https://10.1.2.3/v1', '10.0.0.0/99', false],
  ])('%s is asked directly where NO_PROXY is %s: %s', (baseUrl, NO_PROXY, directly) => {
    expect(url(baseUrl, { HTTPS_PROXY: 'http://p:3128', NO_PROXY })).toBe(directly ? null : 'http://p:3128');
  });

  test.each(['http://localhost:8000/v1', 'http://127.0.0.1:11434/v1', 'https://[::1]:1/v1'])(
    'never to this machine: %s',
    (baseUrl) => {
      const all = { HTTP_PROXY: 'http://p:1', HTTPS_PROXY: 'http://p:1', ALL_PROXY: 'http://p:1' };
      expect(url(baseUrl, all)).toBeNull();
    },
  );

  test.each(['ftp://p:21', 'http://', 'http://p:99999'])('what is none is said, without quoting it: %s', (set) => {
    const failure = () => url('https://api.example/v1', { HTTPS_PROXY: set });
    expect(failure).toThrow(/^HTTPS_PROXY or HTTP_PROXY is no proxy that can be used: set it to a URL such as /);
  });
});

describe('a conversation through a proxy', () => {
  it('reaches a host that only the proxy can find, with a password, and hears its words as they come', async () => {
    const { proxy, server } = await behind([says('Through.')], { password: 'p4ss-word' });
    const heard: string[] = [];
    const answer = await ask(proxy, 'http://gpu.lab:8000/v1', { onText: (text: string) => heard.push(text) });
    expect(answer.text).toBe('Through.');
    expect(heard).toEqual(['Through.']);
    expect(proxy.asked).toEqual(['POST http://gpu.lab:8000/v1/chat/completions']);
    expect(server.received[0]?.authorization).toBe('Bearer sk-test-0123456789');
  });

  it('a server on this machine is asked past it', async () => {
    const { proxy, server } = await behind([says('Here.')], { refuses: 403 });
    expect((await ask(proxy, server.baseUrl)).text).toBe('Here.');
    expect((await ask(proxy, server.baseUrl, {}, true)).text).toBe('Here.');
    expect(proxy.asked).toEqual([]);
  });

  it('nothing is sent to it where nothing may leave this machine', async () => {
    const { proxy } = await behind([says('Gone.')]);
    await expect(ask(proxy, 'http://gpu.lab/v1', {}, true)).rejects.toMatchObject({ reason: 'left-machine' });
    expect(proxy.asked).toEqual([]);
  });

  it('is closed when its answer is called off', async () => {
    const endless: Turn = (response) => {
      beginStream(response);
      send(response, delta({ content: 'On and on' }));
    };
    const { proxy, server } = await behind([endless]);
    const stop = new AbortController();
    const answer = ask(proxy, 'http://gpu.lab/v1', { signal: stop.signal, onText: () => stop.abort() });
    await expect(answer).rejects.toMatchObject({ reason: 'aborted' });
    await server.received[0]?.closed;
  });

  it('a wait that the endpoint asks for is kept', async () => {
    const { proxy } = await behind([refuses(429, { message: 'Slow down.' }, { 'retry-after': '7' })]);
    await expect(ask(proxy, 'http://gpu.lab/v1')).rejects.toMatchObject({ reason: 'quota', waitSeconds: 7 });
  });
});

describe('a proxy that fails is named, with the way out, and its password is not', () => {
  it.each(['https://api.example/v1', 'http://gpu.lab/v1'])('it asks for a password: %s', async (baseUrl) => {
    const { proxy } = await behind([says('Never.')], { password: 'right-one' });
    const failure = await failed(proxy.url.replace('right-one', 'wrong-one'), baseUrl);
    expect(failure).toMatchObject({
      reason: 'unreachable',
      passing: false,
      message: `The proxy ${proxy.host} asks who you are (407): put a name and a password into HTTPS_PROXY or HTTP_PROXY, as in http://NAME:PASSWORD@${proxy.host}.`,
    });
  });

  it('it does not lead there', async () => {
    const { proxy } = await behind([says('Never.')], { refuses: 403 });
    expect(await failed(proxy.url, 'https://api.example/v1')).toMatchObject({
      reason: 'unreachable',
      passing: false,
      message: `The proxy ${proxy.host} does not lead to api.example (403): ask whoever runs it, or list api.example in NO_PROXY if it can be reached directly.`,
    });
  });

  it('nobody listens there', async () => {
    const { proxy } = await behind([says('Never.')]);
    await proxy.close();
    opened.splice(opened.indexOf(proxy), 1);
    const failure = await failed(proxy.url.replace('//', '//me:p4ss-word@'), 'https://api.example/v1');
    expect(failure).toMatchObject({
      reason: 'unreachable',
      passing: true,
      message: `The proxy ${proxy.host} cannot be reached (ECONNREFUSED): check HTTPS_PROXY or HTTP_PROXY, or list api.example in NO_PROXY.`,
    });
  });
});

async function behind(
  turns: [Turn, ...Turn[]],
  behaviour: { password?: string; refuses?: number } = {},
): Promise<{ proxy: ConnectProxy; server: ChatServer }> {
  const server = await chatServer(...turns);
  opened.push(server);
  const proxy = await connectProxy({ leadsTo: Number(new URL(server.baseUrl).port), ...behaviour });
  opened.push(proxy);
  return { proxy, server };
}

function ask(proxy: { url: string }, baseUrl: string, more: object = {}, localOnly = false) {
  const proxies = proxiesIn({ HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url });
  const messages = [{ role: 'user' as const, content: 'Hello.' }];
  const request = { agent: 'idea', turn: 1, messages, tools: [], signal: new AbortController().signal, ...more };
  return Promise.resolve().then(() =>
    openaiCompatible({ baseUrl, model: 'm', key: 'sk-test-0123456789', retries: 0, proxies, localOnly }).complete(
      request,
    ),
  );
}

async function failed(url: string, baseUrl: string): Promise<Error> {
  const failure = await ask({ url }, baseUrl).then(String, (error: unknown) => error);
  expect(failure).toBeInstanceOf(Error);
  const { message, cause } = failure as Error;
  const { password } = new URL(url);
  if (password !== '') expect(`${message} ${String(cause)}`).not.toContain(password);
  return failure as Error;
}
