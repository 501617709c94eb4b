import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { runAgent } from '../../../src/agents/loop.ts';
import { finishingTool, tool } from '../../../src/agents/tool.ts';
import { openaiCompatible } from '../../../src/models/openaiCompatible.ts';
import { type ChatServer, chatServer, delta, refuses, says, streams, type Turn } from './chatServer.ts';

const servers: ChatServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

it.each([301, 302, 307, 308])(
  'a redirect (%i) takes neither key nor conversation to another machine',
  async (status) => {
    const elsewhere = await started(says('I have read it all.'));
    const server = await started((response) => {
      response.writeHead(status, { location: `${elsewhere.baseUrl}/chat/completions` });
      response.end();
    });
    await expect(work(server)).rejects.toMatchObject({
      reason: 'unreachable',
      message: `${new URL(server.baseUrl).host} points to another address, ${elsewhere.baseUrl}/chat/completions (${status}), which is not followed: set the base URL (MLR_BASE_URL) to the right one.`,
    });
    expect(elsewhere.received).toEqual([]);
    expect(server.received).toHaveLength(1);
  },
);

it('calls that a server gives one id are each executed once, and their results told apart', async () => {
  const server = await started(calls(['a', 'count', '{"n":1}'], ['a', 'count', '{"n":2}']), handsIn);
  expect(await work(server)).toEqual([1, 2]);
  expect(server.received[1]?.body.messages).toMatchObject([
    {},
    {},
    { tool_calls: [{ id: 'a' }, { id: 'a_2' }] },
    { tool_call_id: 'a', content: 'counted 1' },
    { tool_call_id: 'a_2', content: 'counted 2' },
  ]);
});

it.each([
  ['cut off', '{"n": 1', 'it ends before it is whole'],
  ['two objects', '{"n": 1}{"n": 2}', 'a second JSON value follows the first at character 9'],
])('a call whose arguments are %s is not executed, and the model is told why', async (_, args, why) => {
  const server = await started(calls(['a', 'count', args]), calls(['b', 'count', "{'n': 3,}"]), handsIn);
  expect(await work(server)).toEqual([3]);
  const messages = server.received[1]?.body.messages as { content: string }[];
  expect(messages.at(-1)?.content).toContain(`Refused: The arguments are no valid JSON (${why}).`);
});

it('a certificate that nobody vouches for is said with the way to trust it, and not asked again', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'mlr-certificate-'));
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', [...words, '-subj', '/CN=localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  let asked = 0;
  const secure = createServer({ key: await readFile(key), cert: await readFile(cert) }, () => asked++);
  secure.listen(0, '127.0.0.1');
  await once(secure, 'listening');
  const { port } = secure.address() as AddressInfo;
  const model = openaiCompatible({ baseUrl: `https://localhost:${port}/v1`, model: 'm', key: 'sk-test-0123456789' });
  const retried: string[] = [];
  const failure = model.complete({
    agent: 'idea',
    turn: 1,
    messages: [{ role: 'user', content: 'Hi' }],
    tools: [],
    onRetry: (why) => retried.push(why),
    signal: new AbortController().signal,
  });
  await expect(failure).rejects.toMatchObject({
    reason: 'unreachable',
    message: expect.stringMatching(
      /^The certificate of localhost:\d+ is not one .*NODE_EXTRA_CA_CERTS; [^\n]*$/,
    ) as string,
  });
  expect({ asked, retried }).toEqual({ asked: 0, retried: [] });
  secure.close();
  await rm(folder, { recursive: true });
});

it.each([
  [429, { message: 'You exceeded your current quota.', code: 'insufficient_quota' }, 'quota', /nothing left to spend/],
  [402, { message: 'Insufficient credits.' }, 'quota', /nothing left to spend/],
  [429, { message: 'Rate limit reached.' }, 'quota', /takes no more requests for now/],
  [401, { message: 'Your API key has expired.', code: 'expired_api_key' }, 'refused-key', /refused the key \(401\)/],
] as const)('a refusal by %i %j is one clear sentence', async (status, error, reason, sentence) => {
  const server = await started(refuses(status, error));
  const failure = await work(server).then(String, (one: unknown) => one);
  expect(failure).toMatchObject({ reason, message: expect.stringMatching(sentence) as string });
  expect((failure as Error).message).not.toMatch(/\n|sk-test/);
});

const handsIn = calls(['z', 'submit', '{}']);

function calls(...all: [id: string, name: string, args: string][]): Turn {
  const pieces = all.map(([id, name, args], index) =>
    delta({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: args } }] }),
  );
  return streams(...pieces, delta({}, 'tool_calls'));
}

async function started(...turns: [Turn, ...Turn[]]): Promise<ChatServer> {
  const server = await chatServer(...turns);
  servers.push(server);
  return server;
}

/** Lets an agent work with a counting tool until it hands in; returns what was counted. */
async function work(server: ChatServer): Promise<number[]> {
  const counted: number[] = [];
  const count = tool({
    name: 'count',
    description: 'Count.',
    parameters: z.object({ n: z.number() }),
    run: ({ n }) => {
      counted.push(n);
      return Promise.resolve(`counted ${n}`);
    },
  });
  const submit = finishingTool({
    name: 'submit',
    description: 'Hand in.',
    parameters: z.object({}),
    run: (result) => Promise.resolve({ result }),
  });
  await runAgent({
    agent: 'idea',
    system: 'You count.',
    task: 'Count.',
    tools: [count, submit],
    model: openaiCompatible({ baseUrl: server.baseUrl, model: 'm', key: 'sk-test-0123456789', retries: 0 }),
    budget: { turns: 5, tokens: 100_000 },
    on: () => Promise.resolve(),
    signal: new AbortController().signal,
  });
  return counted;
}
