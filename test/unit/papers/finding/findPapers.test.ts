import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ARXIV, arxiv } from '../../../../src/papers/finding/arxiv.ts';
import { FINDING_LIMITS, findPapers } from '../../../../src/papers/finding/findPapers.ts';
import { localLibrary } from '../../../../src/papers/finding/localLibrary.ts';
import { OPEN_ALEX, openAlex } from '../../../../src/papers/finding/openAlex.ts';
import type { PaperService } from '../../../../src/papers/finding/paperService.ts';
import { SEMANTIC_SCHOLAR, semanticScholar } from '../../../../src/papers/finding/semanticScholar.ts';
import { PATIENCE } from '../../../../src/papers/services/serviceDoor.ts';
import { answers, FAULTS, type Turn } from '../services/serviceServer.ts';
import { bench, NEVER, SHORT } from '../services/surroundings.ts';
import { alexList, alexWork, arxivEntry, arxivFeed, scholarSearch, scholarWork } from './shapes.ts';

const here = bench();
const LIMITS = { whole: 30_000, others: 20_000 };

const GOOD = {
  scholar: answers(
    scholarSearch(scholarWork('abc', 'Pairing socks'), scholarWork('s2', 'Lone socks', { externalIds: {} })),
  ),
  alex: answers(alexList(alexWork('W7', 'Pairing Socks'))),
  arxiv: answers(arxivFeed(arxivEntry('2407.00001v2', 'Pairing socks'))),
};

async function sources(turns: { scholar?: Turn; alex?: Turn; arxiv?: Turn }): Promise<PaperService[]> {
  const silent = [FAULTS['never answers'], FAULTS['begins to answer and never ends']];
  const patience = (turn?: Turn) => (silent.includes(turn) ? { patience: SHORT } : {});
  const [one, two, three] = await Promise.all(
    (['scholar', 'alex', 'arxiv'] as const).map((name) => here.serve(turns[name] ?? GOOD[name])),
  );
  return [
    semanticScholar(here.door({ ...SEMANTIC_SCHOLAR, every: 0, baseUrl: one?.baseUrl ?? '' }, patience(turns.scholar))),
    openAlex(here.door({ ...OPEN_ALEX, every: 0, baseUrl: two?.baseUrl ?? '' }, patience(turns.alex))),
    arxiv(here.door({ ...ARXIV, every: 0, baseUrl: three?.baseUrl ?? '' }, patience(turns.arxiv))),
  ];
}

test('a work that three services and the workspace know is one paper, the workspace first', async () => {
  const bib =
    '@article{w24, title={Pairing {Socks}}, author={Weaver, Ada and Knäuel, Björn}, year=2024, doi={10.1000/SOCKS.7}}\n@book{bad, title={never closed';
  await writeFile(path.join(here.folder, 'refs.bib'), bib);
  const library = localLibrary({
    root: here.folder,
    files: ['refs.bib', 'gone.bib'],
    cache: `${here.folder}/lib.json`,
  });
  const found = await findPapers('pairing socks', {
    sources: [library, ...(await sources({}))],
    most: 20,
    signal: NEVER,
  });
  expect(found.papers.map(({ id, alsoIn }) => ({ id, alsoIn }))).toEqual([
    { id: 'refs.bib#w24', alsoIn: ['Semantic Scholar', 'OpenAlex', 'arXiv'] },
    { id: 's2', alsoIn: undefined },
  ]);
  expect(found.papers[0]).toMatchObject({
    title: 'Pairing Socks',
    authors: ['Ada Weaver', 'Björn Knäuel'],
    arxivId: '2407.00001',
    citations: 14,
    abstract: 'Socks are alike. Socks',
  });
  expect(found.asked).toEqual([
    {
      service: 'local',
      outcome: 'answered',
      found: 1,
      detail:
        'refs.bib:2: the entry “bad” never closes: a brace is missing, and was left out. gone.bib cannot be read, or is larger than 2 MiB.',
    },
    { service: 'Semantic Scholar', outcome: 'answered', found: 2 },
    { service: 'OpenAlex', outcome: 'answered', found: 1 },
    { service: 'arXiv', outcome: 'answered', found: 1 },
  ]);
});

describe('whatever one service does, the others are heard:', () => {
  const outcomes: Record<string, string> = {
    'asks to be asked less often': 'throttled',
    'asks to be left alone for an hour': 'throttled',
    'never answers': 'silent',
    'begins to answer and never ends': 'silent',
  };
  for (const [name, fault] of Object.entries(FAULTS))
    test(`it ${name}`, async () => {
      for (const [i, which] of (['scholar', 'alex', 'arxiv'] as const).entries()) {
        const all = await sources({ [which]: fault });
        const { papers, asked } = await findPapers('socks', { sources: all, most: 20, signal: NEVER, limits: LIMITS });
        expect(papers[0]?.title.toLowerCase()).toBe('pairing socks');
        expect(asked[i]).toMatchObject({ outcome: outcomes[name] ?? 'failed', found: 0, detail: expect.any(String) });
        expect(asked.filter(({ outcome }) => outcome === 'answered')).toHaveLength(2);
      }
    });
});

test('with all three dead everything is over within the limits, and each is named', async () => {
  const dead = FAULTS['never answers'] as Turn;
  const all = await sources({ scholar: dead, alex: dead, arxiv: dead });
  const begun = performance.now();
  const found = await findPapers('socks', { sources: all, most: 20, signal: NEVER, limits: LIMITS });
  expect(performance.now() - begun).toBeLessThan(5_000);
  expect(found.papers).toEqual([]);
  expect(found.asked.map(({ outcome }) => outcome)).toEqual(['silent', 'silent', 'silent']);
  const again = await findPapers('socks', { sources: all, most: 20, signal: NEVER, limits: LIMITS });
  expect(again.asked.map(({ outcome }) => outcome)).toEqual(['not asked', 'not asked', 'not asked']);
  expect(Math.min(PATIENCE.whole, FINDING_LIMITS.whole)).toBeLessThan(15_000);
});

test('one that is slower than its own limits allow is left out when all time is up', async () => {
  const slow: PaperService = { name: 'Slow', search: () => new Promise(() => undefined) };
  const limits = { whole: 60, others: 30 };
  expect(await findPapers('socks', { sources: [slow], most: 20, signal: NEVER, limits })).toEqual({
    papers: [],
    asked: [
      { service: 'Slow', outcome: 'silent', found: 0, detail: 'Slow was slower than the others, and was left out.' },
    ],
  });
});

test('a thousand records are cut to what was asked for, and none is a plain answer', async () => {
  const thousand = Array.from({ length: 1000 }, (_, i) =>
    scholarWork(`p${i}`, `Sock number ${i}`, { externalIds: null }),
  );
  const all = await sources({
    scholar: answers(scholarSearch(...thousand)),
    alex: answers(alexList()),
    arxiv: answers(arxivFeed('')),
  });
  const found = await findPapers('socks', { sources: all, most: 20, signal: NEVER });
  expect(found.papers).toHaveLength(20);
  expect(found.asked.map(({ outcome, found: count }) => [outcome, count])).toEqual([
    ['answered', 20],
    ['answered', 0],
    ['answered', 0],
  ]);
});

test('who stops looking is told nothing', async () => {
  const all = await sources({ scholar: FAULTS['never answers'] as Turn });
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('stopped')), 20);
  await expect(findPapers('socks', { sources: all, most: 20, signal: stop.signal })).rejects.toThrow('stopped');
});
