import { tmpdir } from 'node:os';
import { afterEach, expect, test, vi } from 'vitest';
import { temporaryPlace } from '../../../src/runs/memoryFolders.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('temporary files of a run go where TMPDIR says', () => {
  vi.stubEnv('TMPDIR', '/var/tmp');
  expect(temporaryPlace()).toBe(tmpdir());
});

test.runIf(process.platform === 'linux')('temporary files of a run go to the disk where TMPDIR lies in memory', () => {
  vi.stubEnv('TMPDIR', '/dev/shm');
  expect(temporaryPlace()).toBe('/var/tmp');
});
