import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { conversationOf } from '../../../src/agents/conversation.ts';
import { finishingTool, tool } from '../../../src/agents/tool.ts';
import { type Line, type ScriptedModel, scriptedModel } from './scriptedModel.ts';
import { beginAnew, events, handIn, lookAt, looked, spent, start, submit, told } from './startAgent.ts';

beforeEach(beginAnew);

describe('an agent', () => {
  it('works with its tools until it hands in, and every step is told in order', async () => {
    const { outcome } = start({ calls: [['look', { place: 'shelf' }]], text: 'First the shelf.' }, handIn(7));
    expect(await outcome).toEqual({ output: 7, turns: 2, usage: { promptTokens: 20, completionTokens: 10 } });
    expect(events).toEqual([
      {
        type: 'started',
        model: 'script',
        messages: [
          { role: 'system', content: 'S' },
          { role: 'user', content: 'T' },
        ],
      },
      {
        type: 'message',
        turn: 1,
        text: 'First the shelf.',
        toolCalls: [{ id: 'c1_0', name: 'look', arguments: '{"place":"shelf"}' }],
        usage: { promptTokens: 10, completionTokens: 5 },
        seconds: 0,
      },
      { type: 'tool', callId: 'c1_0', name: 'look', ok: true, content: 'shelf is empty' },
      expect.objectContaining({ type: 'message', turn: 2 }),
      { type: 'tool', callId: 'c2_0', name: 'submit', ok: true, content: 'Handed in.' },
    ]);
  });

  it('is told of its tools by their JSON schema, and asks with messages that only grow', async () => {
    const { model, outcome } = start(lookAt('a'), lookAt('b'), handIn(1));
    await outcome;
    expect(model.requests[0]?.tools[0]).toEqual({
      name: 'look',
      description: 'Look at a place.',
      parameters: {
        type: 'object',
        properties: { place: { type: 'string' } },
        required: ['place'],
      },
    });
    const [first, second, third] = model.requests.map(({ messages }) => messages);
    expect(second?.slice(0, first?.length)).toEqual(first);
    expect(third?.slice(0, second?.length)).toEqual(second);
  });

  it('learns from its mistakes: an unknown tool, broken JSON, arguments that do not fit, work that is refused', async () => {
    const { outcome } = start(
      { calls: [['peek', {}]] },
      { calls: [['look', '{"place": "she']] },
      { calls: [['look', { place: 3 }]] },
      handIn(-1),
      handIn(4),
    );
    expect((await outcome).output).toBe(4);
    expect(told()).toEqual([
      'Refused: There is no tool "peek". The tools are: look, submit, read_more.',
      expect.stringMatching(
        /^Refused: The arguments are no valid JSON \(.*\)\. Send the call again with one JSON object/,
      ),
      'Refused: The arguments of look do not fit:\n- place: Invalid input: expected string, received number\nSend the whole call again with these mended.',
      'Refused: Numbers are positive here.',
      'Handed in.',
    ]);
    expect(looked).toEqual([]);
  });

  it('may encode its arguments twice', async () => {
    const { outcome } = start({ calls: [['submit', JSON.stringify('{"found": 3}')]] });
    expect((await outcome).output).toBe(3);
  });

  it('does not hand in work beside a call that failed, nor does anything after handing in', async () => {
    const { outcome } = start(
      {
        calls: [
          ['look', { place: 'nowhere' }],
          ['submit', { found: 1 }],
        ],
      },
      {
        calls: [
          ['submit', { found: 2 }],
          ['look', { place: 'late' }],
        ],
      },
    );
    expect((await outcome).output).toBe(2);
    expect(looked).toEqual(['nowhere']);
    expect(told()[1]).toMatch(/^Refused: Not handed in: an earlier call/);
    expect(told()[3]).toMatch(/^Refused: Not done: the work was already handed in/);
  });

  it('that only talks is asked for a call twice, then it is a clear error', async () => {
    expect((await start('Well.', 'Let me think.', handIn(1)).outcome).output).toBe(1);
    await expect(start('a', 'b', 'c', handIn(1)).outcome).rejects.toMatchObject({
      reason: 'no-tool-call',
      message: expect.stringContaining('choose a model that can call tools'),
    });
  });

  it('hears what people say before its next turn', async () => {
    const said = [[], ['Look in the attic.', 'And hurry.']];
    const { model, outcome } = start(lookAt('a'), handIn(1), { feedback: () => said.shift() ?? [] });
    await outcome;
    expect(model.requests[1]?.messages.slice(-2)).toEqual([
      { role: 'user', content: 'Look in the attic.' },
      { role: 'user', content: 'And hurry.' },
    ]);
    expect(events.filter(({ type }) => type === 'heard')).toHaveLength(2);
  });

  it('is shown the wanted end of a long result, and how to get the rest', async () => {
    const log = 'x'.repeat(20_000);
    const long = (keeps: 'start' | 'end') =>
      tool({ name: keeps, description: '', parameters: z.object({}), keeps, run: async () => `<${log}>` });
    const { outcome } = start(
      {
        calls: [
          ['start', {}],
          ['end', ''],
        ],
      },
      handIn(1),
      { tools: [long('start'), long('end'), submit] },
    );
    await outcome;
    const [head, tail] = told();
    expect(head).toMatch(/^<x+\n\[Characters 0 to 16000 of 20002\. read_more with result "r1" and from 16000 shows/);
    expect(tail).toMatch(/^\[Characters 4002 to 20002 of 20002\. read_more with result "r2" .*\]\nx+>$/);
  });
});

describe('a budget', () => {
  it('of answers ends the agent, after a word of warning', async () => {
    const { outcome } = start(lookAt('a'), lookAt('b'), lookAt('c'), { budget: { turns: 3, tokens: 1000 } });
    await expect(outcome).rejects.toMatchObject({
      reason: 'budget',
      message: 'The idea agent has used its 3 answers without handing in its work: raise its budget and resume.',
    });
    expect(events.filter(({ type }) => type === 'heard')).toEqual([
      expect.objectContaining({ from: 'loop', text: expect.stringContaining('Call submit within the next answers') }),
    ]);
    expect(events.filter(({ type }) => type === 'message')).toHaveLength(3);
  });

  it('of tokens counts what was spent before', async () => {
    const { outcome } = start(lookAt('a'), lookAt('b'), { budget: { turns: 9, tokens: 100 }, history: spent(90) });
    await expect(outcome).rejects.toThrow('has used its 100 tokens');
    expect(events.filter(({ type }) => type === 'message')).toHaveLength(1);
  });
});

describe('after a crash', () => {
  const script: Line[] = [
    {
      calls: [
        ['look', { place: 'a' }],
        ['look', { place: 'nowhere' }],
        ['look', { place: 'c' }],
      ],
    },
    'Hm.',
    lookAt('d'),
    handIn(9),
  ];

  it('at any moment, an agent goes on where it was: nothing answered is repeated, and the end is the same', async () => {
    await start(...script).outcome;
    const whole = [...events];
    for (let survived = 0; survived <= whole.length; survived++) {
      events.length = 0;
      looked.length = 0;
      const kept = whole.slice(0, survived);
      const { outcome } = start(...script, { history: conversationOf(kept) });
      expect((await outcome).output).toBe(9);
      expect([...kept, ...events]).toEqual(whole);
      const done = kept.filter((event) => event.type === 'tool' && event.name === 'look').length;
      expect(looked).toEqual(['a', 'nowhere', 'c', 'd'].slice(done));
    }
    expect(whole.length).toBe(11);
  });

  it('work handed in that no longer holds is asked for again', async () => {
    await start(handIn(5)).outcome;
    const history = conversationOf(events);
    const strict = finishingTool({
      name: 'submit',
      description: '',
      parameters: z.object({ found: z.number() }),
      run: async ({ found }) => (found === 5 ? { refused: 'The file has changed.' } : { result: found }),
    });
    const { outcome } = start(handIn(5), handIn(6), { history, tools: [strict] });
    expect((await outcome).output).toBe(6);
  });
});

describe('stopping', () => {
  it('while a tool works ends the agent, and the call is done again when it goes on', async () => {
    const stop = new AbortController();
    const slow = tool({
      name: 'look',
      description: '',
      parameters: z.object({ place: z.string() }),
      run: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('killed')));
          stop.abort();
        }),
    });
    const { outcome } = start(lookAt('a'), handIn(1), { tools: [slow, submit], signal: stop.signal });
    await expect(outcome).rejects.toMatchObject({ name: 'AgentError', reason: 'aborted' });

    const again = start(lookAt('a'), handIn(1), { history: conversationOf(events) });
    expect((await again.outcome).output).toBe(1);
    expect(looked).toEqual(['a']);
  });

  it('while the model thinks is no error of the model', async () => {
    const stop = new AbortController();
    const thinking: ScriptedModel = {
      ...scriptedModel(),
      complete: async () => {
        stop.abort();
        throw new Error('socket closed');
      },
    };
    await expect(start({ model: thinking, signal: stop.signal }).outcome).rejects.toMatchObject({ reason: 'aborted' });
  });
});

it('a defect in a tool is not told to the model but ends the agent', async () => {
  const broken = tool({
    name: 'look',
    description: '',
    parameters: z.object({ place: z.string() }),
    run: async () => {
      throw new TypeError('undefined is not a function');
    },
  });
  await expect(start(lookAt('a'), { tools: [broken, submit] }).outcome).rejects.toThrow(TypeError);
});
