import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { EngineApi } from '../../../src/engine/api.ts';
import { RemoteEngine } from '../../../src/engine/client.ts';
import { EngineServer } from '../../../src/engine/server.ts';

test('what an editor saved reaches the engine, and a failure of it reaches the editor', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'mlr-takeup-'));
  const told: string[] = [];
  const engine = {
    info: { version: '0', workspace: '/w', pid: 1 },
    onEvent: () => () => undefined,
    onDelta: () => () => undefined,
    takeUpFiles: async (paths: readonly string[]) => {
      if (paths.includes('gone.py')) throw new Error('the thread ended');
      told.push(...paths);
    },
  } as unknown as EngineApi;
  const server = await EngineServer.listen(engine, path.join(folder, 's'));
  const surface = await RemoteEngine.connect(path.join(folder, 's'), {
    name: 'test',
    version: '0',
    secret: async () => null,
  });
  try {
    await surface.takeUpFiles(['train.py', 'lib/layers.py']);
    expect(told).toEqual(['train.py', 'lib/layers.py']);
    await expect(surface.takeUpFiles(['gone.py'])).rejects.toThrow('the thread ended');
  } finally {
    surface.dispose();
    server.close();
    await rm(folder, { recursive: true });
  }
});
