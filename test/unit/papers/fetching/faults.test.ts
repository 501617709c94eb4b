import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PaperCache } from '../../../../src/papers/fetching/paperCache.ts';
import { answers, type Turn } from '../services/serviceServer.ts';
import { fetchBench, file, HOUR, PDF, read, refusal, TITLE } from './fetchBench.ts';

const here = fetchBench();
const { site, ports } = here;

test('a passing failure is tried once more, after as long as the server asks for', async () => {
  const server = await here.serve(answers('', 503, { 'retry-after': '7' }), file(PDF));
  expect((await read(`${server.baseUrl}/p.pdf`, ports(server))).paper.title).toBe(TITLE);
  expect(here.clock.waits).toContain(7000);
});

test('who asks to be asked less often is left alone, by the next paper too', async () => {
  const server = await here.serve(answers('', 429, { 'retry-after': '60' }));
  expect((await refusal(read(`${server.baseUrl}/p.pdf`, ports(server)))).reason).toBe('throttled');
  const error = await refusal(read(`${server.baseUrl}/q.pdf`, ports(server)));
  expect(error.message).toContain('not asked, because it asked to be asked less often');
  expect(server.asked).toHaveLength(1);
});

const half: Turn = (response) => {
  response.writeHead(200, { 'content-type': 'application/pdf', 'content-length': PDF.length });
  response.write(PDF.subarray(0, 4000));
  setTimeout(() => response.destroy(), 20);
};
const endless: Turn = (response) => {
  response.writeHead(200, { 'content-type': 'application/pdf' });
  const more = () => {
    for (let go = true; go && !response.destroyed; ) go = response.write(Buffer.alloc(1024 * 1024, 0x25));
    response.once('drain', more);
  };
  more();
};
const CAPTCHA =
  '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1></body></html>';

test.each<[string, Turn, string, RegExp]>([
  ['says 404', answers('', 404), 'missing', /has no such paper \(404\)/],
  ['says 500', answers('', 500), 'unreachable', /the server has failed \(500\)/],
  ['wants a login', answers('', 401), 'refused', /wants a login, or answers no programs \(401\)/],
  [
    'answers with a page for people',
    file(CAPTCHA, 'text/html'),
    'unsupported',
    /a web page \(“Checking your browser”\)/,
  ],
  ['calls a page a PDF', file(CAPTCHA), 'unsupported', /a web page/],
  ['answers with half a body', half, 'unreachable', /breaks off in the middle/],
  ['answers with half a PDF', file(PDF.subarray(0, 40_000)), 'truncated', /cut short or damaged/],
  ['answers with nothing', file(''), 'unreachable', /answers with nothing/],
  ['never answers', () => undefined, 'unreachable', /no answer within 0\.3 s/],
  [
    'begins and says no more',
    (response) => void response.writeHead(200).write('%PDF'),
    'unreachable',
    /no answer within 0\.3 s/,
  ],
  [
    'sends 200 MB and says so',
    (response) => void response.writeHead(200, { 'content-length': 200_000_000 }).write('%'),
    'too-large',
    /larger than the 62 MiB/,
  ],
  ['sends without end', endless, 'too-large', /larger than the 62 MiB/],
  ['sends something else', file('{"a": 1}', 'application/json'), 'unsupported', /this is no PDF/],
])('a server that %s is told of in one sentence with the way out', async (_, turn, reason, words) => {
  const server = await here.serve(turn);
  const around = {
    ...here.around(),
    patience: { silence: /no answer/.test(words.source) ? 300 : 20_000, whole: 60_000 },
  };
  const error = await refusal(read(`${server.baseUrl}/p.pdf`, ports(server, { around })));
  expect(error.reason).toBe(reason);
  expect(error.message).toMatch(words);
  expect(await readdir(path.join(here.folder, 'papers')).catch(() => [])).toEqual([]);
});

test('a server that is not there is told of, and an earlier copy is read', async () => {
  const server = await site({ '/p.pdf': file(PDF) });
  const url = `${server.baseUrl}/p.pdf`;
  await read(url, ports(server));
  await server.close();
  here.clock.advance(200 * HOUR);
  const { paper } = await read(url, ports(server));
  expect(paper.title).toBe(TITLE);
  expect(paper.notices?.[0]).toMatch(/cannot be reached \(ECONNREFUSED\).* The copy of .* was read\.$/);
  expect((await refusal(read(`${server.baseUrl}/q.pdf`, ports(server)))).reason).toBe('unreachable');
});

test('a copy that was torn by a crash is fetched anew, and a folder that cannot be written keeps nobody from reading', async () => {
  const server = await site({ '/pdf/2408.14033v2': file(PDF) });
  await read('2408.14033v2', ports(server));
  const folder = path.join(here.folder, 'papers');
  for (const name of await readdir(folder)) await writeFile(path.join(folder, name), '{');
  expect((await read('2408.14033v2', ports(server))).paper.title).toBe(TITLE);
  expect(server.asked).toHaveLength(2);
  const blocked = path.join(here.folder, 'file');
  await writeFile(blocked, '');
  const cache = new PaperCache(path.join(blocked, 'x'));
  expect((await read('2408.14033v2', ports(server, { cache }))).paper.title).toBe(TITLE);
});

test('whoever stops waiting is let go at once', async () => {
  const server = await here.serve(() => undefined);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 50);
  await expect(read(`${server.baseUrl}/p`, ports(server, { signal: stop.signal }))).rejects.toMatchObject({
    name: 'AbortError',
  });
});
