import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { NewEvent, SessionEvent } from '../../../src/domain/event.ts';
import type { Idea } from '../../../src/domain/idea.ts';
import { hiddenReads, hiddenReadsBehind } from '../../../src/session/hiddenReads.ts';
import { EventLog } from '../../../src/session/log.ts';
import { scratchRepository } from '../../hosts/scratchRepository.ts';

/** An agent's call of a tool and its result, as a session's log holds them. */
function called(name: string, given: object, content: string, { ok = true, call = 'idea' } = {}): SessionEvent[] {
  const toolCalls = [{ id: 'c1', name, arguments: JSON.stringify(given) }];
  return [
    { type: 'agent.message', agent: 'idea', call, turn: 1, text: '', toolCalls },
    { type: 'agent.tool', agent: 'idea', call, callId: 'c1', name, ok, content },
  ] as unknown as SessionEvent[];
}
function readsOf(events: SessionEvent[]): Promise<string[]> {
  const root = scratchRepository({
    'data/labels.csv': 'id,label\n1,0\n',
    'data/train.csv': 'x\n',
    'train.py': 'pass\n',
  });
  symlinkSync('labels.csv', join(root, 'data', 'truth.csv'));
  return hiddenReads(events, root, ['./data/labels.csv', 'gone.csv']);
}

test.each([
  ['reads it', called('read_file', { path: './data/labels.csv' }, 'id,label'), 'data/labels.csv'],
  ['reads it through a link', called('read_file', { path: 'data/truth.csv' }, 'id,label'), 'data/labels.csv'],
  ['profiles it', called('profile_data', { paths: ['train.py', 'data/labels.csv'] }, '2 columns'), 'data/labels.csv'],
  ['profiles the folder that holds it', called('profile_data', { paths: ['data'] }, '2 columns'), 'data/labels.csv'],
  [
    'finds lines of it',
    called('search_pattern', { pattern: '1' }, 'train.py:1: 1\ndata/labels.csv:2: 1,0'),
    'data/labels.csv',
  ],
  ['reads one that a contract moved later', called('read_file', { path: 'gone.csv' }, 'id,label'), 'gone.csv'],
])('a hidden file is named where an agent %s', async (_how, events, path) => {
  expect(await readsOf(events)).toEqual([expect.stringMatching(`the idea agent read (\\./)?${path}`)]);
});

test.each([
  ['was refused it', called('read_file', { path: 'data/labels.csv' }, 'is hidden', { ok: false })],
  ['read another file', called('read_file', { path: 'data/train.csv' }, 'x')],
  ['listed its name', called('list_files', { folder: 'data' }, 'data/labels.csv (12 bytes)')],
  [
    'found its name in a script',
    called('search_pattern', { pattern: 'labels' }, 'train.py:3: open("data/labels.csv:2: ")'),
  ],
])('nothing is said of an agent that %s', async (_how, events) => {
  expect(await readsOf(events)).toEqual([]);
});

test('calls of two tasks with the same id are told apart', async () => {
  const [asked] = called('read_file', { path: 'data/labels.csv' }, '', { call: 'idea-2' });
  const other = called('read_file', { path: 'train.py' }, 'pass');
  expect(await readsOf([...(asked ? [asked] : []), ...other])).toEqual([]);
});

const IDEA: Idea = {
  ...{ id: 'longer', title: 'Train longer', hypothesis: 'Longer is better.', method: 'm', rationale: 'r', plan: ['p'] },
  ...{ scores: null, novelty: { closest: [], verdict: 'not checked' } },
};

/** A workspace in which an earlier session proposed an idea; its agent read the labels before or after that. */
async function proposedEarlier(looked: 'before' | 'after'): Promise<string> {
  const root = scratchRepository({ 'data/labels.csv': 'id,label\n1,0\n', 'train.py': 'pass\n' });
  const log = await EventLog.open(join(root, '.mlr', 'sessions', '20260101-000000-aaaaaaa'));
  const look: NewEvent[] = [
    {
      type: 'agent.message',
      ...{ agent: 'idea', call: 'idea', turn: 1, text: '', toolCalls: [READS_LABELS] },
      usage: { promptTokens: 1, completionTokens: 1 },
    },
    { type: 'agent.tool', agent: 'idea', call: 'idea', callId: 'c1', name: 'read_file', ok: true, content: '' },
  ];
  const proposal: NewEvent = {
    type: 'ideas.proposed',
    call: 'idea',
    ideas: {
      ...{ paper: { title: 't' }, tasks: [], gaps: [], keywords: [], defects: [], related: [] },
      ideas: [IDEA],
    },
  };
  for (const event of looked === 'before' ? [...look, proposal] : [proposal, ...look]) await log.append(event);
  return root;
}
const READS_LABELS = { id: 'c1', name: 'read_file', arguments: '{"path": "data/labels.csv"}' };
const behind = (root: string, idea: Idea): Promise<string[]> =>
  hiddenReadsBehind(
    { id: 'now', events: [{ type: 'idea.chosen', idea, file: 'idea.md' }] as unknown as SessionEvent[] },
    root,
    ['data/labels.csv'],
  );

test('an idea carries on what its own session read before it was proposed, also where a person edited it since', async () => {
  const root = await proposedEarlier('before');
  const read =
    'the idea agent read data/labels.csv (read_file) in session 20260101-000000-aaaaaaa, which proposed this idea';
  expect(await behind(root, { ...IDEA, title: 'Train much longer', method: 'another' })).toEqual([read]);
  expect(await behind(root, { ...IDEA, title: 'Another', hypothesis: 'Wider is better.' })).toEqual([]);
  expect(await behind(await proposedEarlier('after'), IDEA)).toEqual([]);
});
