import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chosenAnew, modelChoice } from '../../../src/cli/commands/options.ts';
import { costOf } from '../../../src/domain/cost.ts';
import { thinkingLines } from '../../../src/domain/costInWords.ts';
import type { NewEvent, SessionEvent } from '../../../src/domain/event.ts';
import { modelFor, roleOf } from '../../../src/domain/role.ts';
import { chatModel } from '../../../src/session/model.ts';
import type { Ports } from '../../../src/session/ports.ts';
import { type ChatServer, chatServer, says } from '../models/chatServer.ts';
import { connectProxy } from '../models/connectProxy.ts';
import { beginSession, NO_MODEL, portsOf } from './beginSession.ts';

let folder: string;
let large: ChatServer;
let small: ChatServer;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mlr-roles-'));
  [large, small] = await Promise.all([chatServer(says('large')), chatServer(says('small'))]);
});
afterEach(async () => {
  await Promise.all([large.close(), small.close(), rm(folder, { recursive: true })]);
});

function ports(record: string | null = null): Ports {
  const roles = { code: 'coder', cheap: `@cf/tiny@${small.baseUrl}` };
  const modelChoice = { ...NO_MODEL, baseUrl: large.baseUrl, model: 'thinker', roles, record };
  return { ...portsOf(folder), modelChoice };
}

const request = {
  agent: 'idea',
  turn: 1,
  messages: [{ role: 'user' as const, content: 'Hi' }],
  tools: [],
  signal: new AbortController().signal,
};

test('each role is answered by its own model at its own endpoint, and one recording holds all of them', async () => {
  const file = path.join(folder, 'recording.json');
  const session = await beginSession(path.join(folder, 's1'));
  const here = ports(file);
  for (const role of ['think', 'code', 'cheap'] as const) {
    await (await chatModel(session, here, role)).complete({ ...request, agent: role });
  }
  expect(large.received.map(({ body }) => body.model)).toEqual(['thinker', 'coder']);
  expect(small.received.map(({ body }) => body.model)).toEqual(['@cf/tiny']);
  const { entries } = JSON.parse(await readFile(file, 'utf8')) as { entries: { answer: { text: string } }[] };
  expect(entries.map(({ answer }) => answer.text)).toEqual(['large', 'large', 'small']);
});

test('an endpoint elsewhere is asked through the proxy that an editor names', async () => {
  const proxy = await connectProxy({ leadsTo: Number(new URL(large.baseUrl).port) });
  const names = { proxy: 'http.proxy', except: 'http.noProxy' };
  const here = ports();
  const model = await chatModel(await beginSession(path.join(folder, 's1')), {
    ...here,
    modelChoice: { ...here.modelChoice, baseUrl: 'http://gpu.lab/v1' },
    secret: async () => 'k',
    proxies: async () => ({ http: proxy.url, https: null, except: '', names }),
  });
  expect((await model.complete(request)).text).toBe('large');
  expect(proxy.asked).toEqual(['POST http://gpu.lab/v1/chat/completions']);
  await proxy.close();
});

test('a role without a model of its own has the one that was chosen, and code is written by those who write it', () => {
  const choice = { model: 'm', baseUrl: null, roles: { code: 'c' } };
  expect(modelFor(choice, 'cheap')).toEqual(choice);
  expect((['idea', 'experiment', 'debug', 'validate'] as const).map(roleOf)).toEqual([
    'think',
    'code',
    'code',
    'think',
  ]);
});

test('flags and variables name models of roles, and a resume keeps those that it does not name', () => {
  const environment = { MLR_MODEL: 'm', MLR_MODEL_CHEAP: 'tiny' };
  const begun = modelChoice({ modelCode: 'coder' }, environment);
  expect(begun.roles).toEqual({ code: 'coder', cheap: 'tiny' });
  expect(modelChoice({}, {})).not.toHaveProperty('roles');
  const events = [{ type: 'session.started', model: begun }] as unknown as SessionEvent[];
  const resumed = chosenAnew({ workspace: '.', modelThink: 'deep' }, events).model;
  expect(resumed).toMatchObject({ model: 'm', roles: { think: 'deep', code: 'coder', cheap: 'tiny' } });
});

test('what it cost is told by model where several thought', () => {
  const usage = { promptTokens: 1000, completionTokens: 10 };
  const of = { agent: 'idea', call: 'idea', usage } as const;
  const price = { usd: 2, dated: '2026-11-01' };
  const events: NewEvent[] = [
    { type: 'agent.message', ...of, turn: 1, text: '', toolCalls: [], model: 'thinker', price },
    { type: 'agent.compacted', ...of, kept: 1, summary: '', by: 'tiny', price: null },
  ];
  expect(thinkingLines(costOf(events))).toEqual([
    'idea agent, idea with thinker: 1 answer, 1,000 tokens read and 10 written, $2.00, 0 s',
    'idea agent, idea with tiny: 1 answer, 1,000 tokens read and 10 written, price unknown, 0 s',
    'in all: 2 answers, 2,000 tokens read and 20 written, $2.00 and 1 answer of unknown price, 0 s',
    'at prices of 2026-11-01',
  ]);
});
