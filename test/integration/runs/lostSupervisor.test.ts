import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeConfinement } from '../../../src/runs/confinement.ts';
import { readLock } from '../../../src/runs/lock.ts';
import { supervisorLock } from '../../../src/runs/lostRun.ts';
import { listProcesses, startedWith } from '../../../src/runs/processTable.ts';
import { inRun, readRecord, sessionFolder } from '../../../src/runs/runFolder.ts';
import { RUN_MARK } from '../../../src/runs/runProcesses.ts';
import { RunQueue } from '../../../src/runs/runQueue.ts';
import { buildSupervisor, leftOf, ScratchWorkspace, until } from '../../hosts/scratchWorkspace.ts';

const probed = await probeConfinement();

describe.runIf(probed.level === 'bwrap')('a confined run whose supervisor is killed', () => {
  let place: ScratchWorkspace;
  let queue: RunQueue;
  let session: string;
  beforeAll(async () => {
    place = await ScratchWorkspace.make();
    session = sessionFolder(place.top, 's1');
    const supervisorArgv = [...(await buildSupervisor(place.top)), session, place.top, '1000'];
    queue = new RunQueue({ workspace: place.top, session: 's1', supervisorArgv });
  });
  afterAll(async () => {
    await until(async () => !(await readLock(supervisorLock(session))).live, 10_000);
    await place.remove();
  });

  test('ends with it, is recorded as lost, and the next run goes on', async () => {
    const program = `
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork(): os._exit(0)
time.sleep(60)`;
    const lost = place.spec(['/usr/bin/python3', '-c', program], { confinement: 'bwrap' });
    const next = place.spec(['true'], { confinement: 'bwrap' });
    for (const spec of [lost, next]) await queue.submit(spec);
    await until(async () => (await readRecord(place.folder(lost)))?.state === 'running');
    await until(() => leftOf(lost.id).length >= 4);
    const { owner } = await readLock(supervisorLock(session));
    expect(owner).not.toBeNull();
    if (owner) process.kill(owner.pid, 'SIGKILL');
    await until(() => leftOf(lost.id).length === 0, 2_000);
    expect(await queue.wait(lost.id)).toMatchObject({ state: 'failed', failure: 'host' });
    expect((await queue.wait(next.id)).state).toBe('finished');
    expect(existsSync(inRun.tree(place.folder(lost)))).toBe(false);
  });

  test('or whose own process is killed, leaves nothing, and its record names the signal', async () => {
    const program = 'import os, time\nif os.fork() == 0: os.setsid()\ntime.sleep(60)';
    const killed = place.spec(['/usr/bin/python3', '-c', program], { confinement: 'bwrap' });
    await queue.submit(killed);
    await until(() => pythonsOf(killed.id).length === 2);
    const [main = 0] = pythonsOf(killed.id);
    process.kill(main, 'SIGKILL');
    expect(await queue.wait(killed.id)).toMatchObject({ state: 'failed', failure: 'signal', exit: null });
    expect(leftOf(killed.id)).toEqual([]);
  });
});

/** The Pythons of a run, the oldest first. */
function pythonsOf(id: string): number[] {
  const rows = listProcesses().filter((row) => row.name.startsWith('python') && startedWith(row.pid, RUN_MARK, id));
  return rows.map(({ pid }) => pid).sort((a, b) => a - b);
}

test('this machine confines runs, or says why not', () => {
  if (probed.level !== 'bwrap') process.stderr.write(`not run: a confined run without supervisor (${probed.detail})\n`);
  if (process.env.MLR_REQUIRE === 'all') expect(probed).toMatchObject({ level: 'bwrap' });
  expect(probed.detail.length).toBeGreaterThan(20);
});
