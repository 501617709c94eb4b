import { expect, it } from 'vitest';
import { z } from 'zod';
import { messagesToKeep } from '../../../src/agents/compaction.ts';
import { type AgentEvent, conversationOf } from '../../../src/agents/conversation.ts';
import { type AgentRun, runAgent } from '../../../src/agents/loop.ts';
import { finishingTool, tool } from '../../../src/agents/tool.ts';
import type { ModelMessage } from '../../../src/domain/conversation.ts';
import type { ChatModel, ModelRequest } from '../../../src/models/chatModel.ts';
import { ModelError } from '../../../src/models/modelError.ts';
import { requestBody } from '../../../src/models/requestBody.ts';

const TURNS = 40;
const WISH = 'Keep the learning rate at 0.03, please.';

it('over 40 turns, all but the moments of a summary begin with the request before, to the last byte', async () => {
  const { requests, events } = await session({ contextTokens: 24_000 });
  expect(requests).toHaveLength(TURNS);
  const summaries = events.filter(({ type }) => type === 'compacted').length;
  expect(summaries).toBeGreaterThan(0);
  const shares = requests.slice(1).map((request, i) => unchangedShare(requests[i], request));
  const whole = shares.filter((share) => share >= 0.99).length;
  expect(shares.length - whole).toBe(summaries);

  const all = await session({ contextTokens: 1e9 });
  const [compacted, full] = [requests, all.requests].map((list) => list.reduce((sum, one) => sum + tokens(one), 0));
  const three = 3 * (full ?? 0);
  expect(compacted).toBeLessThan(0.6 * (full ?? 0));
  process.stdout.write(
    `${TURNS} turns, prompt tokens by length: ${compacted} with ${summaries} summaries; ${full} with the whole history resent; ${three} with three calls a decision\n`,
  );
});

it('a summary keeps files, numbers of runs and a person’s words, and never parts a call from its result', async () => {
  const { requests } = await session({ contextTokens: 24_000, summary: 'Decided: half the rate. Open: the seed.' });
  for (const { messages } of requests) {
    const called = messages.flatMap((message) => (message.role === 'assistant' ? message.toolCalls : []));
    const answered = messages.flatMap((message) => (message.role === 'tool' ? [message.callId] : []));
    expect(answered).toEqual(called.map(({ id }) => id));
    expect(messages.slice(0, 2).map(({ role }) => role)).toEqual(['system', 'user']);
  }
  const summary = requests.at(-1)?.messages[2]?.content ?? '';
  expect(summary).toContain('Changed: part3.py');
  expect(summary).toMatch(/run_pilot gave:\nThe pilot finished \(run p\d+\)\.\naccuracy 0\.8\d/);
  expect(summary).toContain(WISH);
  expect(summary).toContain(
    '<data name="a summary of what was said">\nDecided: half the rate. Open: the seed.\n</data>',
  );
});

it('wherever the room ends, what stays begins with an answer and has all of its results', () => {
  const long = 'y'.repeat(3_000);
  const turn = (i: number): ModelMessage[] => [
    { role: 'assistant', content: '', toolCalls: [{ id: `c${i}`, name: 'write_file', arguments: long }] },
    { role: 'tool', callId: `c${i}`, content: i % 2 === 0 ? 'Written.' : long },
  ];
  const messages: ModelMessage[] = [
    { role: 'system', content: 'S' },
    { role: 'user', content: 'T' },
    ...Array.from({ length: 30 }, (_, i) => turn(i)).flat(),
  ];
  const kept = Array.from({ length: 40 }, (_, i) => messagesToKeep(messages, 1e6, 10_000 + 500 * i));
  expect(new Set(kept).size).toBeGreaterThan(3);
  for (const count of kept) expect(messages.at(-(count ?? 0))?.role).toBe('assistant');
});

it('where no model can sum up, the agent’s own words stand for it', async () => {
  const { requests, events } = await session({ contextTokens: 24_000, summary: null });
  expect(requests).toHaveLength(TURNS);
  expect(events.find(({ type }) => type === 'compacted')).toMatchObject({ by: null, usage: null });
  expect(requests.at(-1)?.messages[2]?.content).toContain('Now I look at part 2.');
});

it('resumed after a summary, an agent asks with the same messages as if it had never stopped', async () => {
  const { requests, events } = await session({ contextTokens: 24_000 });
  for (const [i, event] of events.entries()) {
    if (event.type !== 'compacted') continue;
    const again = await session({ contextTokens: 24_000 }, { history: conversationOf(events.slice(0, i + 1)) });
    const turn = again.requests[0]?.turn;
    expect(again.requests[0]?.messages).toEqual(requests.find((request) => request.turn === turn)?.messages);
  }
  expect(conversationOf(events).turns).toBe(TURNS);
});

