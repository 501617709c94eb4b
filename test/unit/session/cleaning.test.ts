import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EndedRun } from '../../../src/domain/run.ts';
import { hashBeside } from '../../../src/runs/besideRecord.ts';
import { hashOutput } from '../../../src/runs/outputFolder.ts';
import { environmentsFolder, runFolder, writeRecord } from '../../../src/runs/runFolder.ts';
import { cleanWorkspace } from '../../../src/session/cleaning.ts';
import type { Session } from '../../../src/session/session.ts';
import { prepareStore, sessionFolder } from '../../../src/session/store.ts';
import { verifyRuns } from '../../../src/session/verifyRuns.ts';
import { beginSession } from './beginSession.ts';

const LARGE = 2 ** 21;
const CONTRACT =
  'version: 1\ntask: t\nrun: r\nevaluate: e\nmetrics: { accuracy: maximize }\nkeep: [best]\npredictions: { file: predictions.csv }\n';

let workspace: string;
let out: string;
let session: Session;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'mlr-cleaning-'));
  await prepareStore(workspace);
  session = await beginSession(sessionFolder(workspace, '20260101-120000-abcdef'));
  await session.append({ type: 'contract.fixed', yaml: CONTRACT, from: 'workspace' });
  await mkdir(join(session.folder, 'arms', 'one'), { recursive: true });
  await writeFile(join(session.folder, 'arms', 'one', 'train.py'), 'x'.repeat(100));
  const folder = runFolder(workspace, 'm1-17-variant');
  out = join(folder, 'out');
  await mkdir(join(out, 'best'), { recursive: true });
  for (const name of ['weights.bin', 'best/weights.bin', 'predictions.csv']) {
    await writeFile(join(out, name), Buffer.alloc(LARGE, name));
  }
  await writeFile(join(out, 'score.txt'), '0.5');
  const run: EndedRun = {
    ...{ version: 1, id: 'm1-17-variant', session: session.id, purpose: 'run', arm: null, seed: 17, argv: ['true'] },
    ...{ cwd: workspace, confinement: 'none', startedAt: '', pid: 1, environment: {}, endedAt: '', exit: 0 },
    resources: { wallSeconds: 1, memoryBytes: 1, processes: 1 },
    ...{ hashes: [], state: 'finished', beside: await hashBeside(folder), output: await hashOutput(out, 2 ** 30) },
  };
  await writeRecord(folder, run);
  await session.append({ type: 'run.ended', run, metrics: {} });
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

describe('cleaning a workspace', () => {
  it('shows what a finished session holds beyond its evidence, and removes that alone when asked to', async () => {
    await session.append({ type: 'session.finished', summary: 'done' });
    const spare = [{ session: session.id, arms: 100, outputs: LARGE }];
    expect(await cleanWorkspace(workspace, { remove: false })).toMatchObject({ sessions: spare, removed: false });
    expect(existsSync(join(out, 'weights.bin'))).toBe(true);
    expect(await cleanWorkspace(workspace, { remove: true })).toMatchObject({ sessions: spare, bytes: 100 + LARGE });
    expect((await readdir(out, { recursive: true })).sort()).toEqual([
      'best',
      'best/weights.bin',
      'predictions.csv',
      'score.txt',
    ]);
    expect(existsSync(join(session.folder, 'arms'))).toBe(false);
    expect(await verifyRuns(workspace, session.log.events)).toBe(1);
    await writeFile(join(out, 'score.txt'), '0.9');
    await expect(verifyRuns(workspace, session.log.events)).rejects.toThrow('out was altered');
  });

  it('removes environments that no unfinished session has run in', async () => {
    const environment = (lock: string) => join(environmentsFolder(workspace), lock);
    for (const lock of ['aaaa1111', 'bbbb2222']) {
      await mkdir(join(environment(lock), 'lib'), { recursive: true });
      await writeFile(join(environment(lock), 'lib', 'one.py'), 'x'.repeat(10));
    }
    await session.append({ type: 'notice', text: 'ran in bbbb2222' });
    expect(await cleanWorkspace(workspace, { remove: false })).toMatchObject({ environments: 10, bytes: 10 });
    await cleanWorkspace(workspace, { remove: true });
    expect(await readdir(environmentsFolder(workspace))).toEqual(['bbbb2222']);
    await session.append({ type: 'session.finished', summary: 'done' });
    expect(await cleanWorkspace(workspace, { remove: true })).toMatchObject({ environments: 10 });
    expect(await readdir(environmentsFolder(workspace))).toEqual([]);
  });

  it('leaves a session that can go on all that it has', async () => {
    expect(await cleanWorkspace(workspace, { remove: true })).toMatchObject({ sessions: [], unfinished: 1, bytes: 0 });
    expect(existsSync(join(out, 'weights.bin'))).toBe(true);
  });
});
