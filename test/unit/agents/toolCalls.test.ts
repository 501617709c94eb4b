import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { conversationOf } from '../../../src/agents/conversation.ts';
import { tool } from '../../../src/agents/tool.ts';
import { type Line, scriptedModel } from './scriptedModel.ts';
import { beginAnew, events, handIn, start, submit, told } from './startAgent.ts';

beforeEach(beginAnew);

describe('calls of one answer', () => {
  const begun: string[] = [];
  /** Ends only when as many have begun as its name says: alone it would wait for ever. */
  const waits = (name: string, looks: boolean, until: number) =>
    tool({
      name,
      description: '',
      parameters: z.object({}),
      looks,
      run: async () => {
        begun.push(name);
        while (begun.length < until) await new Promise((resolve) => setImmediate(resolve));
        return `${name} after ${begun.length}`;
      },
    });

  it('that only look run at once, and their results come in the order of the calls', async () => {
    begun.length = 0;
    const tools = [waits('slow', true, 2), waits('quick', true, 1), submit];
    const { outcome } = start(
      {
        calls: [
          ['slow', {}],
          ['quick', {}],
        ],
      },
      handIn(1),
      { tools },
    );
    await outcome;
    expect(told()).toEqual(['slow after 2', expect.stringMatching(/^quick after/), 'Handed in.']);
  });

  it('that change something wait for what was asked before them, and nothing after them begins early', async () => {
    const log: string[] = [];
    const takesTime = (name: string, looks: boolean) =>
      tool({
        name,
        description: '',
        parameters: z.object({}),
        looks,
        run: async () => {
          log.push(`${name} begins`);
          await new Promise((resolve) => setImmediate(resolve));
          log.push(`${name} ends`);
          return name;
        },
      });
    const calls = ['look', 'edit', 'run', 'look'].map((name) => [name, {}] as const);
    const tools = [takesTime('look', true), takesTime('edit', false), takesTime('run', false), submit];
    await start({ calls }, handIn(1), { tools }).outcome;
    expect(log).toEqual(['look', 'edit', 'run', 'look'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });
});

describe('a result of which a part was shown', () => {
  const lines = Array.from({ length: 4_000 }, (_, i) => `line ${i}`).join('\n');
  const long = tool({ name: 'long', description: '', parameters: z.object({}), run: async () => lines });
  const more = (result: string, from: number): Line => ({ calls: [['read_more', { result, from }]] });

  it('is read on by a tool that is offered from the start, after a crash too', async () => {
    const script = [
      { calls: [['long', {}]] } as Line,
      more('r1', 16_000),
      more('r1', 31_800),
      more('r2', 0),
      handIn(1),
    ];
    const { model, outcome } = start(...script, { tools: [long, submit], budget: { turns: 9, tokens: 1e6 } });
    await outcome;
    const [first = '', second = '', third = '', fourth] = told();
    const parts = [first, second, third].map((part) => part.split('\n[Characters ')[0]);
    expect(parts.join('')).toBe(lines);
    expect(fourth).toBe('Refused: There is no result "r2". There are: r1.');
    const offered = model.requests.map(({ tools }) => tools.map(({ name }) => name).join(' '));
    expect(new Set(offered)).toEqual(new Set(['long submit read_more']));

    const crashed = conversationOf(events.slice(0, 3));
    const again = start(...script, { tools: [long, submit], history: crashed, budget: { turns: 9, tokens: 1e6 } });
    events.length = 0;
    await again.outcome;
    expect(told()[0]).toBe(second);
  });

  it('is said to be none where all were shown whole', async () => {
    await start(more('r1', 0), handIn(1)).outcome;
    expect(told()[0]).toBe('Refused: No result was shown in part so far: each was shown whole.');
  });

  it('is shorter for a model that holds little', async () => {
    const small = { ...scriptedModel({ calls: [['long', {}]] }, handIn(1)), contextTokens: 8_000 };
    await start({ model: small, tools: [long, submit] }).outcome;
    expect(told()[0]).toMatch(/\n\[Characters 0 to 2000 of /);
  });
});
