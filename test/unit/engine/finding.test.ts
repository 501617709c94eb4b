import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { RemoteEngine } from '../../../src/engine/client.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { EngineServer } from '../../../src/engine/server.ts';

test('an editor finds the workspace’s papers through the engine, and hears who was not asked', async () => {
  const workspace = await mkdtemp(path.join(tmpdir(), 'mlr-finding-'));
  await writeFile(path.join(workspace, 'refs.bib'), '@article{w24, title={Pairing socks}}');
  const engine = await Engine.open({ workspace, socket: null, supervisorArgv: [], secret: async () => null });
  const server = await EngineServer.listen(engine, path.join(workspace, 's'));
  const surface = await RemoteEngine.connect(path.join(workspace, 's'), {
    name: 'test',
    version: '0',
    secret: async () => null,
  });
  try {
    const { papers, asked } = await surface.findPapers({ words: 'socks', localOnly: true });
    expect(papers.map(({ id }) => id)).toEqual(['refs.bib#w24']);
    expect(asked.map(({ outcome }) => outcome)).toEqual(['answered', 'not asked', 'not asked', 'not asked']);
    const models = await surface.findOnHub({ kind: 'models', words: 'no such model at all', localOnly: true });
    expect(models.asked.at(-1)).toMatchObject({ service: 'Hugging Face Hub', outcome: 'not asked' });
  } finally {
    surface.dispose();
    server.close();
    await engine.close();
    await rm(workspace, { recursive: true });
  }
});
