import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Lender, LentAnswer } from '../../../src/domain/lentModel.ts';
import type { ProxySettings } from '../../../src/domain/proxySettings.ts';
import type { EngineApi } from '../../../src/engine/api.ts';
import { RemoteEngine } from '../../../src/engine/client.ts';
import { EngineServer } from '../../../src/engine/server.ts';

/** Only what a door needs of an engine before anything is asked of it. */
const engine = {
  info: { version: '0', workspace: '/w', pid: 1 },
  onEvent: () => () => undefined,
  onDelta: () => () => undefined,
} as unknown as EngineApi;

const ANSWER: LentAnswer = {
  kind: 'answered',
  text: 'Hello there',
  toolCalls: [{ id: '1', name: 'read', arguments: '{"path":"a.py"}' }],
  counted: { promptTokens: 5, completionTokens: 2 },
};
const REQUEST = { id: 'v/m', messages: [{ role: 'user' as const, content: 'Hi' }], tools: [] };
const heeds = new AbortController().signal;

let folder: string;
let socket: string;
let server: EngineServer;
const surfaces: RemoteEngine[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mlr-lending-'));
  socket = path.join(folder, 's');
  server = await EngineServer.listen(engine, socket);
});
afterEach(async () => {
  for (const surface of surfaces.splice(0)) surface.dispose();
  server.close();
  await rm(folder, { recursive: true });
});

async function attach(lender?: Partial<Lender>, proxies?: ProxySettings): Promise<RemoteEngine> {
  const whole = lender && { models: async () => [], ask: async () => ANSWER, ...lender };
  const surface = await RemoteEngine.connect(socket, {
    name: 'test',
    version: '0',
    secret: async () => null,
    ...(proxies && { proxies: () => proxies }),
    ...(whole && { lender: whole }),
  });
  surfaces.push(surface);
  return surface;
}

const one = { id: 'v/m', name: 'M', contextTokens: 1000 };

test('an engine asks the editor that has the model, past a surface that has none, and hears words as they come', async () => {
  await attach({
    models: async () => [one],
    async ask(_request, onText) {
      onText('Hello ');
      onText('there');
      return ANSWER;
    },
  });
  await attach();
  expect(await server.lender.models()).toEqual([one]);
  const heard: string[] = [];
  expect(await server.lender.ask(REQUEST, (text) => heard.push(text), heeds)).toEqual(ANSWER);
  expect(heard).toEqual(['Hello ', 'there']);
});

test('a model that is stopped is stopped in the editor', async () => {
  const stop = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    void attach({
      models: async () => [one],
      ask: (_request, _onText, signal) =>
        new Promise((end) => {
          signal.addEventListener('abort', () => {
            resolve();
            end({ kind: 'none', why: 'failed', said: 'Canceled' });
          });
          stop.abort();
        }),
    });
  });
  await expect.poll(() => server.lender.models()).toEqual([one]);
  const answer = server.lender.ask(REQUEST, () => undefined, stop.signal);
  await stopped;
  expect(await answer).toMatchObject({ kind: 'none' });
});

test('an editor that goes away in the middle of an answer leaves no question open', async () => {
  const surface: RemoteEngine = await attach({
    models: async () => [one],
    ask: () => {
      surface.dispose();
      return new Promise(() => undefined);
    },
  });
  expect(await server.lender.ask(REQUEST, () => undefined, heeds)).toMatchObject({ kind: 'none', why: 'left' });
});

test('with no editor attached that has the model, that is the answer', async () => {
  await attach();
  expect(await server.lender.ask(REQUEST, () => undefined, heeds)).toMatchObject({ kind: 'none', why: 'nobody' });
});

test('the proxy that a window is set to is what its engine asks through, past a surface that says nothing of it', async () => {
  expect(await server.proxies()).toBeNull();
  const set = {
    http: 'http://p:1',
    https: 'http://p:1',
    except: '',
    names: { proxy: 'http.proxy', except: 'http.noProxy' },
  };
  await attach(undefined, set);
  await attach();
  expect(await server.proxies()).toEqual(set);
});
