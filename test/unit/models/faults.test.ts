import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { runAgent } from '../../../src/agents/loop.ts';
import { finishingTool, tool } from '../../../src/agents/tool.ts';
import { openaiCompatible } from '../../../src/models/openaiCompatible.ts';
import { type ChatServer, chatServer, delta, says, streams, type Turn } from './chatServer.ts';

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
