import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ModelMessage } from '../../../src/domain/conversation.ts';
import type { ModelRequest } from '../../../src/models/chatModel.ts';
import { contextFound, tryModel } from '../../../src/models/modelTrial.ts';
import { openaiCompatible } from '../../../src/models/openaiCompatible.ts';
import { keepTrial } from '../../../src/models/trialFile.ts';
import { endpointModel } from '../../../src/session/endpointModel.ts';
import { NO_MODEL } from '../session/beginSession.ts';
import { type OllamaServer, type OllamaTurn, ollamaSays, ollamaServer } from './ollamaServer.ts';

let config: string;
let server: OllamaServer;
beforeEach(async () => {
  config = await mkdtemp(path.join(tmpdir(), 'mlr-config-'));
  vi.stubEnv('XDG_CONFIG_HOME', config);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  await rm(config, { recursive: true });
});

const tools = [{ name: 'look', description: 'Look.', parameters: { type: 'object', properties: {} } }];

it('is asked for a context that holds the whole of a long prompt, of which the other protocol would drop the beginning', async () => {
  server = await ollamaServer(ollamaSays([{ content: 'The word ' }, { content: 'is heron.' }]));
  const long = `The word is heron.\n${'Nothing of interest. '.repeat(1_500)}`;
  const heard: string[] = [];
  const model = await chosen('qwen3:8b');
  const answer = await model.complete(request(long, { tools, onText: (text) => heard.push(text), maxTokens: 99 }));
  expect(model.contextTokens).toBe(16_384);
  expect(server.asked).toMatchObject([
    { path: '/api/chat', body: { model: 'qwen3:8b', stream: true, options: { num_ctx: 16_384, num_predict: 99 } } },
  ]);
  expect(server.asked[0]?.read).toContain('The word is heron.');
  expect(server.asked[0]?.body.tools).toEqual([{ type: 'function', function: tools[0] }]);
  expect(heard).toEqual(['The word ', 'is heron.']);
  expect(answer).toMatchObject({ text: 'The word is heron.', usage: { promptTokens: 7_880, completionTokens: 2 } });
  // What it is a fake of: by the protocol of OpenAI the model never reads the first words.
  const before = openaiCompatible({ baseUrl: server.baseUrl, model: 'qwen3:8b', retries: 0 });
  await expect(before.complete(request(long))).rejects.toMatchObject({ reason: 'bad-answer' });
  expect(server.asked[1]?.read).not.toContain('The word is heron.');
});

it('is asked for what its Modelfile sets, or a table of one’s own says', async () => {
  server = await ollamaServer(ollamaSays([{ content: 'Yes.' }]));
  const own = await chosen('small');
  expect(own.contextTokens).toBe(8_192);
  await own.complete(request('Hi'));
  await mkdir(path.join(config, 'mlr'));
  const models = { 'qwen3:8b': { context: 32_768 } };
  const table = { providers: [{ host: new URL(server.baseUrl).host, dated: '2026-11-27', models }] };
  await writeFile(path.join(config, 'mlr', 'prices.json'), JSON.stringify(table));
  await (await chosen('qwen3:8b')).complete(request('Hi'));
  expect(server.asked.map(({ body }) => body.options?.num_ctx)).toEqual([8_192, 32_768]);
});

it('calls tools, several in one answer, and is shown calls and results in its own words', async () => {
  const call = (place: string) => ({ function: { name: 'look', arguments: { place } } });
  const thinks = { thinking: 'Two places.' };
  server = await ollamaServer(ollamaSays([thinks, { tool_calls: [call('a')] }, { tool_calls: [call('b')] }]));
  const model = await chosen('qwen3:8b');
  const { toolCalls } = await model.complete(request('Look.', { tools }));
  expect(toolCalls).toEqual([
    { id: 'call_idea_1_1', name: 'look', arguments: '{"place":"a"}' },
    { id: 'call_idea_1_2', name: 'look', arguments: '{"place":"b"}' },
  ]);
  const messages: ModelMessage[] = [
    { role: 'user', content: 'Look.' },
    { role: 'assistant', content: '', toolCalls: [...toolCalls] },
    { role: 'tool', callId: 'call_idea_1_1', content: 'a is empty' },
    { role: 'tool', callId: 'call_idea_1_2', content: 'b is empty' },
  ];
  await model.complete({ ...request(''), messages, tools });
  expect(server.asked[1]?.body.messages).toEqual([
    { role: 'user', content: 'Look.' },
    { role: 'assistant', content: '', tool_calls: [call('a'), call('b')] },
    { role: 'tool', tool_name: 'look', content: 'a is empty' },
    { role: 'tool', tool_name: 'look', content: 'b is empty' },
  ]);
});

