import { expect, it } from 'vitest';
import { z } from 'zod';
import type { AgentEvent } from '../../../src/agents/conversation.ts';
import { runAgent } from '../../../src/agents/loop.ts';
import { finishingTool, tool } from '../../../src/agents/tool.ts';
import { type Line, scriptedModel } from './scriptedModel.ts';

const A: Line = { calls: [['look', { place: 'a' }]] };
const B: Line = { calls: [['look', { place: 'b' }]] };
const bad = (i: number): Line => ({ calls: [['look', { wrong: i }]] });
const handIn: Line = { calls: [['submit', {}]] };

it('an agent that makes the same call for the same result is told so, and stopped where it goes on all the same', async () => {
  const { heard, ended } = await work(A, A, A, A, A, A, handIn);
  expect(heard).toEqual([[3, expect.stringMatching(/^Your last 2 answers brought nothing new/)]]);
  expect(ended).toBe(
    'The idea agent repeats itself (look {"place":"a"}): its last 5 answers brought nothing new: say in the chat what it should do instead and resume, or resume with another model than script.',
  );
});

it('going back and forth between two calls is noticed as well', async () => {
  const { heard, ended } = await work(A, B, A, B, A, B, A, handIn);
  expect(heard.map(([turn]) => turn)).toEqual([4]);
  expect(ended).toMatch(/^The idea agent repeats itself/);
});

it('however the arguments are spaced, a call is the same call', async () => {
  const spaced = (args: string): Line => ({ calls: [['look', args]] });
  const { heard } = await work(A, spaced('{"place":  "a"}'), spaced(' { "place":"a" }'), handIn);
  expect(heard).toHaveLength(1);
});

it('a call whose result differs is no repetition, and something new begins the count again', async () => {
  const grows: Line = { calls: [['count', {}]] };
  expect(await work(grows, grows, grows, grows, grows, grows, grows, handIn)).toEqual({ heard: [], ended: 'done' });
  expect((await work(A, A, B, B, A, grows, A, B, handIn)).ended).toBe('done');
});

it('refusals are what an agent learns from, but not for ever', async () => {
  const some = Array.from({ length: 11 }, (_, i) => bad(i));
  const { heard, ended } = await work(...some, handIn);
  expect(heard).toEqual([[5, expect.stringMatching(/^Every call of your last 5 answers was refused/)]]);
  expect(ended).toBe('done');
  const many = Array.from({ length: 13 }, (_, i) => bad(i));
  expect((await work(...many)).ended).toMatch(
    /does not get on \(look .*\): every call of its last 12 answers was refused/,
  );
});

async function work(...lines: Line[]): Promise<{ heard: [turn: number, text: string][]; ended: string }> {
  const heard: [number, string][] = [];
  let turn = 0;
  let count = 0;
  const tools = [
    tool({
      name: 'look',
      description: '',
      parameters: z.object({ place: z.string() }),
      run: async ({ place }) => `${place} is empty`,
    }),
    tool({ name: 'count', description: '', parameters: z.object({}), run: async () => `${++count}` }),
    finishingTool({ name: 'submit', description: '', parameters: z.object({}), run: async () => ({ result: 'done' }) }),
  ];
  const on = async (event: AgentEvent) => {
    if (event.type === 'message') turn = event.turn;
    if (event.type === 'heard') heard.push([turn, event.text]);
  };
  const budget = { turns: 40, tokens: 1e6 };
  const model = scriptedModel(...lines);
  const run = { agent: 'idea' as const, system: 'S', task: 'T', tools, model, budget, on };
  const ended = await runAgent({ ...run, signal: new AbortController().signal }).then(
    ({ output }) => output,
    (error: Error) => error.message,
  );
  return { heard, ended };
}
