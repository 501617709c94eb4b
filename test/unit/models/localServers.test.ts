import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { localServers, serverAt } from '../../../src/models/localServers.ts';

/** A busy machine must not hide a server from a test, in milliseconds. */
const LONG = 20_000;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

// The shapes of docs/api.md in ollama/ollama: List Local Models, Show Model Information, List Running Models.
const ollama = {
  'GET /api/tags': { models: [{ name: 'llama3.2:latest' }, { name: 'qwen3:8b' }, { name: 'mine:latest' }] },
  'GET /api/ps': { models: [{ name: 'qwen3:8b', context_length: 32768 }] },
  'POST /api/show': (model: string) => ({
    parameters: model === 'mine:latest' ? 'stop    "<|eot_id|>"\nnum_ctx    16384' : 'stop    "<|eot_id|>"',
    model_info: { 'general.architecture': 'llama', 'llama.context_length': 131072 },
    capabilities: model === 'qwen3:8b' ? ['completion', 'tools'] : ['completion'],
  }),
};

test('of an Ollama server the tokens it will be asked for are told, and beside them what the model could take', async () => {
  const origin = await serving(ollama);
  expect(await serverAt(origin, LONG)).toEqual({
    name: 'Ollama',
    baseUrl: `${origin}/v1`,
    models: [
      { id: 'llama3.2:latest', contextTokens: 16384, longestTokens: 131072, tools: false },
      { id: 'qwen3:8b', contextTokens: 32768, longestTokens: 131072, tools: true },
      { id: 'mine:latest', contextTokens: 16384, longestTokens: 131072, tools: false },
    ],
  });
});

test('of LM Studio every model that answers questions is listed, loaded or not', async () => {
  // https://lmstudio.ai/docs/developer/rest/endpoints, GET /api/v0/models
  const origin = await serving({
    'GET /api/v0/models': {
      object: 'list',
      data: [
        { id: 'qwen2-vl-7b', type: 'vlm', state: 'loaded', max_context_length: 32768, loaded_context_length: 8192 },
        { id: 'llama-3.1-8b', type: 'llm', state: 'not-loaded', max_context_length: 131072 },
        { id: 'nomic-embed', type: 'embeddings', state: 'not-loaded', max_context_length: 2048 },
      ],
    },
    'GET /v1/models': { object: 'list', data: [{ id: 'qwen2-vl-7b' }] },
  });
  expect(await serverAt(origin, LONG)).toMatchObject({
    name: 'LM Studio',
    models: [
      { id: 'qwen2-vl-7b', contextTokens: 8192, longestTokens: 32768 },
      { id: 'llama-3.1-8b', contextTokens: null, longestTokens: 131072 },
    ],
  });
});

test('vLLM tells the tokens beside each model, llama.cpp those of the one it serves', async () => {
  // `ModelCard` in vLLM's OpenAI-compatible server; tools/server/README.md in ggml-org/llama.cpp, GET /props
  const vllm = await serving({
    'GET /v1/models': { object: 'list', data: [{ id: 'Qwen/Qwen3-8B', owned_by: 'vllm', max_model_len: 40960 }] },
  });
  const llama = await serving({
    'GET /v1/models': { object: 'list', data: [{ id: 'model.gguf', owned_by: 'llamacpp' }] },
    'GET /props': { default_generation_settings: { id: 0, n_ctx: 4096 }, total_slots: 1 },
  });
  expect(await localServers([vllm, llama], LONG)).toMatchObject([
    { name: 'vLLM', models: [{ id: 'Qwen/Qwen3-8B', contextTokens: 40960 }] },
    { name: 'llama.cpp', models: [{ id: 'model.gguf', contextTokens: 4096 }] },
  ]);
});

test('a port with nobody, with something else, with a redirect or with a silent server holds no model', async () => {
  const page = await listening((_, response) => response.end('<html>'));
  const redirect = await listening((_, response) => response.writeHead(302, { location: `${page}/v1/models` }).end());
  const silent = await listening(() => undefined);
  const closed = await serving({});
  const gone = servers.pop();
  gone?.close();
  expect(await localServers([page, redirect, silent, closed])).toEqual([]);
});

type Documented = Readonly<Record<string, object | ((model: string) => object)>>;

async function serving(answers: Documented): Promise<string> {
  return listening(async (request, response) => {
    let text = '';
    for await (const piece of request) text += String(piece);
    const answer = answers[`${request.method} ${request.url}`];
    if (!answer) return response.writeHead(404).end('not found');
    return response.end(JSON.stringify(typeof answer === 'function' ? answer(JSON.parse(text).model) : answer));
  });
}

async function listening(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(answer as () => void);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
