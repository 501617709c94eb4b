import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLock, takeLock } from '../../../src/runs/lock.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-test-'));
  path = join(folder, 'lock');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function forge(changes: Record<string, unknown>, age = 0): Promise<void> {
  const lock = await takeLock(path);
  await lock.release();
  await writeFile(path, JSON.stringify({ ...lock.owner, token: 'other', ...changes }));
  const then = new Date(Date.now() - age);
  await utimes(path, then, then);
}

test('a lock tells who holds it, with what the holder added', async () => {
  const lock = await takeLock(path, { socket: '/s' });
  expect(await readLock(path)).toMatchObject({ live: true, owner: { pid: process.pid, socket: '/s' } });
  await lock.release();
  expect(await readLock(path)).toEqual({ live: false, owner: null });
});

test('a held lock is refused, and the holder named', async () => {
  const lock = await takeLock(path);
  await expect(takeLock(path)).rejects.toMatchObject({
    reason: 'locked',
    message: expect.stringContaining(`process ${process.pid}`),
  });
  await lock.release();
});

test.each([
  ['whose process is gone', { pid: 2 ** 22 + 1 }, 0],
  ['whose pid belongs to a later process', { started: '1@other-boot' }, 0],
  ['of another host that has been silent for a minute', { host: 'elsewhere' }, 61_000],
])('a lock %s is taken over', async (_, changes, age) => {
  await forge(changes, age);
  expect((await readLock(path)).live).toBe(false);
  const lock = await takeLock(path);
  expect(await lock.isHeld()).toBe(true);
});

test('a lock of another host that was refreshed lately is believed', async () => {
  await forge({ host: 'elsewhere', pid: 2 ** 22 + 1 }, 30_000);
  await expect(takeLock(path)).rejects.toMatchObject({ reason: 'locked' });
});

test('a torn lock is believed while it may still be being written, and no longer', async () => {
  await writeFile(path, '{"host":');
  expect((await readLock(path)).live).toBe(true);
  const then = new Date(Date.now() - 5_000);
  await utimes(path, then, then);
  expect(await (await takeLock(path)).isHeld()).toBe(true);
});

test('of many who take over a stale lock at once, one gets it', async () => {
  await forge({ pid: 2 ** 22 + 1 });
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(path)));
  expect(tries.filter((made) => made.status === 'fulfilled')).toHaveLength(1);
});

test('whoever lost a lock does not remove its successor', async () => {
  const lost = await takeLock(path);
  const owner = JSON.stringify({ ...lost.owner, token: 'successor' });
  await writeFile(path, owner);
  expect(await lost.isHeld()).toBe(false);
  await lost.release();
  expect(await readFile(path, 'utf8')).toBe(owner);
});

test('the lock of a program that was killed is free at once', async () => {
  const lock = await takeLock(path);
  await lock.release();
  const pid = Number(execFileSync('/bin/sh', ['-c', 'sleep 0.01 & echo $!; wait'], { encoding: 'utf8' }));
  await writeFile(path, JSON.stringify({ ...lock.owner, pid }));
  expect((await readLock(path)).live).toBe(false);
});
