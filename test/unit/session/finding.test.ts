import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type FindingPorts, relatedWorks, searchPapers } from '../../../src/session/finding.ts';
import { alexList, alexWork, arxivEntry, arxivFeed, scholarSearch, scholarWork } from '../papers/finding/shapes.ts';
import { answers } from '../papers/services/serviceServer.ts';
import { bench, NEVER } from '../papers/services/surroundings.ts';

const here = bench();

function ports(environment: NodeJS.ProcessEnv, changes: Partial<FindingPorts> = {}): FindingPorts {
  return {
    workspace: here.folder,
    localOnly: false,
    secret: async () => null,
    proxies: { http: null, https: null, except: '', names: { proxy: '', except: '' } },
    signal: NEVER,
    clock: here.clock,
    environment: { MLR_CACHE: path.join(here.folder, 'cache'), ...environment },
    ...changes,
  };
}

test('with local only the workspace and a mirror on this machine are asked, and nothing else is', async () => {
  await writeFile(path.join(here.folder, 'refs.bib'), '@article{w, title={Pairing socks at night}}');
  const mirror = await here.serve(answers(alexList(alexWork('W7', 'Pairing socks'))));
  const found = await searchPapers('socks', ports({ MLR_OPENALEX_URL: `${mirror.baseUrl}/` }, { localOnly: true }));
  expect(found.papers.map(({ source }) => source)).toEqual(['local', 'OpenAlex']);
  const refused = 'was not asked: local only is on (mlr.localOnly, --local-only or MLR_LOCAL_ONLY).';
  expect(found.asked).toMatchObject([
    { service: 'local', outcome: 'answered' },
    { service: 'Semantic Scholar', outcome: 'not asked', detail: `Semantic Scholar ${refused}` },
    { service: 'OpenAlex', outcome: 'answered' },
    { service: 'arXiv', outcome: 'not asked', detail: `arXiv ${refused}` },
  ]);
});

test('a mirror gets a key that was kept for it, and none that is the service’s own', async () => {
  const scholar = await here.serve(answers(scholarSearch(scholarWork('abc', 'Pairing socks'))));
  const alex = await here.serve(answers(alexList()));
  const arxiv = await here.serve(answers(arxivFeed(arxivEntry('2407.00001v1', 'Pairing socks'))));
  const keys: Record<string, string> = {
    [`MLR_SERVICE_KEY@${new URL(alex.baseUrl).host}`]: 'kept',
    SEMANTIC_SCHOLAR_API_KEY: 'theirs',
  };
  const environment = {
    MLR_SEMANTIC_SCHOLAR_URL: scholar.baseUrl,
    MLR_OPENALEX_URL: alex.baseUrl,
    MLR_ARXIV_URL: arxiv.baseUrl,
  };
  const found = await searchPapers('socks', ports(environment, { secret: async (name) => keys[name] ?? null }));
  expect(found.papers).toHaveLength(1);
  expect(scholar.asked[0]?.headers['x-api-key']).toBeUndefined();
  expect(alex.asked[0]?.query.get('api_key')).toBe('kept');
});

test('what a paper cites and what cites it come apart, of the services that know', async () => {
  const scholar = await here.serve((response, { path: asked }) => {
    const edge = asked.endsWith('references') ? 'citedPaper' : 'citingPaper';
    response.end(JSON.stringify({ offset: 0, data: [{ [edge]: scholarWork(edge, `A ${edge}`) }] }));
  });
  const alex = await here.serve(answers('{}', 404));
  const environment = { MLR_SEMANTIC_SCHOLAR_URL: scholar.baseUrl, MLR_OPENALEX_URL: alex.baseUrl };
  const { references, citations } = await relatedWorks({ arxivId: '2407.00001' }, ports(environment));
  expect(references.papers.map(({ title }) => title)).toEqual(['A citedPaper']);
  expect(citations.papers.map(({ title }) => title)).toEqual(['A citingPaper']);
  expect(citations.asked.map(({ service, outcome }) => `${service} ${outcome}`)).toEqual([
    'Semantic Scholar answered',
    'OpenAlex answered',
  ]);
});

test('a base URL that is none is named with its setting', async () => {
  const asked = searchPapers('socks', ports({ MLR_ARXIV_URL: 'export.arxiv.org' }));
  await expect(asked).rejects.toThrow('MLR_ARXIV_URL is no URL: set it to one such as https://export.arxiv.org/api.');
});

test('services are asked through the proxy that is set; one that is none keeps nobody from the workspace’s own', async () => {
  await writeFile(path.join(here.folder, 'refs.bib'), '@article{w, title={Pairing socks at night}}');
  const proxy = await here.serve(answers(alexList(alexWork('W7', 'Pairing socks'))));
  const environment = { MLR_OPENALEX_URL: 'http://papers.invalid', MLR_SEMANTIC_SCHOLAR_URL: 'http://other.invalid' };
  const names = { proxy: 'http.proxy', except: 'http.noProxy' };
  const proxies = { http: proxy.baseUrl, https: 'nonsense://', except: '', names };
  const { papers, asked } = await searchPapers('socks', ports(environment, { proxies }));
  expect(papers.map(({ source }) => source)).toEqual(['local', 'OpenAlex']);
  expect(proxy.asked.some(({ headers }) => headers.host === 'papers.invalid')).toBe(true);
  expect(asked.at(-1)).toMatchObject({
    service: 'arXiv',
    outcome: 'not asked',
    detail: expect.stringMatching(/^arXiv was not asked: http\.proxy is no proxy that can be used/),
  });
});
