import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asRelated, findingPorts, offerPrototype, worksAround } from '../../../src/session/literature.ts';
import type { Ports } from '../../../src/session/ports.ts';
import { gitServer } from '../../hosts/gitServer.ts';
import { userGit } from '../../hosts/scratchRepository.ts';
import { alexList, alexWork, arxivFeed, scholarSearch, scholarWork } from '../papers/finding/shapes.ts';
import { answers } from '../papers/services/serviceServer.ts';
import { bench } from '../papers/services/surroundings.ts';
import { beginSession, NO_MODEL, portsOf } from './beginSession.ts';

const here = bench();

let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'mlr-literature-'));
});
afterEach(() => rm(workspace, { recursive: true, force: true, maxRetries: 5 }));

const ports = (): Ports => portsOf(workspace);

test('a session that keeps everything on this machine searches its own papers alone', async () => {
  const session = await beginSession(path.join(workspace, 's'), { model: { ...NO_MODEL, localOnly: true } });
  const found = await worksAround({ title: 'Pairing socks' }, ['socks'], await findingPorts(session, ports()));
  expect(new Set(found.asked.slice(1).map(({ outcome }) => outcome))).toEqual(new Set(['not asked']));
});

test('the works around a paper are those on its keywords, those it cites and that cite it, without the paper itself', async () => {
  const own = { externalIds: null };
  const around: Record<string, object> = {
    references: { data: [{ citedPaper: scholarWork('cited', 'What it stands upon', own) }] },
    citations: { data: [{ citingPaper: scholarWork('citing', 'What came after it', own) }] },
  };
  const found = [scholarWork('self', 'Pairing Socks!', own), scholarWork('other', 'Another way to pair', own)];
  const scholar = await here.serve((response, { path: asked }) => {
    response.end(JSON.stringify(around[path.basename(asked)] ?? scholarSearch(...found)));
  });
  const alex = await here.serve(
    answers(alexList(alexWork('W9', 'What came after it', { doi: null, publication_year: 2024 }))),
  );
  const arxiv = await here.serve(answers(arxivFeed('')));
  const session = await beginSession(path.join(workspace, 's'));
  const environment = {
    MLR_CACHE: here.folder,
    MLR_SEMANTIC_SCHOLAR_URL: scholar.baseUrl,
    MLR_OPENALEX_URL: alex.baseUrl,
    MLR_ARXIV_URL: arxiv.baseUrl,
  };
  const finding = { ...(await findingPorts(session, ports())), environment, clock: here.clock };
  const { papers } = await worksAround({ title: 'Pairing socks' }, ['socks', 'pairs'], finding);
  expect(papers.map(asRelated)).toEqual([
    { title: 'What came after it', year: 2024, source: 'OpenAlex', id: 'W9' },
    { title: 'What it stands upon', year: 2024, source: 'Semantic Scholar', id: 'cited' },
    { title: 'Another way to pair', year: 2024, source: 'Semantic Scholar', id: 'other' },
  ]);
});

test('code is fetched where a person agrees at the gate, and never on autopilot', async () => {
  const root = path.join(workspace, 'remote');
  await mkdir(path.join(root, 'sock'), { recursive: true });
  userGit(root, 'init', '--quiet', 'sock');
  await writeFile(path.join(root, 'sock', 'LICENSE'), 'Apache License\nVersion 2.0, January 2004\n');
  userGit(path.join(root, 'sock'), 'add', '-A');
  userGit(path.join(root, 'sock'), 'commit', '--quiet', '-m', 'start');
  const server = await gitServer(root);
  try {
    const link = { url: `${server.baseUrl}/sock`, ref: null, where: 'paper' as const, words: '' };
    const alone = await beginSession(path.join(workspace, 'alone'));
    expect(await offerPrototype(alone, ports(), link)).toBeNull();
    const session = await beginSession(path.join(workspace, 'asked'), { policy: 'review' });
    session.onEvent((event) => {
      if (event.type === 'gate.opened') void session.answer(event.gate.id, { choice: 'approve' }, 'researcher');
    });
    expect(await offerPrototype(session, ports(), link)).toMatchObject({ files: 1, licence: { spdx: 'Apache-2.0' } });
    const said = session.log.events.findLast((event) => event.type === 'notice');
    expect(said).toMatchObject({ text: expect.stringMatching(/licence: Apache-2.0\. It may be used and changed/) });
  } finally {
    await server.close();
  }
});
