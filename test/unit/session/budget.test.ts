import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { runAgent } from '../../../src/agents/loop.ts';
import { finishingTool, tool } from '../../../src/agents/tool.ts';
import type { Limit } from '../../../src/domain/limit.ts';
import { assertPriced, leavesRoom, mindLimits } from '../../../src/session/budget.ts';
import { Session } from '../../../src/session/session.ts';
import { type Line, scriptedModel } from '../agents/scriptedModel.ts';
import { beginSession } from './beginSession.ts';

/** What one answer of the script costs: 15 tokens, and at this price 0.15 dollars. */
const price = ({ promptTokens, completionTokens }: { promptTokens: number; completionTokens: number }) => ({
  usd: (promptTokens + completionTokens) / 100,
  dated: '2026-01-01',
});
const look = (i: number): Line => ({ calls: [['look', { i }]] });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mlr-budget-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a limit in tokens warns once at 80 %, stops at most one answer over it, and a larger one lets the session go on', async () => {
  const session = await beginSession(folder, { budgetTokens: 100 });
  // After six answers 90 are used, after seven 105.
  expect(await work(session, 'idea')).toEqual({
    answers: 7,
    ended: "The session's limit of 100 tokens is used up (105 tokens): resume with a larger one (--budget-tokens N).",
  });
  expect(noticesOf(session)).toEqual(["More than 80 % of the session's limit of 100 tokens is used."]);
  await session.append({ type: 'session.resumed', why: 'More.', budgetTokens: 150 });
  expect((await work(session, 'idea')).answers).toBe(10);
});

test('a limit in money counts what answers cost, and is refused where nobody knows the price', async () => {
  const limit: Limit = { phase: null, unit: 'usd', most: 0.4 };
  const session = await beginSession(folder, { limits: [limit] });
  expect(() => assertPriced(session, 'idea', scriptedModel())).toThrow(
    'Nobody knows what script costs, so a limit of $0.40 cannot be kept: limit its tokens with --budget-tokens instead',
  );
  expect(() => assertPriced(session, 'idea', { ...scriptedModel(), price: () => null })).toThrow('Nobody knows');
  expect(() => assertPriced(session, 'idea', { ...scriptedModel(), price })).not.toThrow();
  expect(await work(session, 'idea')).toEqual({
    answers: 3,
    ended: "The session's limit of $0.40 is used up ($0.45): resume with a larger one (--budget-money N).",
  });
});

test('a question is put once more only where the answer that nobody has logged yet leaves room', async () => {
  const limits: Limit[] = [
    { phase: 'debug', unit: 'tokens', most: 20 },
    { phase: null, unit: 'usd', most: 1 },
  ];
  const session = await beginSession(folder, { budgetTokens: 100, limits });
  const room = (call: string, promptTokens: number, usd: number | null) =>
    leavesRoom(
      session,
      call,
      { promptTokens, completionTokens: 0 },
      usd === null ? null : { usd, dated: '2026-01-01' },
    );
  expect([room('idea', 99, 0.9), room('idea', 100, 0.9), room('idea', 99, 1), room('idea', 99, null)]).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect(room('debug-1', 20, 0)).toBe(false);
});

test('a limit of one phase binds that phase alone, and survives a resume that raises another', async () => {
  const session = await beginSession(folder, { limits: [{ phase: 'debug', unit: 'tokens', most: 20 }] });
  expect((await work(session, 'idea')).ended).toBe('done');
  const ended = (await work(session, 'debug-1')).ended;
  expect(ended).toMatch(/^The debug phase's limit of 20 tokens is used up \(30 tokens\): .*--budget-tokens debug=N/);
  expect((await work(session, 'idea-2')).ended).toBe('done');
  const limits: Limit[] = [{ phase: null, unit: 'usd', most: 9 }];
  await session.append({ type: 'session.resumed', why: 'More money.', limits });
  expect((await work(session, 'debug-2')).ended).toBe(ended);
});

test('what a session cost stands by agent and phase, and is the same when its log is read again', async () => {
  const session = await beginSession(folder);
  await work(session, 'idea', 3);
  await work(session, 'validate-experiment', 2);
  const rows = session.state.cost.thinking.map(({ phase, answers, usd }) => [phase, answers, Math.round(usd * 100)]);
  expect(rows).toEqual([
    ['idea', 3, 45],
    ['review', 2, 30],
  ]);
  expect((await Session.open(folder)).state.cost).toEqual(session.state.cost);
});

/** Lets an agent look until it has given so many answers in its task, or is stopped. */
async function work(session: Session, call: string, most = 12): Promise<{ answers: number; ended: string }> {
  const lines = Array.from({ length: most - 1 }, (_, i) => look(i));
  const model = { ...scriptedModel(...lines, { calls: [['submit', {}]] }), price };
  const known = session.state.conversations.get(call);
  const ended = await runAgent({
    agent: 'idea',
    system: 'S',
    task: 'T',
    tools: [
      tool({
        name: 'look',
        description: '',
        parameters: z.object({ i: z.number() }),
        run: async ({ i }) => `${i} is new`,
      }),
      finishingTool({
        name: 'submit',
        description: '',
        parameters: z.object({}),
        run: async () => ({ result: 'done' }),
      }),
    ],
    model,
    ...(known && { history: known }),
    budget: { turns: 50, tokens: 1e6 },
    mayAsk: () => mindLimits(session, call),
    on: async (event) => {
      if (event.type === 'started') await session.append({ ...event, type: 'agent.started', agent: 'idea', call });
      if (event.type === 'message') await session.append({ ...event, type: 'agent.message', agent: 'idea', call });
      if (event.type === 'tool') await session.append({ ...event, type: 'agent.tool', agent: 'idea', call });
    },
    signal: session.signal,
  }).then(
    ({ output }) => output,
    (error: Error) => error.message,
  );
  return { answers: session.state.conversations.get(call)?.turns ?? 0, ended };
}

function noticesOf(session: Session): string[] {
  return session.log.events.flatMap((event) => (event.type === 'notice' ? [event.text] : []));
}
