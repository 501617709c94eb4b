import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type AgentEvent, conversationOf } from '../../../src/agents/conversation.ts';
import { runAgent } from '../../../src/agents/loop.ts';
import { finishingTool, tool } from '../../../src/agents/tool.ts';
import { openaiCompatible } from '../../../src/models/openaiCompatible.ts';
import { beginStream, type ChatServer, chatServer, delta, refuses, send, streams, type Turn } from './chatServer.ts';
import { HandClock } from './handClock.ts';

const KEY = 'sk-test/01&"+=23456789';

/** An agent counts to one, then its endpoint fails in some way, and it has to count to two and hand in. Whatever
 *  happens, nothing is counted twice and nothing that happened is forgotten. */
let server: ChatServer;
let clock: HandClock;
let fault: { readonly turn: Turn; left: number };
let counted: number[];
let events: AgentEvent[];
let heardWord: () => void;
let word: Promise<void>;

beforeEach(async () => {
  clock = new HandClock();
  [counted, events] = [[], []];
  word = new Promise((resolve) => {
    heardWord = resolve;
  });
  server = await chatServer((response, received) => {
    const { messages } = received.body as { messages: { role: string; content: string }[] };
    const told = JSON.stringify(messages);
    if (told.includes('counted 1') && fault.left > 0) {
      fault.left--;
      return fault.turn(response, received);
    }
    const next = [1, 2].find((n) => !told.includes(`counted ${n}`));
    const id = `call_${messages.length}`;
    const answer = next === undefined ? calls(id, 'submit', '{}') : calls(id, 'count', `{"n":${next}}`);
    return answer(response, received);
  });
});
afterEach(() => server.close());

const once = (turn: Turn) => ({ turn, left: 1 });
const always = (turn: Turn) => ({ turn, left: Number.POSITIVE_INFINITY });

describe('a fault that passes is got over', () => {
  /** How often the agent's three answers, and the one that failed, were asked for. */
  test.each<[what: string, turn: Turn, asked: number]>([
    ['too many requests, 30 s to wait', refuses(429, { message: 'Slow down.' }, { 'retry-after': '30' }), 4],
    ['an overloaded server', refuses(503, { message: 'Overloaded.' }), 4],
    ['a connection that is dropped before an answer', (response) => void response.destroy(), 4],
    ['a connection that is dropped in the middle of a call', dropsInCall, 4],
    ['a stream that ends after a whole call without saying that it does', endsAfterCall, 4],
    ['a piece that is no JSON', streams('{"choices": [{"del'), 4],
    ['a web page in place of an answer', webPage, 4],
    ['an error in the stream', streams(delta({ content: 'I' }), { error: { message: 'The worker died.' } }), 4],
    ['an empty answer', streams(delta({}, 'stop')), 4],
    ['an answer that is withheld', streams(delta({ content: 'I' }), delta({}, 'content_filter')), 4],
    ['silence before the first word', silentAtFirst, 4],
    ['silence in the middle, longer than anybody waits', silentFor(120), 4],
    ['30 s of silence in the middle, which is waited out', silentFor(30), 3],
    ['arguments that are cut off', calls('x', 'count', '{"n": 2'), 4],
    ['arguments that are two objects', calls('x', 'count', '{"n": 2}{"n": 3}'), 4],
    ['a tool that there is not', calls('x', 'run_shell', '{}'), 4],
    ['words without a call', streams(delta({ content: 'Well…' }), delta({}, 'stop')), 4],
  ])('%s', async (_, turn, asked) => {
    fault = once(turn);
    await work();
    expect(server.received).toHaveLength(asked);
    expectNothingLost();
  });
});

describe('a fault that stays is one sentence, and once it is mended the agent goes on where it was', () => {
  test.each<[what: string, turn: Turn, reason: string, sentence: RegExp]>([
    ['a wrong key', refuses(401, { message: `Wrong key: ${KEY}.` }), 'refused-key', /refused the key \(401\)/],
    ['an expired key', refuses(403, { message: 'Expired.' }), 'refused-key', /refused the key \(403\)/],
    ['an empty account', refuses(402, { message: 'Pay.' }), 'quota', /nothing left to spend/],
    ['an hour to wait', refuses(429, { message: 'No.' }, { 'retry-after': '3600' }), 'quota', /resume later/],
    ['an unknown model', refuses(404, { message: 'no model m' }), 'unknown-model', /does not know the model m/],
    ['a context exceeded', refuses(400, { message: 'prompt is too long' }), 'context', /no longer fits into m/],
    ['a redirect', redirects, 'unreachable', /points to another address, https:\/\/elsewhere\.example\/v1 \(308\)/],
    ['a server that stays down', refuses(500, { message: 'Down.' }), 'unreachable', /failed \(500: Down\)/],
    ['a connection that is always dropped', dropsInCall, 'unreachable', /cannot be reached/],
    ['answers that are always empty', streams(delta({}, 'stop')), 'bad-answer', /it is empty/],
    ['silence for ever', silentAtFirst, 'timeout', /did not begin to answer within 300 s/],
  ])('%s', async (_, turn, reason, sentence) => {
    fault = always(turn);
    const failure: Error = await work().then(
      () => new Error('nothing failed'),
      (error: Error) => error,
    );
    expect(failure).toMatchObject({ reason, message: expect.stringMatching(sentence) as string });
    expect(failure.message).toMatch(/^[^\n]*[^.\n]\.$/);
    expect(failure.message).not.toContain('sk-test');
    expect(counted).toEqual([1]);
    fault.left = 0;
    await work();
    expectNothingLost();
  });
});

