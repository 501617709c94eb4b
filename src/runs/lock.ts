import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, open, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { HAS_PROC, readProcess } from './processTable.ts';
import { RunError, systemCode } from './runError.ts';
import { readIfThere } from './runFolder.ts';

/** Who holds a lock; what the holder added (a socket, say) stands beside it. */
export const LockOwner = z.looseObject({
  host: z.string(),
  pid: z.number().int(),
  /** Tells the holder from a later process with the same pid. */
  started: z.string(),
  token: z.string(),
});
export type LockOwner = z.infer<typeof LockOwner>;

export interface Lock {
  readonly path: string;
  readonly owner: LockOwner;
  /** Whether the file is still ours: false after somebody took over while this process slept. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

/** The holder refreshes the file this often; another host believes in it for a minute. Milliseconds. */
const HEARTBEAT = 10_000;
const SILENT_AFTER = 60_000;
/** An unreadable file may still be being written, a takeover being made. Milliseconds. */
const WRITING = 1_000;

/**
 * Takes a lock made with O_EXCL; a stale one is taken over: its process is gone (same host), or has been silent for
 * a minute (another host).
 * @throws RunError `locked` while a live process holds it.
 */
export async function takeLock(path: string, extra: Record<string, unknown> = {}): Promise<Lock> {
  await mkdir(dirname(path), { recursive: true });
  const token = randomBytes(8).toString('hex');
  const owner = { ...extra, host: hostname(), pid: process.pid, started: startOf(process.pid) ?? '', token };
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await createExclusive(path, JSON.stringify(owner))) return heldLock(path, owner);
    const found = await readLock(path);
    if (found.live) {
      const who = found.owner ? `process ${found.owner.pid} on ${found.owner.host}` : 'a starting process';
      throw new RunError('locked', `${path} is held by ${who}; end that one, or wait for it.`);
    }
    await removeStale(path);
  }
  throw new RunError('locked', `${path} could not be taken: others keep taking it over; try again.`);
}

/** Who holds the lock, and whether that process lives. An owner of null: no file, or one still being written. */
export async function readLock(path: string): Promise<{ live: boolean; owner: LockOwner | null }> {
  const text = await readIfThere(path);
  if (text === null) return { live: false, owner: null };
  const owner = parseOwner(text);
  const silentFor = await millisecondsSince(path);
  if (owner === null) return { live: silentFor < WRITING, owner: null };
  if (owner.host !== hostname()) return { live: silentFor < SILENT_AFTER, owner };
  return { live: startOf(owner.pid) === owner.started, owner };
}

function heldLock(path: string, owner: LockOwner): Lock {
  const isHeld = async () => parseOwner((await readIfThere(path)) ?? '')?.token === owner.token;
  const beat = setInterval(() => {
    const now = new Date();
    // A beat that fails (a full or vanished disk) is a missed beat: the file's age tells others.
    utimes(path, now, now).catch(() => undefined);
  }, HEARTBEAT);
  beat.unref();
  return {
    path,
    owner,
    isHeld,
    release: async () => {
      clearInterval(beat);
      if (await isHeld()) await rm(path, { force: true });
    },
  };
}

/** Only one process at a time may remove a stale lock; otherwise the second would remove the first one's new lock. */
async function removeStale(path: string): Promise<void> {
  const guard = `${path}.takeover`;
  if (!(await createExclusive(guard, String(process.pid)))) {
    if ((await millisecondsSince(guard)) > WRITING) await rm(guard, { force: true });
    await sleep(10);
    return;
  }
  try {
    if (!(await readLock(path)).live) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

async function createExclusive(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function millisecondsSince(path: string): Promise<number> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return Number.POSITIVE_INFINITY;
    throw error;
  }
}

function parseOwner(text: string): LockOwner | null {
  try {
    return LockOwner.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Start of a process, with the machine's boot, so that neither pid nor reboot can be mistaken; null when it is gone. */
function startOf(pid: number): string | null {
  const row = readProcess(pid);
  if (row === null) return null;
  return HAS_PROC ? `${row.started}@${bootId()}` : row.started;
}

let thisBoot: string | undefined;

function bootId(): string {
  thisBoot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return thisBoot;
}
