import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { RemoteEngine } from '../../../src/engine/client.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'mlr-client-'));
let server: Server | undefined;

afterEach(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('an engine that dies after it was reached and before it greeted is gone, and nobody waits for it', async () => {
  const socket = path.join(folder, 'engine');
  // A dying process was given the connection by the system, and reads what is asked no more.
  server = createServer((stream) => stream.once('data', () => stream.destroy()));
  await new Promise<void>((resolve) => {
    server?.listen(socket, resolve);
  });
  const surface = { name: 'test', version: '0', secret: async () => null };
  await expect(RemoteEngine.connect(socket, surface)).rejects.toMatchObject({ reason: 'gone' });
});