test('a key that a gateway quotes stands in no sentence, however it is encoded', async () => {
  const bytes = Buffer.from(KEY);
  const encoded = [encodeURIComponent(KEY), JSON.stringify(KEY), bytes.toString('base64'), bytes.toString('hex')];
  const basic = `Basic ${Buffer.from('me:another-Word9').toString('base64')}`;
  fault = always(refuses(400, { message: `Sent: ${[KEY, ...encoded, basic].join(' ')}` }));
  const quoted = /: Sent: \[key\] \[key\] "\[key\]" \[key\] \[key\] Basic \[key\]\): /;
  await expect(work()).rejects.toThrow(quoted);
});

function expectNothingLost(): void {
  expect(counted).toEqual([1, 2]);
  const results = events.flatMap((event) => (event.type === 'tool' ? [event.callId] : []));
  expect(results).toEqual([...new Set(results)]);
  const asked = events.flatMap((event) => (event.type === 'message' ? event.toolCalls.map(({ id }) => id) : []));
  expect(results).toEqual(asked);
  const turns = events.flatMap((event) => (event.type === 'message' ? [event.turn] : []));
  expect(turns).toEqual(turns.map((_, i) => i + 1));
  expect(clock.waiting).toBe(0);
}

/** Lets the agent work from where the events stand, as a session that is resumed does. */
async function work(): Promise<void> {
  const count = tool({
    name: 'count',
    description: 'Count.',
    parameters: z.object({ n: z.number() }),
    async run({ n }) {
      counted.push(n);
      return `counted ${n}`;
    },
  });
  const submit = finishingTool({
    name: 'submit',
    description: 'Hand in.',
    parameters: z.object({}),
    run: async (result) => ({ result }),
  });
  await runAgent({
    agent: 'idea',
    system: 'You count.',
    task: 'Count to two.',
    tools: [count, submit],
    model: openaiCompatible({ baseUrl: server.baseUrl, model: 'm', key: KEY, clock }),
    history: conversationOf(events),
    budget: { turns: 9, tokens: 100_000 },
    on: async (event) => void events.push(event),
    onText: () => heardWord(),
    // The wait begins when this returns.
    onRetry: (_, seconds) => void setImmediate(() => clock.advance(seconds)),
    signal: new AbortController().signal,
  });
}

function calls(id: string, name: string, args: string): Turn {
  const call = { index: 0, id, type: 'function', function: { name, arguments: args } };
  return streams(delta({ tool_calls: [call] }), delta({}, 'tool_calls'));
}

function dropsInCall(response: Parameters<Turn>[0]): void {
  beginStream(response);
  const call = { index: 0, id: 'half', type: 'function', function: { name: 'count', arguments: '{"n":' } };
  send(response, delta({ tool_calls: [call] }));
  setImmediate(() => response.destroy());
}

function endsAfterCall(response: Parameters<Turn>[0]): void {
  beginStream(response);
  const call = { index: 0, id: 'whole', type: 'function', function: { name: 'count', arguments: '{"n":2}' } };
  send(response, delta({ tool_calls: [call] }));
  response.end();
}

function webPage(response: Parameters<Turn>[0]): void {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Please log in.</body></html>');
}

function redirects(response: Parameters<Turn>[0]): void {
  response.writeHead(308, { location: 'https://elsewhere.example/v1' }).end();
}

function silentAtFirst(response: Parameters<Turn>[0]): void {
  beginStream(response);
  clock.advance(300);
}

/** Says a word, nothing for some time, and then the rest to whoever still listens. */
function silentFor(seconds: number): Turn {
  return async (response) => {
    beginStream(response);
    send(response, delta({ content: 'Hm' }));
    await word;
    clock.advance(seconds);
    const call = { index: 0, id: 'late', type: 'function', function: { name: 'count', arguments: '{"n":2}' } };
    send(response, delta({ tool_calls: [call] }));
    send(response, delta({}, 'tool_calls'));
    response.end('data: [DONE]\n\n');
  };
}