it('a conversation that surely does not fit is not sent, so that nothing is cut off without a word', async () => {
  server = await ollamaServer(ollamaSays([{ content: 'Yes.' }]));
  const model = await chosen('small');
  await expect(model.complete(request('word '.repeat(12_000)))).rejects.toMatchObject({
    reason: 'context',
    message: expect.stringContaining('the 8192 tokens that Ollama is asked to hold of small') as string,
  });
  expect(server.asked).toEqual([]);
});

it('a model without tools is told of them in words', async () => {
  const refuses: OllamaTurn = (response) =>
    response.writeHead(400).end(JSON.stringify({ error: 'registry.ollama.ai/library/small does not support tools' }));
  server = await ollamaServer(refuses, ollamaSays([{ content: '```tool\n{"tool": "look", "arguments": {}}\n```' }]));
  const answer = await (await chosen('small')).complete(request('Look.', { tools }));
  expect(answer.toolCalls).toMatchObject([{ name: 'look' }]);
  expect(server.asked[1]?.body).not.toHaveProperty('tools');
});

const breaksOff: OllamaTurn = (response) => {
  response.writeHead(200);
  response.end(`${JSON.stringify({ message: { role: 'assistant', content: 'Half' }, done: false })}\n`);
};
const failsHalfway: OllamaTurn = (response) => {
  response.writeHead(200);
  response.end(`${JSON.stringify({ message: { content: 'Half' }, done: false })}\n{"error":"llama runner died"}\n`);
};

it.each<[what: string, turn: OllamaTurn, reason: string, sentence: RegExp]>([
  [
    'a model that is not there',
    (response) => response.writeHead(404).end('{"error":"model \'qwen3:8b\' not found"}'),
    'unknown-model',
    /does not know the model qwen3:8b/,
  ],
  ['an answer that breaks off', breaksOff, 'bad-answer', /it broke off before its end/],
  ['a runner that dies', failsHalfway, 'unreachable', /failed \(in its stream: llama runner died\)/],
  ['lines that are no JSON', (response) => response.end('<html>\n'), 'bad-answer', /no valid JSON/],
  ['lines of another shape', (response) => response.end('{"message": 7}\n'), 'bad-answer', /another shape/],
  [
    'an answer cut by its length is none that failed',
    ollamaSays([{ content: 'So' }], { done_reason: 'length' }),
    '',
    /^$/,
  ],
])('%s', async (_, turn, reason, sentence) => {
  server = await ollamaServer(turn);
  const asked = (await chosen('qwen3:8b')).complete(request('Hi'));
  if (reason === '') expect(await asked).toMatchObject({ text: 'So', cut: true });
  else await expect(asked).rejects.toMatchObject({ reason, message: expect.stringMatching(sentence) as string });
});

it('stopping lets go of it at once', async () => {
  const stop = new AbortController();
  let closed: Promise<unknown> | undefined;
  server = await ollamaServer((response) => {
    closed = new Promise((resolve) => response.once('close', resolve));
    response.write(`${JSON.stringify({ message: { content: 'On and on' }, done: false })}\n`);
  });
  const model = await chosen('qwen3:8b');
  const answer = model.complete(request('Hi', { signal: stop.signal, onText: () => stop.abort() }));
  await expect(answer).rejects.toMatchObject({ reason: 'aborted' });
  await closed;
});

it('a trial finds that it holds what it is asked for', async () => {
  server = await ollamaServer((response, at) => {
    const found = /The password is (\S+)\./.exec(at.read)?.[1] ?? 'none';
    ollamaSays([{ content: found }])(response, at);
  });
  const trial = await tryModel(await chosen('qwen3:8b'), { longest: 32_000, signal: new AbortController().signal });
  expect(trial.remembers).toBeGreaterThan(13_000);
  expect(trial.forgets).toBe(24_000);
  // A context that lies between the two is the one that was asked for; a trial takes nothing away from it.
  expect(contextFound(16_384, trial)).toBe(16_384);
  await keepTrial({ baseUrl: server.baseUrl, model: 'qwen3:8b' }, { ...trial, remembers: 3_000, forgets: 4_000 });
  const cutting = await chosen('qwen3:8b');
  await cutting.complete(request('Hi'));
  expect(cutting.contextTokens).toBe(3_000);
  expect(server.asked.at(-1)?.body.options?.num_ctx).toBe(16_384);
});

function chosen(model: string) {
  return endpointModel({ ...NO_MODEL, baseUrl: server.baseUrl, model, retries: 0 }, null);
}

function request(content: string, more: Partial<ModelRequest> = {}): ModelRequest {
  const messages = [{ role: 'user' as const, content }];
  return { agent: 'idea', turn: 1, messages, tools: [], signal: new AbortController().signal, ...more };
}
