import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyConversation } from '../../../src/agents/conversation.ts';
import type { IdeaSet } from '../../../src/domain/idea.ts';
import { proposeIdeas, settleIdea } from '../../../src/session/ideaPhase.ts';
import { IDEA } from '../agents/agentWorkspace.ts';
import { beginSession, portsOf } from './beginSession.ts';

let workspace: string;
beforeEach(() => {
  workspace = mkdtempSync(path.join(tmpdir(), 'mlr-rounds-'));
});
afterEach(() => rmSync(workspace, { recursive: true }));

const round = (keyword: string): IdeaSet => ({
  paper: { title: 'P' },
  ...{ tasks: [], gaps: [], keywords: [keyword], related: [], ideas: [IDEA], defects: [] },
});

test('a session that goes on after others were asked for proposes neither round again, and leaves edited files alone', async () => {
  const session = await beginSession(path.join(workspace, '.mlr', 'sessions', 's'));
  await session.append({ type: 'ideas.proposed', call: 'idea', ideas: round('first') });
  await session.append({ type: 'ideas.proposed', call: 'idea-2', ideas: round('second') });
  const edited = path.join(workspace, '.mlr', 'ideas', `${IDEA.id}.md`);
  await mkdir(path.dirname(edited), { recursive: true });
  await writeFile(edited, 'edited since');
  const ports = portsOf(workspace);
  const proposed = session.state.ideas.length;
  for (const [at, keyword] of ['first', 'second'].entries()) {
    expect((await proposeIdeas(session, ports, { paper: null }, at + 1)).keywords).toEqual([keyword]);
  }
  expect(session.state.ideas).toHaveLength(proposed);
  expect(readFileSync(edited, 'utf8')).toBe('edited since');
});

test('an idea that is edited before it is chosen is tried as its file has it', async () => {
  const session = await beginSession(path.join(workspace, '.mlr', 'sessions', 's'));
  await session.append({ type: 'ideas.proposed', call: 'idea', ideas: round('first') });
  const file = path.join(workspace, '.mlr', 'ideas', `${IDEA.id}.md`);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `---\ntitle: Mine\nhypothesis: Less is more.\n---\n## Plan\n1. train.py: less\n`);
  const chosen = await settleIdea(session, portsOf(workspace), { paper: null, ideaFile: null });
  expect(chosen).toMatchObject({ id: IDEA.id, title: 'Mine', plan: ['train.py: less'] });
  expect(session.state.chosen?.idea).toEqual(chosen);
});

test('an idea that was edited into none is said with its file, and nothing is chosen', async () => {
  const session = await beginSession(path.join(workspace, '.mlr', 'sessions', 's'));
  await session.append({ type: 'ideas.proposed', call: 'idea', ideas: round('first') });
  const file = path.join(workspace, '.mlr', 'ideas', `${IDEA.id}.md`);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, 'only words');
  const settled = settleIdea(session, portsOf(workspace), { paper: null, ideaFile: null });
  await expect(settled).rejects.toThrow(`.mlr/ideas/${IDEA.id}.md:1: no front matter found`);
  expect(session.state.chosen).toBeUndefined();
});

test('an idea is written beside an edited one of its name, and a second time nowhere', async () => {
  const edited = path.join(workspace, '.mlr', 'ideas', `${IDEA.id}.md`);
  await mkdir(path.dirname(edited), { recursive: true });
  await writeFile(edited, 'edited in another session');
  for (const name of ['one', 'another']) {
    const session = await beginSession(path.join(workspace, '.mlr', 'sessions', name));
    const conversation = { ...emptyConversation(), agent: 'idea' as const, model: 'm', output: round('first') };
    session.state.conversations.set('idea', conversation);
    await proposeIdeas(session, portsOf(workspace), { paper: null }, 1);
    expect(session.state.ideas[0]?.files).toEqual([`.mlr/ideas/${IDEA.id}-2.md`]);
  }
  expect(readFileSync(edited, 'utf8')).toBe('edited in another session');
});