it('a model that holds less than was thought says so once, and old turns give way', async () => {
  const { requests, events } = await session({ refusesAbove: 20_000 });
  expect(events.some(({ type }) => type === 'compacted')).toBe(true);
  expect(requests.filter((request) => tokens(request) > 20_000).length).toBeLessThan(4);
});

interface Setting {
  contextTokens?: number;
  /** The endpoint refuses longer requests. */
  refusesAbove?: number;
  /** What is answered when a summary is asked for; null: the request fails. */
  summary?: string | null;
}

/** A session of forty turns that reads, edits and runs. */
async function session(setting: Setting, more: Partial<AgentRun<string>> = {}) {
  const requests: ModelRequest[] = [];
  const events: AgentEvent[] = [];
  const said = [[WISH]];
  const outcome = await runAgent<string>({
    agent: 'experiment',
    system: 'You are an agent. '.repeat(60),
    task: 'The task. '.repeat(200),
    tools: [...tools(), submit],
    model: model(setting, requests),
    budget: { turns: 60, tokens: 1e9 },
    feedback: () => (requests.length === 2 ? (said.shift() ?? []) : []),
    now: () => 0,
    on: async (event) => {
      events.push(event);
    },
    signal: new AbortController().signal,
    ...more,
  });
  expect(outcome.output).toBe('done');
  return { requests, events };
}

function model(
  { contextTokens, refusesAbove, summary = 'Nothing yet.' }: Setting,
  requests: ModelRequest[],
): ChatModel {
  const usage = { promptTokens: 100, completionTokens: 10 };
  return {
    name: 'script',
    recorded: false,
    ...(contextTokens !== undefined && { contextTokens }),
    async complete(request) {
      if (request.agent.endsWith('summary')) {
        if (summary === null) throw new ModelError('quota', 'The account is empty.');
        return { text: summary, toolCalls: [], usage, model: 'script' };
      }
      requests.push(request);
      if (refusesAbove !== undefined && tokens(request) > refusesAbove) {
        throw new ModelError('context', 'The request is too long.');
      }
      const { turn } = request;
      const [name, args] = callAt(turn);
      const toolCalls = [{ id: `c${turn}`, name, arguments: JSON.stringify(args) }];
      return { text: `Now I look at part ${turn}.`, toolCalls, usage, model: 'script' };
    },
  };
}

function callAt(turn: number): [string, object] {
  if (turn === TURNS) return ['submit', {}];
  if (turn % 5 === 0) return ['run_pilot', {}];
  const path = `part${turn}.py`;
  return turn % 3 === 0 ? ['edit_file', { path }] : ['read_file', { path }];
}

function tools() {
  let runs = 0;
  return [
    tool({
      name: 'read_file',
      description: 'Read a file.',
      parameters: z.object({ path: z.string() }),
      run: async ({ path }) => `${path}\n${'x = step(x, 0.1)\n'.repeat(300)}`,
    }),
    tool({
      name: 'edit_file',
      description: 'Edit a file.',
      parameters: z.object({ path: z.string() }),
      run: async ({ path }) => `${path} is changed.`,
    }),
    tool({
      name: 'run_pilot',
      description: 'Run it.',
      parameters: z.object({}),
      run: async () => `The pilot finished (run p${++runs}).\nloss falls\naccuracy 0.8${runs}`,
    }),
  ];
}

const submit = finishingTool({
  name: 'submit',
  description: 'Hand in.',
  parameters: z.object({}),
  run: async () => ({ result: 'done' }),
});

function body(request: ModelRequest | undefined): string {
  if (!request) return '';
  const { messages, tools: offered } = requestBody(request, { model: 'm', baseUrl: 'http://x/v1', counted: true });
  // As providers' caches see a request: what is offered first, then the messages.
  return `${JSON.stringify(offered)}${JSON.stringify(messages).slice(0, -1)}`;
}

/** How much of a request stands unchanged at the start of the next. */
function unchangedShare(before: ModelRequest | undefined, after: ModelRequest): number {
  const [was, is] = [body(before), body(after)];
  let same = 0;
  while (same < was.length && was[same] === is[same]) same++;
  return same / was.length;
}

function tokens(request: { messages: readonly ModelMessage[] }): number {
  return Math.ceil(JSON.stringify(request.messages).length / 4);
}
