import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alexList, alexWork, arxivEntry, arxivFeed } from '../../unit/papers/finding/shapes.ts';
import { hubModel } from '../../unit/papers/hub/shapes.ts';
import { type ServiceServer, serviceServer } from '../../unit/papers/services/serviceServer.ts';
import { mlr, start } from './commandLine.ts';

let cwd: string;
let services: ServiceServer;
beforeEach(async () => {
  cwd = mkdtempSync(path.join(tmpdir(), 'mlr-find-'));
  services = await serviceServer((response, { path: asked }) => {
    if (asked.startsWith('/arxiv')) response.end(arxivFeed(arxivEntry('2407.00001v2', 'Pairing socks')));
    else if (asked.startsWith('/alex')) response.end(JSON.stringify(alexList(alexWork('W7', 'Pairing socks'))));
    else if (asked.startsWith('/api/models')) response.end(JSON.stringify([hubModel('a/tiny')]));
    else response.writeHead(500).end();
  });
});
afterEach(async () => {
  await services.close();
  rmSync(cwd, { recursive: true, force: true });
});

test('the built command line finds papers and models, with a key that was kept for the service', async () => {
  writeFileSync(path.join(cwd, 'refs.bib'), '@article{w24, title={Pairing socks}, author={Weaver, Ada}, year=2024}');
  const env = {
    XDG_CONFIG_HOME: path.join(cwd, 'config'),
    MLR_CACHE: path.join(cwd, 'cache'),
    MLR_ARXIV_URL: `${services.baseUrl}/arxiv`,
    MLR_OPENALEX_URL: `${services.baseUrl}/alex`,
    MLR_SEMANTIC_SCHOLAR_URL: `${services.baseUrl}/scholar`,
    HF_ENDPOINT: services.baseUrl,
    HF_HUB_CACHE: path.join(cwd, 'hub'),
    MLR_API_KEY: 'for-the-model-alone',
  };
  const keeping = start(['models', 'key', 'set', '--base-url', services.baseUrl], { cwd, env });
  keeping.process.stdin.end('for-the-services\n');
  await keeping.ended;

  const found = await mlr(['find', 'pairing', 'socks', '--json'], { cwd, env });
  expect(found).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(found.out)).toMatchObject({
    papers: [{ title: 'Pairing socks', year: 2024, source: 'local', id: 'refs.bib#w24', arxivId: '2407.00001' }],
    asked: [
      { service: 'local', outcome: 'answered', found: 1 },
      { service: 'Semantic Scholar', outcome: 'failed', found: 0, detail: 'Semantic Scholar has failed (500).' },
      { service: 'OpenAlex', outcome: 'answered', found: 1 },
      { service: 'arXiv', outcome: 'answered', found: 1 },
    ],
  });
  const alex = services.asked.find(({ path: asked }) => asked.startsWith('/alex'));
  expect(alex?.query.get('api_key')).toBe('for-the-services');

  const models = await mlr(['find', '--models', 'tiny'], { cwd, env });
  expect(models.out).toContain('To load a/tiny');
  const hub = services.asked.find(({ path: asked }) => asked === '/api/models');
  expect(hub?.headers.authorization).toBe('Bearer for-the-services');
  expect(found.out + models.out).not.toContain('for-the-services');
});
