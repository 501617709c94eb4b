import { expect, test } from 'vitest';
import { ARXIV, arxiv } from '../../../../src/papers/finding/arxiv.ts';
import { OPEN_ALEX, openAlex } from '../../../../src/papers/finding/openAlex.ts';
import { SEMANTIC_SCHOLAR, semanticScholar } from '../../../../src/papers/finding/semanticScholar.ts';
import { answers } from '../services/serviceServer.ts';
import { bench, NEVER } from '../services/surroundings.ts';
import { alexList, alexWork, arxivEntry, arxivError, arxivFeed, scholarSearch, scholarWork } from './shapes.ts';

const here = bench();

test('arXiv is asked for all words, and its Atom is read', async () => {
  const server = await here.serve(
    answers(arxivFeed(arxivEntry('2407.00001v2', 'Pairing socks\n  by sight &amp; touch'))),
  );
  const { value } = await arxiv(here.door({ ...ARXIV, ...server })).search('How to pair the "socks": all?', 20, NEVER);
  expect(server.asked[0]?.path).toBe('/query');
  expect(Object.fromEntries(server.asked[0]?.query ?? [])).toEqual({
    search_query: 'all:pair AND all:socks AND all:all',
    start: '0',
    max_results: '20',
    sortBy: 'relevance',
  });
  expect(value).toEqual([
    {
      title: 'Pairing socks by sight & touch',
      year: 2024,
      source: 'arXiv',
      id: '2407.00001v2',
      arxivId: '2407.00001',
      doi: '10.1000/socks.7',
      url: 'http://arxiv.org/abs/2407.00001v2',
      authors: ['Ada Weaver', 'Björn Knäuel'],
      abstract: 'Socks that are alike are found in pairs, with a < 3 % loss.',
      venue: 'J. Socks 7 (2024) 1-9',
    },
  ]);
});

test('what arXiv says in an entry called Error, or in plain text, is no paper', async () => {
  const wrong = await here.serve(answers(arxivError));
  await expect(arxiv(here.door({ ...ARXIV, ...wrong })).search('a', 5, NEVER)).rejects.toThrow(
    'arXiv does not take the question: incorrect id format for 1234.12345.',
  );
  const busy = await here.serve(answers('Rate exceeded.'));
  await expect(arxiv(here.door({ ...ARXIV, ...busy })).search('a', 5, NEVER)).rejects.toMatchObject({
    reason: 'throttled',
  });
  const empty = await here.serve(answers(arxivFeed('')));
  expect((await arxiv(here.door({ ...ARXIV, ...empty })).search('a', 5, NEVER)).value).toEqual([]);
});

test('Semantic Scholar is asked with its key, and a search that finds nothing is no failure', async () => {
  const server = await here.serve(
    answers(scholarSearch(scholarWork('abc', 'Pairing socks'))),
    answers(scholarSearch()),
  );
  const key = { value: 'secret', in: { header: 'x-api-key' } };
  const service = semanticScholar(here.door({ ...SEMANTIC_SCHOLAR, ...server, key }));
  expect((await service.search('sock-pairing', 20, NEVER)).value).toEqual([
    {
      title: 'Pairing socks',
      year: 2024,
      source: 'Semantic Scholar',
      id: 'abc',
      doi: '10.1000/socks.7',
      arxivId: '2407.00001',
      authors: ['A. Weaver', 'B. Knäuel'],
      venue: 'Journal of Socks',
      citations: 12,
      url: 'https://www.semanticscholar.org/paper/abc',
    },
  ]);
  expect(server.asked[0]).toMatchObject({ path: '/paper/search', headers: { 'x-api-key': 'secret' } });
  expect(server.asked[0]?.query.get('query')).toBe('sock pairing');
  expect((await service.search('nothing', 20, NEVER)).value).toEqual([]);
});

test('Semantic Scholar tells what a paper cites and what cites it, by any of its names', async () => {
  // `/paper/{paper_id}/references`, `/paper/search/match` and `/paper/{paper_id}/citations` of the Academic Graph.
  const unrecognised = { paperId: null, title: null };
  const server = await here.serve(
    answers({ offset: 0, data: [{ citedPaper: scholarWork('r', 'Feet') }, { citedPaper: unrecognised }] }),
    answers({ data: [{ paperId: 'found', title: 'Pairing socks', matchScore: 174.2 }] }),
    answers({ offset: 0, data: [{ citingPaper: scholarWork('c', 'Gloves') }] }),
  );
  const service = semanticScholar(here.door({ ...SEMANTIC_SCHOLAR, ...server }));
  const cited = await service.references?.({ arxivId: '2407.00001' }, 20, NEVER);
  expect(cited?.value.map(({ title }) => title)).toEqual(['Feet']);
  const citing = await service.citations?.({ title: 'Pairing socks' }, 20, NEVER);
  expect(citing?.value.map(({ title }) => title)).toEqual(['Gloves']);
  expect(server.asked.map(({ path }) => path)).toEqual([
    '/paper/ARXIV%3A2407.00001/references',
    '/paper/search/match',
    '/paper/found/citations',
  ]);
});

test('references that a publisher withholds, and a paper that nobody knows, are nothing found', async () => {
  const withheld = await here.serve(answers({ offset: 0, data: null, citingPaperInfo: {} }));
  const service = semanticScholar(here.door({ ...SEMANTIC_SCHOLAR, ...withheld }));
  expect((await service.references?.({ doi: '10.1/a' }, 20, NEVER))?.value).toEqual([]);
  const unknown = await here.serve(answers({ error: 'Paper with id ARXIV:1 not found' }, 404));
  const asked = semanticScholar(here.door({ ...SEMANTIC_SCHOLAR, ...unknown })).citations?.(
    { arxivId: '1' },
    20,
    NEVER,
  );
  await expect(asked).rejects.toMatchObject({ reason: 'absent' });
});

test('OpenAlex gives abstracts back in their order, and goes from a DOI to what it cites', async () => {
  const server = await here.serve((response, { path }) => {
    const body = path === '/works' ? alexList(alexWork('W7', 'Pairing socks')) : { id: 'https://openalex.org/W1' };
    response.end(JSON.stringify(body));
  });
  const service = openAlex(here.door({ ...OPEN_ALEX, ...server }));
  expect((await service.search('socks', 500, NEVER)).value).toEqual([
    {
      title: 'Pairing socks',
      year: 2025,
      source: 'OpenAlex',
      id: 'W7',
      doi: '10.1000/socks.7',
      authors: ['Ada Weaver'],
      abstract: 'Socks are alike. Socks',
      venue: 'Journal of Socks',
      citations: 14,
      url: 'https://doi.org/10.1000/socks.7',
    },
  ]);
  expect(server.asked[0]?.query.get('per_page')).toBe('100');
  await service.references?.({ arxivId: '2407.00001' }, 20, NEVER);
  expect(server.asked[1]?.path).toBe('/works/doi:10.48550/arxiv.2407.00001');
  expect(server.asked[2]?.query.get('filter')).toBe('cited_by:W1');
  await service.citations?.({ doi: '10.1000/socks.7' }, 20, NEVER);
  expect(server.asked.at(-1)?.query.get('filter')).toBe('cites:W1');
});
