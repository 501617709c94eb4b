import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ModelRequest } from '../../../src/models/chatModel.ts';
import { ModelError } from '../../../src/models/modelError.ts';
import { type OpenAiCompatibleOptions, openaiCompatible } from '../../../src/models/openaiCompatible.ts';
import {
  beginStream,
  type ChatServer,
  chatServer,
  delta,
  refuses,
  says,
  send,
  streams,
  type Turn,
  USAGE,
} from './chatServer.ts';

const KEY = 'sk-test-0123456789abcdef';
let server: ChatServer;

afterEach(async () => {
  await server.close();
  vi.restoreAllMocks();
});

describe('an answer', () => {
  it('arrives word by word and whole, with what it cost', async () => {
    const said: string[] = [];
    const model = await behind(streams(delta({ content: 'Hel' }), delta({ content: 'lo' }), delta({}, 'stop'), USAGE));

    const answer = await model.complete(request({ onText: (text) => said.push(text) }));

    expect(said).toEqual(['Hel', 'lo']);
    expect(answer).toEqual({
      text: 'Hello',
      toolCalls: [],
      usage: { promptTokens: 12, completionTokens: 7 },
      model: 'served-model',
    });
    expect(server.received[0]?.authorization).toBe(`Bearer ${KEY}`);
    expect(server.received[0]?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  it('may call several tools at once, their arguments in interleaved pieces', async () => {
    const model = await behind(
      streams(
        delta({
          tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'read_file', arguments: '{"pa' } }],
        }),
        delta({
          tool_calls: [{ index: 1, id: 'b', type: 'function', function: { name: 'list_files', arguments: '' } }],
        }),
        delta({
          tool_calls: [
            { index: 0, function: { arguments: 'th":"x"}' } },
            { index: 1, function: { arguments: '{}' } },
          ],
        }),
        delta({}, 'tool_calls'),
        USAGE,
      ),
    );

    const { toolCalls } = await model.complete(request());

    expect(toolCalls).toEqual([
      { id: 'a', name: 'read_file', arguments: '{"path":"x"}' },
      { id: 'b', name: 'list_files', arguments: '{}' },
    ]);
  });

  it('keeps calls apart where a server gives every one the index 0, and names those without an id', async () => {
    const call = (id: string, path: string) => ({ index: 0, id, function: { name: 'read_file', arguments: path } });
    const model = await behind(
      streams(
        delta({ tool_calls: [call('a', '{"n":1}')] }),
        delta({ tool_calls: [call('b', '{"n":2}')] }),
        delta({}, 'stop'),
      ),
    );
    expect((await model.complete(request())).toolCalls.map((one) => one.arguments)).toEqual(['{"n":1}', '{"n":2}']);

    await server.close();
    const nameless = await behind(streams(delta({ tool_calls: [call('', '{}')] }), delta({}, 'stop')));
    expect((await nameless.complete(request({ turn: 3 }))).toolCalls[0]?.id).toBe('call_idea_3_1');
  });

  it('is counted at four characters a token where the endpoint does not count', async () => {
    const model = await behind(streams(delta({ content: 'x'.repeat(38) }), delta({}, 'stop')));
    const { usage } = await model.complete(request());
    expect(usage.completionTokens).toBe(10);
    expect(usage.promptTokens).toBeGreaterThan(0);
  });

  it('says so when it was cut off at the length limit', async () => {
    const model = await behind(streams(delta({ content: 'and then' }), delta({}, 'length'), USAGE));
    expect(await model.complete(request({ maxTokens: 3 }))).toMatchObject({ text: 'and then', cut: true });
    expect(server.received[0]?.body).toMatchObject({ max_tokens: 3 });
  });

  it('is asked for with the whole conversation, broken arguments replaced so that strict servers take it', async () => {
    const model = await behind(says('ok'));
    await model.complete(
      request({
        messages: [
          { role: 'system', content: 'S' },
          { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'read_file', arguments: '{"path": ' }] },
          { role: 'tool', callId: 'a', content: 'not JSON' },
          { role: 'assistant', content: '', toolCalls: [{ id: 'b', name: 'read_file', arguments: "{'path': 'x',}" }] },
          { role: 'tool', callId: 'b', content: 'text of x' },
        ],
        tools: [{ name: 'read_file', description: 'Read.', parameters: { type: 'object' } }],
      }),
    );
    expect(server.received[0]?.body.messages).toEqual([
      { role: 'system', content: 'S' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'read_file', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'a', content: 'not JSON' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'b', type: 'function', function: { name: 'read_file', arguments: '{"path":"x"}' } }],
      },
      { role: 'tool', tool_call_id: 'b', content: 'text of x' },
    ]);
    expect(server.received[0]?.body.tools).toEqual([
      { type: 'function', function: { name: 'read_file', description: 'Read.', parameters: { type: 'object' } } },
    ]);
  });
});

