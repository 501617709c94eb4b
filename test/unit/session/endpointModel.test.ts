import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Trial } from '../../../src/models/modelTrial.ts';
import { keepTrial } from '../../../src/models/trialFile.ts';
import { endpointModel } from '../../../src/session/endpointModel.ts';
import { type ChatServer, chatServer, says } from '../models/chatServer.ts';
import { NO_MODEL } from './beginSession.ts';

const TRIAL: Trial = {
  tried: '2026-11-26',
  tools: 'protocol',
  edits: true,
  schema: true,
  remembers: 8_100,
  forgets: 16_000,
};

let config: string;
let server: ChatServer;
beforeEach(async () => {
  config = await mkdtemp(path.join(tmpdir(), 'mlr-config-'));
  vi.stubEnv('XDG_CONFIG_HOME', config);
  server = await chatServer(says('```tool\n{"tool": "look", "arguments": {}}\n```'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  await rm(config, { recursive: true });
});

const chosen = () => ({ ...NO_MODEL, baseUrl: server.baseUrl, model: 'm' });
const kept = (trial: Partial<Trial>) => keepTrial({ baseUrl: server.baseUrl, model: 'm' }, { ...TRIAL, ...trial });

test('a context that was found out by trying holds from then on, and for this model alone', async () => {
  await kept({});
  expect((await endpointModel(chosen(), null)).contextTokens).toBe(8_100);
  expect((await endpointModel({ ...chosen(), model: 'other' }, null)).contextTokens).toBeUndefined();
});

test('a model that was found to need tools in words is told of them so from the first question', async () => {
  await kept({ tools: 'words' });
  const model = await endpointModel(chosen(), null);
  const tools = [{ name: 'look', description: 'Look.', parameters: { type: 'object', properties: {} } }];
  const messages = [{ role: 'user' as const, content: 'Look.' }];
  const answer = await model.complete({
    agent: 'idea',
    turn: 1,
    messages,
    tools,
    signal: new AbortController().signal,
  });
  expect(answer.toolCalls).toMatchObject([{ name: 'look' }]);
  expect(server.received).toHaveLength(1);
  expect(server.received[0]?.body).not.toHaveProperty('tools');
});

test('a file of trials that cannot be understood is as none', async () => {
  await kept({});
  await writeFile(path.join(config, 'mlr', 'trials.json'), '{"a": 1');
  expect((await endpointModel(chosen(), null)).contextTokens).toBeUndefined();
});
