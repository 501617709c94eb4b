import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SessionEvent } from '../../../src/domain/event.ts';
import type { Surface } from '../../../src/engine/client.ts';
import { socketPath } from '../../../src/engine/socketPath.ts';
import { type ChatServer, refuses } from '../../unit/models/chatServer.ts';
import { type ConnectProxy, connectProxy } from '../../unit/models/connectProxy.ts';
import { placesOf } from '../session/keySearch.ts';
import { scriptedEndpoint } from '../session/scriptedEndpoint.ts';
import { tinyWorkspace } from '../session/tinyWorkspace.ts';
import { attached } from './attached.ts';

const program = fileURLToPath(new URL('../../../dist/engine.mjs', import.meta.url));
const KEY = 'sk-proj/9+Qz=7&%"\\<Wm4-live_Tb8Xc1Lr5';
const PASSWORD = 'Kq7-proxy_Word9-Vx3mJ2pQ8sT5';

let top: string;
let workspace: string;
let endpoint: ChatServer;
let proxy: ConnectProxy;
let engine: ChildProcess;
beforeEach(async () => {
  top = realpathSync(mkdtempSync(path.join(tmpdir(), 'mlr-secrets-')));
  workspace = path.join(top, 'workspace');
  renameSync(tinyWorkspace(0), workspace);
  writeFileSync(
    path.join(workspace, 'paper.md'),
    '# On Levels\n\n## Abstract\n\nLevels.\n\n## Method\n\nWe set one.\n',
  );
  const basic = Buffer.from(`researcher:${PASSWORD}`).toString('base64');
  const quotes = { message: `Sent: Authorization: Bearer ${KEY}, ${encodeURIComponent(KEY)}; Basic ${basic}` };
  const nobody = () => '';
  endpoint = await scriptedEndpoint(
    { submit_ideas: nobody, submit_changes: nobody, submit_change_review: nobody, submit_review: nobody },
    refuses(400, quotes),
  );
  proxy = await connectProxy({ leadsTo: Number(new URL(endpoint.baseUrl).port), password: PASSWORD });
  engine = serve();
});
afterEach(async () => {
  engine.kill('SIGKILL');
  await Promise.all([proxy.close(), endpoint.close()]);
  rmSync(top, { recursive: true, force: true });
});

/** As an editor starts it: on its own, what it prints in a file, and no key in its environment. */
function serve(): ChildProcess {
  for (const folder of ['workspace/.mlr', 'home']) mkdirSync(path.join(top, folder));
  const log = openSync(path.join(workspace, '.mlr', 'engine.log'), 'a');
  const kept = Object.entries(process.env).filter(([name]) => !/KEY|^MLR_|^XDG_(?!RUNTIME)|_PROXY$/i.test(name));
  const env = { ...Object.fromEntries(kept), HOME: path.join(top, 'home') };
  return spawn(process.execPath, [program, 'serve', '--workspace', workspace], { stdio: ['ignore', log, log], env });
}

test('a key and a proxy’s password that an editor hands over stand in no file, though the endpoint quotes them', async () => {
  const names = { proxy: 'http.proxy', except: 'http.noProxy' };
  const surface: Surface = {
    name: 'test',
    version: '0',
    secret: async (name) => (name === 'MLR_API_KEY@gpu.lab.invalid' ? KEY : null),
    proxies: () => ({ http: proxy.url, https: proxy.url, except: '', names }),
  };
  const remote = await attached(await socketPath(workspace), surface);
  const ended = new Promise<SessionEvent>((resolve) => {
    remote.onEvent((_, event) => event.type === 'session.failed' && resolve(event));
  });
  await remote.start({
    assignment: { kind: 'idea', paper: path.join(workspace, 'paper.md') },
    policy: 'autopilot',
    unconfined: true,
    budgetTokens: null,
    model: {
      ...{ baseUrl: 'http://gpu.lab.invalid/v1', model: 'm', replay: null, record: path.join(top, 'all.json') },
      ...{ firstTokenSeconds: null, retries: 0 },
    },
  });
  const failed = await ended;
  expect(endpoint.received.map(({ authorization }) => authorization)).toEqual([`Bearer ${KEY}`]);
  expect(failed).toMatchObject({ message: expect.stringContaining('[key]') as string });
  engine.kill('SIGTERM');
  await once(engine, 'exit');
  remote.dispose();
  for (const secret of [KEY, PASSWORD]) {
    const { found, searched } = placesOf(secret, top);
    expect(found).toEqual([]);
    expect(searched).toBeGreaterThan(30);
  }
});
