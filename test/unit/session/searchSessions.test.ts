import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NewEvent } from '../../../src/domain/event.ts';
import { writeLog } from '../../../src/session/log.ts';
import { searchSessions } from '../../../src/session/searchSessions.ts';
import { sessionFolder } from '../../../src/session/store.ts';

const id = (day: number): string => `202601${String(day).padStart(2, '0')}-000000-abcdef`;
const said = (text: string): NewEvent => ({
  ...{ type: 'agent.message', agent: 'idea', call: 'idea', turn: 1, text, toolCalls: [] },
  usage: { promptTokens: 1, completionTokens: 1 },
});
const looked = (content: string): NewEvent => ({
  ...{ type: 'agent.tool', agent: 'idea', call: 'idea', callId: '1', name: 'read_file', ok: true, content },
});

let workspace: string;
const write = (day: number, ...events: NewEvent[]) => writeLog(sessionFolder(workspace, id(day)), events);
beforeEach(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'mlr-search-'));
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

describe('a search in sessions', () => {
  test('finds all words in any case and order, the newest session first, and shows where they stand', async () => {
    await write(1, { type: 'feedback', text: 'Try a larger Margin.' }, said('The margin is 1.'));
    await write(2, said(`${'First things first. '.repeat(20)}I would average\nthe weights over a MARGIN of epochs.`));
    await write(3, said('Nothing of that.'));
    expect((await searchSessions(workspace, 'margin')).found.map(({ session }) => session)).toEqual([id(2), id(1)]);
    const { found, complete } = await searchSessions(workspace, 'epochs  average');
    expect(complete).toBe(true);
    expect(found).toEqual([
      {
        session: id(2),
        of: 'idea agent',
        excerpt: '…first. First things first. I would average the weights over a MARGIN of epochs.',
      },
    ]);
    expect((await searchSessions(workspace, 'larger')).found).toEqual([
      { session: id(1), of: 'you', excerpt: 'Try a larger Margin.' },
    ]);
  });

  test('finds words of the paper, the assignment and the failure, and what was too long for a line', async () => {
    const paper = {
      title: 'Order Effects',
      authors: ['Ada L.'],
      abstract: '',
      sections: [],
      references: [],
      pages: 0,
      links: [],
    };
    await write(
      1,
      { type: 'paper.read', path: 'p.md', sha256: '0', paper },
      { type: 'session.failed', message: 'The disk is full.', reason: 'disk' },
      said(`${'x '.repeat(20_000)}needle`),
    );
    const of = async (words: string) => (await searchSessions(workspace, words)).found.map((one) => one.of);
    expect(await of('ada order')).toEqual(['paper']);
    expect(await of('disk')).toEqual(['failure']);
    expect(await of('needle')).toEqual(['idea agent']);
  });

  test('does not look into what tools gave back, and finds nothing for no words and in no workspace', async () => {
    await write(1, looked('needle'));
    expect((await searchSessions(workspace, 'needle')).found).toEqual([]);
    expect((await searchSessions(workspace, '  ')).found).toEqual([]);
    expect(await searchSessions(path.join(workspace, 'none'), 'needle')).toEqual({ found: [], complete: true });
  });

  test('goes on past logs that are torn, altered or no logs', async () => {
    await write(1, said('needle'));
    await write(2, said('needle'));
    await appendFile(path.join(sessionFolder(workspace, id(2)), 'events.jsonl'), '{"seq":2,"at":"","type":"feedback"');
    await write(3, said('other'));
    await writeFile(
      path.join(sessionFolder(workspace, id(3)), 'events.jsonl'),
      '{"seq":1,"at":"","type":"ideas.proposed"}\n{"seq":2,"at":"","type":"feedback","blob":"../none"}\nnull\n',
    );
    expect((await searchSessions(workspace, 'needle')).found.map(({ session }) => session)).toEqual([id(2), id(1)]);
  });

  test('looks through 200 sessions in the time that a list may wait, and says so where it does not', async () => {
    const output = looked('a line of output\n'.repeat(400));
    for (let day = 1; day <= 200; day++) {
      const folder = sessionFolder(workspace, `20260101-${String(day).padStart(6, '0')}-abcdef`);
      await writeLog(folder, [...Array.from({ length: 100 }, () => output), said(`needle ${day}`)]);
    }
    const begun = performance.now();
    const { found, complete } = await searchSessions(workspace, 'needle', 60_000);
    process.stdout.write(`200 sessions searched in ${Math.round(performance.now() - begun)} ms\n`);
    expect([found.length, complete]).toEqual([200, true]);
    const cut = await searchSessions(workspace, 'needle', 0);
    expect(cut.complete).toBe(false);
    expect(cut.found.length).toBeLessThan(200);
  });
});
