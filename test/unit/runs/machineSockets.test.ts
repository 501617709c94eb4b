import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { machineSockets } from '../../../src/runs/machineSockets.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlr-sockets-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe.runIf(process.platform === 'linux')('sockets of this machine', () => {
  test('are found once each by their path, spaces and all, while somebody listens', async () => {
    const path = join(folder, 'key agent.sock');
    const server = createServer();
    await new Promise<void>((listening) => server.listen(path, listening));
    expect(machineSockets().filter((found) => found === path)).toEqual([path]);
    await new Promise((closed) => server.close(closed));
    expect(machineSockets()).not.toContain(path);
  });

  test('are none where the path has gone, is no socket here, or has no file', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const row = (path: string) => `0000000000000000: 00000002 00000000 00010000 0001 01 23456 ${path}`;
    const table = [
      'Num       RefCount Protocol Flags    Type St Inode Path',
      row(file),
      row('/nowhere/a'),
      row('@abstract'),
    ];
    expect(machineSockets(table.join('\n'))).toEqual([]);
  });
});
