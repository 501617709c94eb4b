import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeLock } from '../../../src/runs/lock.ts';
import { EventLog } from '../../../src/session/log.ts';
import { listSessions, prepareStore, sessionFolder } from '../../../src/session/store.ts';

let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'mlr-store-'));
  await prepareStore(workspace);
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

describe('the sessions of a workspace', () => {
  test('are held while a process works on them, whichever it is, and left where it has ended', async () => {
    const folder = sessionFolder(workspace, '20260101-120000-abcdef');
    await mkdir(folder, { recursive: true });
    const log = await EventLog.open(folder);
    await log.append({ type: 'notice', text: 'begun' });
    const held = async () => (await listSessions(workspace)).map((session) => session.held);
    expect(await held()).toEqual([false]);
    const lock = await takeLock(path.join(folder, 'lock'));
    expect(await held()).toEqual([true]);
    await lock.release();
    expect(await held()).toEqual([false]);
  });
});
