import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer, type Server } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ChatServer, chatServer, refuses } from '../../unit/models/chatServer.ts';
import { type ConnectProxy, connectProxy } from '../../unit/models/connectProxy.ts';
import { tinyWorkspace } from '../session/tinyWorkspace.ts';
import { mlr } from './commandLine.ts';

const paper = fileURLToPath(new URL('../../unit/papers/fixtures/socks.md', import.meta.url));
const HOST = 'models.lab.invalid';
const KEY = 'sk-very-secret-key';

let cwd: string;
let folder: string;
let server: ChatServer;
let secure: Server;
let proxy: ConnectProxy;
beforeEach(async () => {
  cwd = tinyWorkspace(0.1);
  folder = mkdtempSync(path.join(tmpdir(), 'mlr-proxy-'));
  // What it answers does not matter: whoever is refused a model has reached it.
  server = await chatServer(refuses(404, { message: 'The model `thinker` does not exist', code: 'model_not_found' }));
  secure = await withCertificate(Number(new URL(server.baseUrl).port));
  proxy = await connectProxy({ leadsTo: (secure.address() as AddressInfo).port, password: 'p4ss-word' });
});
afterEach(async () => {
  secure.close();
  await Promise.all([proxy.close(), server.close()]);
  for (const one of [cwd, folder]) rmSync(one, { recursive: true, force: true });
});

const certificate = () => path.join(folder, 'cert.pem');

/** A server of that name that nobody has heard of, with a certificate of its own. */
async function withCertificate(port: number): Promise<Server> {
  const key = path.join(folder, 'key.pem');
  const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const name = ['-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`];
  execFileSync('openssl', [...words, ...name, '-keyout', key, '-out', certificate()], { stdio: 'ignore' });
  const made = createServer({ key: readFileSync(key), cert: readFileSync(certificate()) }, (stream) => {
    const onward = connect(port, '127.0.0.1');
    stream.pipe(onward).pipe(stream);
    for (const one of [stream, onward]) one.on('error', () => undefined);
  });
  made.on('tlsClientError', () => undefined);
  made.listen(0, '127.0.0.1');
  await once(made, 'listening');
  return made;
}

const ideas = (env: Record<string, string>) =>
  mlr(['idea', '--paper', paper, '--model', 'thinker', '--base-url', `https://${HOST}/v1`], {
    cwd,
    env: { MLR_API_KEY: KEY, MLR_RETRIES: '0', ...NO_PROXIES, ...env },
  });
const NO_PROXIES = { https_proxy: '', HTTPS_PROXY: '', no_proxy: '', NO_PROXY: '', all_proxy: '', ALL_PROXY: '' };

test('HTTPS_PROXY leads to an endpoint that this machine cannot find, once its certificate is trusted', async () => {
  const found = await ideas({ HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: certificate() });
  expect(found.err).toMatch(/^mlr: models\.lab\.invalid does not know the model thinker: /m);
  expect(proxy.asked).toEqual([`CONNECT ${HOST}:443`]);
  expect(server.received.map(({ authorization }) => authorization)).toEqual([`Bearer ${KEY}`]);
});

test('a certificate that a proxy puts in is told with the way to trust it, and nothing is sent', async () => {
  const { code, err } = await ideas({ HTTPS_PROXY: proxy.url });
  expect(err).toMatch(
    /^mlr: The certificate of models\.lab\.invalid, which came through the proxy 127\.0\.0\.1:\d+, is not one that this program trusts \(self-signed certificate\): .*NODE_EXTRA_CA_CERTS/m,
  );
  expect(code).toBe(1);
  expect(server.received).toEqual([]);
});

test('a password that is wrong stands in no message and in no file', async () => {
  const { code, out, err } = await ideas({ HTTPS_PROXY: proxy.url.replace('p4ss-word', 'wr0ng-word') });
  expect(err).toMatch(/^mlr: The proxy 127\.0\.0\.1:\d+ asks who you are \(407\): put a name and a password into /m);
  expect(code).toBe(1);
  expect(out + err).not.toContain('wr0ng-word');
  const { stdout: written } = spawnSync('grep', ['-rl', 'wr0ng-word', cwd], { encoding: 'utf8' });
  expect(written).toBe('');
});

test('NO_PROXY goes past it, and `mlr models` says what is asked through what', async () => {
  const direct = await ideas({ HTTPS_PROXY: proxy.url, NO_PROXY: '.lab.invalid' });
  expect(direct.err).toMatch(/^mlr: models\.lab\.invalid cannot be reached \(getaddrinfo /m);
  expect(proxy.asked).toEqual([]);
  const shown = (env: Record<string, string>) =>
    mlr(['models'], { cwd, env: { MLR_MODEL: 'm', MLR_BASE_URL: `https://${HOST}/v1`, ...NO_PROXIES, ...env } });
  const { out } = await shown({ HTTPS_PROXY: proxy.url });
  expect(out).toContain(`through the proxy ${proxy.host}\n`);
  expect(out).not.toContain('p4ss-word');
  expect((await shown({ HTTPS_PROXY: proxy.url, NO_PROXY: HOST })).out).not.toContain('proxy');
});
