import { readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { expect, test } from 'vitest';
import { type OpenCopies, openCopies } from '../../../../src/papers/fetching/openCopies.ts';
import { PaperCache } from '../../../../src/papers/fetching/paperCache.ts';
import type { Turn } from '../services/serviceServer.ts';
import { answers } from '../services/serviceServer.ts';
import { NEVER } from '../services/surroundings.ts';
import { FIXTURES, fetchBench, file, HOUR, NO_COPIES, PDF, read, refusal, TITLE } from './fetchBench.ts';

const here = fetchBench();
const { site, ports } = here;

/** The source of a paper as arXiv packs it. */
async function archive(): Promise<Buffer> {
  const body = readFileSync(path.join(FIXTURES, 'socksBody.tex'), 'utf8');
  const main = readFileSync(path.join(FIXTURES, 'socks.tex'), 'utf8');
  const entry = (name: string, text: string) => ({ header: { name, size: Buffer.byteLength(text) }, body: text });
  return gzipSync(await packTar([entry('socks.tex', main), entry('socksBody.tex', body)]));
}

test('an arXiv id is read from its PDF, once, and of a version for good', async () => {
  const server = await site({ '/pdf/2408.14033v2': file(PDF), '/pdf/2408.14033': file(PDF) });
  const first = await read('2408.14033v2', ports(server));
  expect(first.paper.title).toBe(TITLE);
  expect(first.url).toBe(`${server.baseUrl}/pdf/2408.14033v2`);
  expect(first.sha256).toMatch(/^[\da-f]{64}$/);
  here.clock.advance(1000 * HOUR);
  expect(await read('https://arxiv.org/abs/2408.14033v2', ports(server))).toEqual(first);
  expect(server.asked).toHaveLength(1);
  await read('2408.14033', ports(server));
  here.clock.advance(25 * HOUR);
  await read('2408.14033', ports(server));
  expect(server.asked).toHaveLength(3);
});

test('what was fetched is for its owner alone', async () => {
  const server = await site({ '/pdf/2408.14033v2': file(PDF) });
  await read('2408.14033v2', ports(server));
  const folder = path.join(here.folder, 'papers');
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  for (const name of await readdir(folder)) expect((await stat(path.join(folder, name))).mode & 0o777).toBe(0o600);
});

test('a paper whose PDF is missing, or a picture, is read from its source, and from its source alone where asked', async () => {
  const source = await archive();
  const scanned = readFileSync(path.join(FIXTURES, 'scanned.pdf'));
  for (const pages of [{}, { '/pdf/2408.14033': file(scanned) }]) {
    const server = await site({ ...pages, '/e-print/2408.14033': file(source, 'application/x-eprint-tar') });
    const cache = new PaperCache(path.join(here.folder, JSON.stringify(Object.keys(pages).length)));
    const { paper, url } = await read('2408.14033', ports(server, { cache }));
    expect(paper.title).toBe(TITLE);
    expect(paper.pages).toBe(0);
    expect(url).toContain('/e-print/');
  }
  const server = await site({ '/pdf/2408.14033': file(PDF), '/e-print/2408.14033': file(source) });
  expect((await read('https://arxiv.org/src/2408.14033', ports(server))).paper.pages).toBe(0);
});

test('the source may come unpacked by the server, as arXiv sends it', async () => {
  const source = await archive();
  const packed: Turn = (response) =>
    void response
      .writeHead(200, { 'content-type': 'application/x-eprint-tar', 'content-encoding': 'x-gzip' })
      .end(source);
  const server = await site({ '/e-print/2408.14033': packed });
  expect((await read('https://arxiv.org/e-print/2408.14033', ports(server))).paper.title).toBe(TITLE);
});

test('a DOI is read from an open copy, then from arXiv, then from the file that its page names', async () => {
  const page = `<!doctype html><html><head><title>Socks</title><meta name="citation_pdf_url" content="/files/7.pdf"></head><body>Buy it.</body></html>`;
  const pages = {
    '/open.pdf': file(PDF),
    '/pdf/2408.14033': file(PDF),
    '/doi/10.1000/socks.7': answers('', 302, { location: '/landing/7' }),
    '/landing/7': file(page, 'text/html; charset=utf-8'),
    '/files/7.pdf': file(PDF),
  };
  const server = await site(pages);
  const copies: [OpenCopies, string][] = [
    [
      { urls: [`${server.baseUrl}/gone.pdf`, `${server.baseUrl}/open.pdf`], arxivId: '2408.14033', told: [] },
      '/open.pdf',
    ],
    [{ urls: [`${server.baseUrl}/gone.pdf`], arxivId: '2408.14033', told: [] }, '/pdf/2408.14033'],
    [NO_COPIES, '/files/7.pdf'],
  ];
  for (const [found, from] of copies) {
    const cache = new PaperCache(path.join(here.folder, from));
    const { url, paper } = await read('10.1000/Socks.7', ports(server, { cache, openCopies: async () => found }));
    expect(url).toBe(server.baseUrl + from);
    expect(paper.title).toBe(TITLE);
  }
});

/** Shapes of https://developers.openalex.org/api-reference/works (Work) and https://api.semanticscholar.org/api-docs/graph
 *  (FullPaper). */
test('open copies are those that OpenAlex and Semantic Scholar know, and who gave no answer is told', async () => {
  const alex = await here.serve(
    answers({
      id: 'https://openalex.org/W7',
      best_oa_location: { is_oa: true, landing_page_url: 'https://a.example/7', pdf_url: 'https://a.example/7.pdf' },
      locations: [
        { is_oa: true, pdf_url: 'https://a.example/7.pdf' },
        { is_oa: false, pdf_url: 'https://closed.example/7.pdf' },
        { is_oa: true, landing_page_url: 'https://b.example/7', pdf_url: null },
      ],
    }),
  );
  const scholar = await here.serve(
    answers({
      paperId: 'a7',
      externalIds: { DOI: '10.1000/SOCKS.7', ArXiv: '2408.14033' },
      openAccessPdf: { url: 'https://c.example/7.pdf', status: 'GREEN' },
    }),
    answers('{"error":"Paper not found"}', 404),
  );
  const ask = () => {
    const doors = {
      openAlex: here.door({ ...alex, name: 'OpenAlex' }),
      semanticScholar: here.door({ ...scholar, name: 'Scholar' }),
    };
    return openCopies('10.1000/socks.7', doors, NEVER);
  };
  const urls = ['https://a.example/7.pdf', 'https://c.example/7.pdf'];
  expect(await ask()).toEqual({ urls, arxivId: '2408.14033', told: [] });
  expect(alex.asked[0]?.path).toBe('/works/doi:10.1000/socks.7');
  expect(scholar.asked[0]?.path).toBe('/paper/DOI:10.1000/socks.7');
  here.clock.advance(1000 * HOUR);
  const down = await here.serve(answers('', 500));
  const doors = {
    openAlex: here.door({ ...down, name: 'OpenAlex' }),
    semanticScholar: here.door({ ...scholar, name: 'Scholar' }),
  };
  const other = await openCopies('10.1000/other', doors, NEVER);
  expect(other).toEqual({ urls: [], arxivId: null, told: ['OpenAlex has failed (500)', 'Scholar does not know it'] });
});

test('a DOI without an open copy says who was asked and what to do', async () => {
  const server = await site({ '/doi/10.1000/closed': answers('', 403) });
  const told = ['OpenAlex does not know it'];
  const error = await refusal(
    read('10.1000/closed', ports(server, { openCopies: async () => ({ ...NO_COPIES, told }) })),
  );
  expect(error.reason).toBe('refused');
  expect(error.message).toMatch(
    /^doi:10\.1000\/closed: no copy could be read \(OpenAlex does not know it; http.*answers no programs \(403\)\); download the paper and give its path\.$/,
  );
});

test('a redirect is followed to another host, not from the public network into this one, and not in a circle', async () => {
  const server = await site({
    '/a': (response, { path: asked }) => void response.writeHead(302, { location: asked }).end(),
  });
  expect((await refusal(read(`${server.baseUrl}/a`, ports(server)))).message).toContain('redirects in a circle');
  const other = await site({ '/paper': file(PDF) });
  const elsewhere = other.baseUrl.replace('127.0.0.1', 'localhost');
  const leads = await site({ '/b': answers('', 301, { location: `${elsewhere}/paper` }) });
  expect((await read(`${leads.baseUrl}/b`, ports(leads))).url).toBe(`${elsewhere}/paper`);
  const inside: typeof fetch = async () =>
    new Response(null, { status: 302, headers: { location: `${other.baseUrl}/paper` } });
  const around = { ...ports(server).around, reach: async () => ({ fetch: inside }) };
  const error = await refusal(read('https://public.example/x', ports(server, { around })));
  expect(error).toMatchObject({ reason: 'refused' });
  expect(error.message).toContain('which is not followed');
});

test('with local only nothing is asked, and what was fetched before is read', async () => {
  const server = await site({ '/pdf/2408.14033': file(PDF) });
  const refused = 'local only is on (mlr.localOnly, --local-only or MLR_LOCAL_ONLY).';
  const around = { ...ports(server).around, reach: async () => ({ refused }) };
  const error = await refusal(read('2408.14033', ports(server, { around })));
  expect(error.reason).toBe('not-asked');
  expect(error.message).toBe(`${server.baseUrl}/pdf/2408.14033: not fetched; ${refused}`);
  expect(server.asked).toHaveLength(0);
  await read('2408.14033', ports(server));
  here.clock.advance(1000 * HOUR);
  const { paper } = await read('2408.14033', ports(server, { around }));
  expect(paper.title).toBe(TITLE);
  expect(paper.notices?.join()).toMatch(/local only is on .* The copy of \d{4}-\d\d-\d\d was read\.$/);
});
