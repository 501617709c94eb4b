import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Lender } from '../../../src/domain/lentModel.ts';
import { chatModel } from '../../../src/session/model.ts';
import { modelsHere } from '../../../src/session/modelsHere.ts';
import type { Ports } from '../../../src/session/ports.ts';
import { beginSession, NO_MODEL } from './beginSession.ts';

const lender: Lender = {
  models: async () => [{ id: 'copilot/large', name: 'Large', contextTokens: 32_000 }],
  ask: async () => ({ kind: 'none', why: 'nobody', said: '' }),
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mlr-lent-'));
});
afterEach(() => rm(folder, { recursive: true }));

function ports(more: Partial<Ports['modelChoice']> = {}): Ports {
  return {
    workspace: folder,
    supervisorArgv: [],
    proxies: async () => null,
    modelChoice: { ...NO_MODEL, model: 'editor:copilot/large', ...more },
    secret: async () => {
      throw new Error('no key is needed');
    },
    lender,
    onDelta: () => undefined,
  };
}

test('a session thinks with a model of the editor, asks for no key, and says once what such a model lacks', async () => {
  const session = await beginSession(path.join(folder, 's1'));
  expect(await chatModel(session, ports())).toMatchObject({ name: 'Large of the editor', contextTokens: 32_000 });
  await chatModel(session, ports());
  const notices = session.log.events.filter(({ type }) => type === 'notice');
  expect(notices).toHaveLength(1);
  expect(notices[0]).toMatchObject({ text: expect.stringContaining('no instructions apart') as string });
});

test('nobody knows where an editor asks, so nothing is asked of it where nothing may leave this machine', async () => {
  const session = await beginSession(path.join(folder, 's1'));
  await expect(chatModel(session, ports({ localOnly: true }))).rejects.toMatchObject({ reason: 'left-machine' });
});

test('the list of models names one of the editor without looking for it at OpenAI', async () => {
  const { chosen } = await modelsHere(
    { model: 'editor:copilot/large', baseUrl: null },
    { environment: {}, origins: [] },
  );
  expect(chosen).toMatchObject({ model: 'editor:copilot/large', baseUrl: 'the editor', key: null, price: null });
});
