import { expect, test } from 'vitest';
import type { NewEvent, SessionEvent } from '../../../src/domain/event.ts';
import { linesOf } from '../../../src/vscode/logLines.ts';
import { headAfter, newHead } from '../../../src/vscode/sessionHead.ts';

const stamped = (events: NewEvent[]): SessionEvent[] =>
  events.map((event, i) => ({ ...event, seq: i + 1, at: '2026-04-12T10:15:02.000Z', hash: '' }));

const gate = {
  id: 'chooseIdea',
  kind: 'chooseIdea' as const,
  question: 'Which?',
  detail: '',
  options: [{ choice: 'a', label: 'A' }],
};

test('a session waits while a question for a person is open, and works when it is answered', () => {
  const [opened, resolved] = stamped([
    { type: 'gate.opened', gate, waitsFor: 'person' },
    { type: 'gate.resolved', gate: 'chooseIdea', answer: { choice: 'a' }, by: 'researcher' },
  ]);
  const waiting = opened ? headAfter(newHead('s'), opened) : newHead('s');
  expect(waiting).toMatchObject({ status: 'waiting', openGates: ['chooseIdea'] });
  expect(resolved && headAfter(waiting, resolved)).toMatchObject({ status: 'working', openGates: [] });
});

test('a question that the policy answers makes nobody wait', () => {
  const [opened] = stamped([{ type: 'gate.opened', gate, waitsFor: 'policy' }]);
  expect(opened && headAfter(newHead('s'), opened)).toMatchObject({ status: 'working', openGates: [] });
});

test('tokens, money and time of every message add up, over all agents, and an unknown price is said', () => {
  const usage = { promptTokens: 10_000, completionTokens: 2, cachedTokens: 4 };
  const message = { turn: 1, text: '', toolCalls: [], usage, seconds: 1.5 };
  const events = stamped([
    { type: 'agent.message', agent: 'idea', call: 'idea', ...message, price: { usd: 0.5, dated: '2026-01-01' } },
    { type: 'agent.message', agent: 'debug', call: 'debug', ...message },
  ]);
  const head = events.reduce(headAfter, newHead('s'));
  expect(head.spent).toBe(
    '2 answers, 20,000 tokens read (8 cached) and 4 written, $0.50 and 1 answer of unknown price, 3 s',
  );
  expect(head.spentOn).toEqual([
    'idea agent, idea: 1 answer, 10,000 tokens read (4 cached) and 2 written, $0.50, 1.5 s',
    'debug agent, debug: 1 answer, 10,000 tokens read (4 cached) and 2 written, price unknown, 1.5 s',
    `in all: ${head.spent}`,
    'at prices of 2026-01-01',
  ]);
});

test('what is left of the limits goes down with every answer, and up when one is raised', () => {
  const assignment = { kind: 'idea' as const, paper: 'p.pdf' };
  const model = { baseUrl: null, model: null, replay: null, record: null, firstTokenSeconds: null, retries: null };
  const common = { format: 1 as const, session: 's', version: '0', workspace: '/w', model, unconfined: false };
  const usage = { promptTokens: 900, completionTokens: 100, cachedTokens: 0 };
  const limits = [{ phase: 'idea' as const, unit: 'usd' as const, most: 2 }];
  const events = stamped([
    { type: 'session.started', ...common, assignment, policy: 'review', budgetTokens: 5000, limits },
    {
      type: 'agent.message',
      ...{ agent: 'idea' as const, call: 'idea', turn: 1, text: '', toolCalls: [], usage },
      price: { usd: 0.5, dated: '2026-01-01' },
    },
    { type: 'session.resumed', why: '', budgetTokens: 9000 },
  ]);
  const left = events.map((_, i) => events.slice(0, i + 1).reduce(headAfter, newHead('s')).left);
  expect(left).toEqual([
    '5,000 tokens and $2.00 for idea left',
    '4,000 tokens and $1.50 for idea left',
    '$1.50 for idea and 8,000 tokens left',
  ]);
});

test('a session that runs a baseline alone is named for its noise', () => {
  const assignment = { kind: 'measure' as const, baseline: 'main', variants: [], hypothesis: '' };
  const model = { baseUrl: null, model: null, replay: null, record: null, firstTokenSeconds: null, retries: null };
  const common = { format: 1 as const, session: 's', version: '0', workspace: '/w', budgetTokens: null, model };
  const [begun] = stamped([{ type: 'session.started', ...common, assignment, policy: 'review', unconfined: false }]);
  expect(begun && headAfter(newHead('s'), begun).title).toBe('The noise of main');
});

test('the log gives each step a line with its time, and sets what belongs to it below', () => {
  const calls = [{ id: '1', name: 'read_file', arguments: '{"path":"train.py"}' }];
  const usage = { promptTokens: 1, completionTokens: 1 };
  const [event] = stamped([
    { type: 'agent.message', agent: 'debug', call: 'd', turn: 1, text: 'It fails.\nI look.', toolCalls: calls, usage },
  ]);
  expect(event && linesOf(event)).toEqual([
    '10:15:02 debug It fails.\n  I look.',
    '10:15:02 debug → read_file {"path":"train.py"}',
  ]);
});
