import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ServiceServer, serviceServer } from '../../unit/papers/services/serviceServer.ts';
import { mlr } from './commandLine.ts';

const PDF = readFileSync(path.join(import.meta.dirname, '../../unit/papers/fixtures/socks.pdf'));
const TITLE = 'Weigh First: Pairing Socks by Their Weight before Looking at Their Colour';

let cwd: string;
let services: ServiceServer;
let env: Record<string, string>;
beforeEach(async () => {
  cwd = mkdtempSync(path.join(tmpdir(), 'mlr-read-'));
  services = await serviceServer((response, { path: asked }) => {
    if (asked === '/arxiv/pdf/2408.14033') response.end(PDF);
    else if (asked === '/alex/works/doi:10.1000/socks.7') {
      const pdf = { is_oa: true, pdf_url: `${services.baseUrl}/arxiv/pdf/2408.14033` };
      response.end(JSON.stringify({ id: 'https://openalex.org/W7', best_oa_location: pdf, locations: [pdf] }));
    } else response.writeHead(404).end();
  });
  env = {
    MLR_CACHE: path.join(cwd, 'cache'),
    MLR_ARXIV_URL: `${services.baseUrl}/arxiv/api`,
    MLR_OPENALEX_URL: `${services.baseUrl}/alex`,
    MLR_SEMANTIC_SCHOLAR_URL: `${services.baseUrl}/scholar`,
    MLR_DOI_URL: `${services.baseUrl}/doi`,
  };
});
afterEach(async () => {
  await services.close();
  rmSync(cwd, { recursive: true, force: true });
});

test('the built command line reads a paper by its arXiv id, its DOI and its address', async () => {
  for (const named of ['2408.14033', '10.1000/socks.7', `${services.baseUrl}/arxiv/pdf/2408.14033`]) {
    const read = await mlr(['read', named, '--json'], { cwd, env });
    expect(read).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(read.out)).toMatchObject({ title: TITLE, pages: 4 });
  }
});

test('an idea and a whole research begin from a paper that is no file, and the log says where it was read', async () => {
  const begun = await mlr(['idea', '--paper', 'arXiv:2408.14033', '--policy', 'autopilot', '--json'], { cwd, env });
  // Nothing is there to think with: the paper was read before that was found out.
  expect(begun.err).toContain(TITLE);
  const sessions = await mlr(['sessions', '--json'], { cwd, env });
  expect(JSON.parse(sessions.out)).toMatchObject({ sessions: [{ kind: 'idea', title: TITLE }] });
});

test('local only refuses with one sentence, and a misspelt file begins nothing', async () => {
  const at = { cwd, env: { ...env, MLR_ARXIV_URL: '' } };
  const refused = await mlr(['read', '2408.14033', '--local-only'], at);
  expect(refused).toMatchObject({
    code: 2,
    out: '',
    err: 'mlr: https://export.arxiv.org/pdf/2408.14033: not fetched; local only is on (mlr.localOnly, --local-only or MLR_LOCAL_ONLY).\n',
  });
  const misspelt = await mlr(['research', '--paper', 'papr.pdf'], at);
  expect(misspelt.code).toBe(2);
  expect(misspelt.err).toContain(
    'there is no such file; --paper takes the path of one, an arXiv id, a DOI or an address',
  );
  expect(JSON.parse((await mlr(['sessions', '--json'], at)).out)).toEqual({ sessions: [] });
});
