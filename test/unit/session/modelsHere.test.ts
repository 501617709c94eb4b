import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { modelsText } from '../../../src/cli/commands/models.ts';
import { keepTrial } from '../../../src/models/trialFile.ts';
import { modelsHere, profiled } from '../../../src/session/modelsHere.ts';

let config: string;
beforeEach(async () => {
  config = await mkdtemp(path.join(tmpdir(), 'mlr-config-'));
  vi.stubEnv('XDG_CONFIG_HOME', config);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(config, { recursive: true });
});

test('keys are listed by name with their endpoint, and no value of one is told', async () => {
  const environment = { OPENAI_API_KEY: 'sk-secret-1', ANTHROPIC_API_KEY: 'sk-secret-2', GEMINI_API_KEY: '' };
  const found = await modelsHere({ model: 'gpt-4.1', baseUrl: null }, { environment, origins: [] });
  expect(found.chosen).toMatchObject({
    model: 'gpt-4.1',
    baseUrl: 'https://api.openai.com/v1',
    key: 'OPENAI_API_KEY',
    contextTokens: 1_047_576,
    price: { input: 2, cached: 0.5, output: 8 },
  });
  expect(found.keys.map(({ name }) => name)).toEqual(['OPENAI_API_KEY', 'ANTHROPIC_API_KEY']);
  expect(found.priced.map(({ model }) => model)).toContain('claude-haiku-4-5');
  expect(JSON.stringify(found) + modelsText(found)).not.toContain('secret');
});

test('a model nobody knows is said to be unknown in price and context, and what to do where no key is', async () => {
  const chosen = { model: 'new', baseUrl: 'https://example.org/v1' };
  const text = modelsText(await modelsHere(chosen, { environment: {}, origins: [] }));
  expect(text).toContain(
    'new at https://example.org/v1, context unknown, price unknown, no key: mlr models key set, or MLR_API_KEY\n',
  );
});

test('a provider’s own key and one that was kept are used, and the models behind them are offered', async () => {
  const places = { environment: { OPENROUTER_API_KEY: 'k' }, kept: ['MLR_API_KEY@api.anthropic.com'], origins: [] };
  const found = await modelsHere({ model: 'new', baseUrl: 'https://openrouter.ai/api/v1' }, places);
  expect(found.chosen?.key).toBe('OPENROUTER_API_KEY');
  expect(found.priced.map(({ model }) => model)).toContain('claude-haiku-4-5');
  expect(modelsText(found)).toMatch(/api\.anthropic\.com, kept in .*keys\.json\n/);
});

test("OpenAI's key is not said to be another endpoint's", async () => {
  const { chosen } = await modelsHere(
    { model: 'new', baseUrl: 'https://openrouter.ai/api/v1' },
    { environment: { OPENAI_API_KEY: 'k' }, origins: [] },
  );
  expect(chosen?.key).toBeNull();
});

test('a base URL that is none is refused with the setting', async () => {
  await expect(modelsHere({ model: 'm', baseUrl: 'openai' }, { origins: [] })).rejects.toThrow(
    'Set the base URL (MLR_BASE_URL) to a URL such as https://api.openai.com/v1, not "openai".',
  );
});

test('a server on this machine is asked for the tokens that it takes, and costs nothing', async () => {
  const server = createServer((request, response) => {
    const card = { id: 'Qwen/Qwen3-8B', owned_by: 'vllm', max_model_len: 40960 };
    if (request.url === '/v1/models') response.end(JSON.stringify({ object: 'list', data: [card] }));
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  expect(await profiled({ baseUrl, model: 'Qwen/Qwen3-8B' }, 20_000)).toMatchObject({
    local: true,
    contextTokens: 40960,
    price: { input: 0, output: 0 },
  });
  const shown = await modelsHere({ model: 'Qwen/Qwen3-8B', baseUrl }, { origins: [] });
  expect(modelsText(shown)).toMatch(/Qwen\/Qwen3-8B at \S+, 40,960 tokens, free, needs no key/);
  const trial = {
    tried: '2026-11-27',
    tools: 'words',
    edits: true,
    schema: true,
    remembers: 8_100,
    forgets: 16_000,
  } as const;
  await keepTrial({ baseUrl, model: 'Qwen/Qwen3-8B' }, trial);
  const tried = await modelsHere({ model: 'Qwen/Qwen3-8B', baseUrl }, { origins: [] });
  expect(modelsText(tried)).toMatch(/Qwen\/Qwen3-8B at \S+, 8,100 tokens \(small mode\), free, needs no key/);
  server.close();
});
