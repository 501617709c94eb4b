import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { type ChatServer, chatServer, refuses } from '../unit/models/chatServer.ts';
import { type ConnectProxy, connectProxy } from '../unit/models/connectProxy.ts';
import { paperToRead, sessionUntil } from './begunSession.ts';
import { endEngine } from './researchSession.ts';

suite('the proxy of the editor', () => {
  let server: ChatServer;
  let proxy: ConnectProxy;

  suiteSetup(async () => {
    server = await chatServer(refuses(404, { message: 'The model `m` does not exist', code: 'model_not_found' }));
    proxy = await connectProxy({ leadsTo: Number(new URL(server.baseUrl).port) });
    await paperToRead();
    process.env.MLR_API_KEY = 'sk-test-0123456789';
    await set('mlr', { model: 'm', baseUrl: 'http://gpu.lab.invalid/v1' });
  });

  suiteTeardown(async () => {
    delete process.env.MLR_API_KEY;
    await set('mlr', { model: undefined, baseUrl: undefined });
    await set('http', { proxy: undefined, noProxy: undefined });
    await endEngine();
    await Promise.all([proxy.close(), server.close()]);
  });

  test('is none to begin with: the engine asks for the model itself', async () => {
    assert.match(await failure(), /^gpu\.lab\.invalid cannot be reached /);
    assert.deepEqual(asked(), []);
  });

  test('leads to the model once it is set, though the engine began before', async () => {
    await set('http', { proxy: proxy.url });
    assert.match(await failure(), /^gpu\.lab\.invalid does not know the model m/);
    assert.deepEqual(asked(), ['POST http://gpu.lab.invalid/v1/chat/completions']);
  });

  test('is gone past for hosts that the editor’s settings except', async () => {
    await set('http', { proxy: proxy.url, noProxy: ['.lab.invalid'] });
    const before = asked();
    assert.match(await failure(), /^gpu\.lab\.invalid cannot be reached /);
    assert.deepEqual(asked(), before);
  });

  /** What it was asked for, without what the editor itself wanted. */
  function asked(): string[] {
    return proxy.asked.filter((one) => one.includes('gpu.lab.invalid'));
  }
});

async function failure(): Promise<string> {
  const events = await sessionUntil(({ type }) => type === 'session.failed');
  return events.find((event) => event.type === 'session.failed')?.message ?? '';
}

async function set(section: string, values: Record<string, unknown>): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    await vscode.workspace.getConfiguration(section).update(name, value, vscode.ConfigurationTarget.Global);
  }
}