it('an endpoint that refuses to be asked for token counts is asked without, from then on', async () => {
  const strict: Turn = (response, received) => {
    const turn =
      'stream_options' in received.body ? refuses(422, { message: 'extra_forbidden: stream_options' }) : says('fine');
    return turn(response, received);
  };
  const model = await behind(strict);
  expect((await model.complete(request())).text).toBe('fine');
  expect((await model.complete(request())).text).toBe('fine');
  expect(server.received).toHaveLength(3);
});

it('a model that thinks aloud before it answers is not taken for silent', async () => {
  const thoughtful: Turn = async (response) => {
    beginStream(response);
    for (let i = 0; i < 4; i++) {
      send(response, delta({ reasoning_content: 'hm' }));
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    for (const chunk of [delta({ content: 'Yes.' }), delta({}, 'stop')]) send(response, chunk);
    response.end();
  };
  const model = await behind(thoughtful, { firstTokenSeconds: 0.15, betweenTokensSeconds: 2, retries: 0 });
  expect((await model.complete(request())).text).toBe('Yes.');
});

describe('a failure is one sentence that names what to change', () => {
  const invalidKey = { message: `Incorrect API key provided: ${KEY}.`, code: 'invalid_api_key' };
  it.each([
    ['a refused key', refuses(401, invalidKey), 'refused-key', 'the key (MLR_API_KEY)', 1],
    [
      'an unknown model',
      refuses(404, { message: 'The model `m` does not exist', code: 'model_not_found' }),
      'unknown-model',
      '--model',
      1,
    ],
    ['a wrong base URL', refuses(404, { message: 'no such route' }), 'unreachable', 'base URL', 1],
    [
      'an empty account',
      refuses(429, { message: 'You exceeded your quota', code: 'insufficient_quota' }),
      'quota',
      'top it up',
      1,
    ],
    ['too many requests', refuses(429, { message: 'slow down' }, { 'retry-after': '0' }), 'quota', 'resume later', 3],
    [
      'a conversation that is too long',
      refuses(400, { message: 'maximum context length is 8192 tokens', code: 'context_length_exceeded' }),
      'context',
      'larger context',
      1,
    ],
    [
      'a server error',
      refuses(503, { message: 'overloaded' }, { 'retry-after-ms': '1' }),
      'unreachable',
      '503: overloaded',
      3,
    ],
    [
      'an error in the stream',
      streams(delta({ content: 'a' }), { error: { message: 'worker died' } }),
      'unreachable',
      'worker died',
      3,
    ],
    ['an empty answer', streams(delta({}, 'stop')), 'bad-answer', 'it is empty', 3],
    ['a broken piece', streams('{"choices": [{"del'), 'bad-answer', 'no valid JSON', 3],
    ['an answer without an end', streams(delta({ content: 'a' })), 'bad-answer', 'broke off', 3],
  ] as const)('for %s', async (_, turn, reason, hint, attempts) => {
    const console_ = vi.spyOn(console, 'error').mockReturnValue();
    const error = await failure((await behind(turn)).complete(request()));

    expect(error.reason).toBe(reason);
    expect(error.message).toContain(hint);
    expectOneSentenceWithoutKey(error);
    expect(server.received).toHaveLength(attempts);
    expect(console_).not.toHaveBeenCalled();
  });

  it('for a machine that does not answer', async () => {
    const model = await behind(says('never'), { retries: 0 });
    await server.close();
    const error = await failure(model.complete(request()));
    server = await chatServer();
    expect(error).toMatchObject({ reason: 'unreachable', passing: true });
    expect(error.message).toMatch(/^127\.0\.0\.1:\d+ cannot be reached \(.*ECONNREFUSED.*\)/);
    expectOneSentenceWithoutKey(error);
  });

  it('for a key that is missing, cannot be one, or is asked for after all', async () => {
    const remote = { baseUrl: 'https://models.example/v1', model: 'm' };
    expect(() => openaiCompatible(remote)).toThrow('No key for models.example: set the key (MLR_API_KEY)');
    expect(() => openaiCompatible({ ...remote, key: 'two\nlines' })).toThrow(/characters that no key has/);
    expect(() => openaiCompatible({ ...remote, baseUrl: 'models.example' })).toThrow(/Set the base URL/);

    const local = await behind(refuses(401, { message: 'who are you' }), { key: '' });
    expect(await failure(local.complete(request()))).toMatchObject({ reason: 'no-key' });
    expect(server.received[0]?.authorization).toBeUndefined();
  });
});

describe('a passing failure', () => {
  it('is waited out as long as the endpoint asks, and said', async () => {
    const waits: [string, number][] = [];
    const busy = refuses(429, { message: 'slow down' }, { 'retry-after': '0.05' });
    const model = await behind(busy, says('here'));
    const started = performance.now();

    const answer = await model.complete(request({ onRetry: (...wait) => waits.push(wait) }));

    expect(answer.text).toBe('here');
    expect(performance.now() - started).toBeGreaterThanOrEqual(45);
    expect(waits).toEqual([[expect.stringContaining('takes no more requests for now'), 0.05]]);
  });

  it('in the middle of an answer starts it anew, and the broken half is not kept', async () => {
    const breaks: Turn = (response) => {
      beginStream(response);
      send(response, delta({ content: 'half of it' }));
      setTimeout(() => response.destroy(), 20);
    };
    const heard: string[] = [];
    const model = await behind(breaks, says('whole'));
    const answer = await model.complete(
      request({ onText: (text) => heard.push(text), onRetry: () => heard.push('|') }),
    );
    expect(heard).toEqual(['half of it', '|', 'whole']);
    expect(answer.text).toBe('whole');
  });
});

describe('silence', () => {
  it('before the first word ends at its limit', async () => {
    const model = await behind((response) => beginStream(response), { firstTokenSeconds: 0.05, retries: 0 });
    const error = await failure(model.complete(request()));
    expect(error).toMatchObject({ reason: 'timeout' });
    expect(error.message).toContain('did not begin to answer within 0.05 s');
    await server.received[0]?.closed;
  });

  it('between two words ends at its own limit', async () => {
    const halfWay: Turn = (response) => {
      beginStream(response);
      send(response, delta({ content: 'so' }));
    };
    const model = await behind(halfWay, { betweenTokensSeconds: 0.05, retries: 0 });
    expect((await failure(model.complete(request()))).message).toContain('fell silent for 0.05 s');
  });
});

it('stopping lets go of the connection at once and is not tried again', async () => {
  const stop = new AbortController();
  const endless: Turn = (response) => {
    beginStream(response);
    send(response, delta({ content: 'on and on' }));
  };
  const model = await behind(endless);
  const error = await failure(model.complete(request({ signal: stop.signal, onText: () => stop.abort() })));
  expect(error.reason).toBe('aborted');
  await server.received[0]?.closed;
  expect(server.received).toHaveLength(1);
});

async function behind(turn: Turn, ...rest: (Turn | Partial<OpenAiCompatibleOptions>)[]) {
  const turns = rest.filter((one) => typeof one === 'function');
  const options = rest.find((one) => typeof one === 'object');
  server = await chatServer(turn, ...turns);
  return openaiCompatible({ baseUrl: server.baseUrl, model: 'm', key: KEY, retryAfterSeconds: 0.01, ...options });
}

function request(more: Partial<ModelRequest> = {}): ModelRequest {
  const messages = [{ role: 'user' as const, content: 'Say hello.' }];
  return { agent: 'idea', turn: 1, messages, tools: [], signal: new AbortController().signal, ...more };
}

async function failure(work: Promise<unknown>): Promise<ModelError> {
  try {
    await work;
  } catch (error) {
    if (ModelError.is(error)) return error;
    throw error;
  }
  throw new Error('It succeeded.');
}

function expectOneSentenceWithoutKey(error: ModelError): void {
  expect(error.message).toMatch(/^\S.*\.$/);
  expect(error.message).not.toMatch(/[.!?] [A-Z]/);
  expect(`${error.stack} ${String(error.cause)}`).not.toContain(KEY);
}
