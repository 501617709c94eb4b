import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SessionEvent } from '../../../src/domain/event.ts';
import { hiddenReads } from '../../../src/session/hiddenReads.ts';
import { scratchRepository } from '../git/scratch.ts';

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
