import { beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { paperDigest } from '../../../src/agents/idea/paperDigest.ts';
import { SMALL_RULES } from '../../../src/agents/room.ts';
import { tool } from '../../../src/agents/tool.ts';
import type { Paper } from '../../../src/domain/paper.ts';
import { scriptedModel } from './scriptedModel.ts';
import { beginAnew, events, handIn, looked, start, submit } from './startAgent.ts';

beforeEach(beginAnew);

const looks = (...places: string[]) => ({ calls: places.map((place) => ['look', { place }] as const) });
const look = tool({
  name: 'look',
  looks: true,
  description: 'Look at a place.',
  parameters: z.object({ place: z.string() }),
  async run({ place }) {
    looked.push(place);
    return `${place} is empty`;
  },
});
const tools = [look, submit];
const twoAtOnce = [looks('a', 'b'), looks('b'), handIn(1)];

it('a model that holds little looks at one thing in an answer, and is told so from the start', async () => {
  const model = { ...scriptedModel(...twoAtOnce), contextTokens: 8_192 };
  await start({ model, tools }).outcome;
  expect(looked).toEqual(['a', 'b']);
  const results = events.flatMap((event) => (event.type === 'tool' ? [`${event.ok} ${event.content}`] : []));
  expect(results.slice(0, 3)).toEqual([
    'true a is empty',
    'false Refused: Not done: one look in an answer. Look here in the next one.',
    'true b is empty',
  ]);
  expect(model.requests[0]?.messages[0]).toEqual({ role: 'system', content: `S\n\n${SMALL_RULES}` });
});

it('one that holds more, or of which nobody knows it, looks at several, and is told nothing of it', async () => {
  for (const size of [{ contextTokens: 16_000 }, {}]) {
    beginAnew();
    const model = { ...scriptedModel(looks('a', 'b'), handIn(1)), ...size };
    await start({ model, tools }).outcome;
    expect(looked).toEqual(['a', 'b']);
    expect(model.requests[0]?.messages[0]).toEqual({ role: 'system', content: 'S' });
  }
});

it('a paper stands by its headings alone where there is little room, each to be read by itself', () => {
  const paper: Paper = {
    ...{ title: 'On Levels', authors: [], abstract: 'We try levels. '.repeat(200), links: [], pages: 9 },
    sections: [
      { heading: 'Introduction', text: 'Levels matter. '.repeat(400) },
      { heading: 'Method', text: 'We set one. '.repeat(400) },
    ],
    references: Array.from({ length: 50 }, (_, i) => ({ text: `Nobody, N. Work ${i} about a level that was set.` })),
  };
  expect(paperDigest(paper)).toContain('Levels matter. Levels matter.');
  const small = paperDigest(paper, 'small');
  expect(small.length).toBeLessThan(2_000);
  expect(small).not.toContain('Levels matter.');
  for (const line of [
    '## [1] Introduction (6000 characters)',
    '## [2] Method (4800 characters)',
    '## [3] References\n50 works',
  ])
    expect(small).toContain(line);
});
