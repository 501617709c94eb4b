import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../src/runs/arrangement.ts';
import { probeConfinement } from '../../../src/runs/confinement.ts';
import { readLock } from '../../../src/runs/lock.ts';
import { supervisorLock } from '../../../src/runs/lostRun.ts';
import { readOutput } from '../../../src/runs/outputLog.ts';
import { listProcesses, readProcess } from '../../../src/runs/processTable.ts';
import { inRun, readRecord, sessionFolder } from '../../../src/runs/runFolder.ts';
import { RunQueue } from '../../../src/runs/runQueue.ts';
import { buildSupervisor, leftOf, ScratchWorkspace, until } from '../../hosts/scratchWorkspace.ts';

const probed = await probeConfinement();

describe.runIf(probed.level === 'bwrap')('while a run goes on', () => {
  let place: ScratchWorkspace;
  let bundles: ScratchWorkspace;
  let supervisor: string[];
  let session: string;
  let queue: RunQueue;
  beforeAll(async () => {
    bundles = await ScratchWorkspace.make();
    supervisor = await buildSupervisor(bundles.top);
  });
  afterAll(() => bundles.remove());
  beforeEach(async () => {
    place = await ScratchWorkspace.make();
    session = sessionFolder(place.top, 's1');
    queue = attach();
  });
  afterEach(async () => {
    await killSupervisor();
    await place.remove();
  });

  function attach(): RunQueue {
    return new RunQueue({
      workspace: place.top,
      session: 's1',
      supervisorArgv: [...supervisor, session, place.top, '500'],
    });
  }

  async function killSupervisor(): Promise<void> {
    const { owner } = await readLock(supervisorLock(session));
    if (owner && readProcess(owner.pid)) process.kill(owner.pid, 'SIGKILL');
    await until(() => owner === null || readProcess(owner.pid) === null);
  }

  const confined = (argv: string[]) => place.spec(argv, { confinement: 'bwrap' });
  const waiting = () => confined(['sleep', '30']);
  const tree = (spec: ReturnType<typeof confined>): string => inRun.tree(place.folder(spec));

  test('the next is laid out, with what the arm holds, and starts as if it had not been', async () => {
    await place.write('train.py', 'import os; print(sorted(os.listdir(".")), os.environ["MLR_RUN"], os.getcwd())\n');
    const [first, next, last] = [waiting(), confined(['python3', 'train.py']), confined(['python3', 'train.py'])];
    await queue.submitTogether([first, next, last]);
    await until(() => existsSync(tree(next)));
    expect(existsSync(tree(last))).toBe(false);
    expect((await readRecord(place.folder(next)))?.state).toBe('queued');
    await queue.stop(first.id, 'a person');
    for (const spec of [next, last]) {
      expect(await queue.wait(spec.id)).toMatchObject({ state: 'finished', exit: 0 });
      expect(await readOutput(place.top, spec.id)).toBe(`['.mlr-out', 'train.py'] ${spec.id} ${place.top}\n`);
      expect(existsSync(tree(spec))).toBe(false);
    }
  });

  test('what was laid out is cleared away where it is stopped before its turn', async () => {
    const [first, next] = [waiting(), confined(['true'])];
    await queue.submitTogether([first, next]);
    await until(() => existsSync(tree(next)));
    await queue.stop(next.id, 'a person');
    expect(await queue.wait(next.id)).toMatchObject({ state: 'stopped', by: 'a person' });
    await until(() => !existsSync(tree(next)));
    await queue.stop(first.id, 'a person');
  });

  test('an evaluation that is laid out goes with the run that failed', async () => {
    const failing = confined(['sh', '-c', 'sleep 2; exit 1']);
    const evaluation = place.spec(['true'], { confinement: 'bwrap', after: failing.id });
    await queue.submitTogether([failing, evaluation]);
    await until(() => existsSync(tree(evaluation)) && existsSync(temporaryFolder(evaluation.id)));
    expect((await queue.wait(failing.id)).state).toBe('failed');
    await until(() => !existsSync(place.folder(evaluation)));
    expect(existsSync(temporaryFolder(evaluation.id))).toBe(false);
  });

  test('a killed supervisor takes the shell in reserve with it, and the next one lays out anew', async () => {
    const [first, next] = [waiting(), confined(['cat', 'data.txt'])];
    await place.write('data.txt', 'as exported');
    await queue.submitTogether([first, next]);
    await until(() => existsSync(tree(next)));
    const { owner } = await readLock(supervisorLock(session));
    const reserve = listProcesses().filter(({ parent, name }) => parent === owner?.pid && name === 'sh');
    expect(reserve).toHaveLength(1);
    await place.write('data.txt', 'as it is now');
    await killSupervisor();
    await until(() => reserve.every(({ pid }) => readProcess(pid) === null));
    await until(() => leftOf(first.id).length === 0);
    expect(await attach().wait(first.id)).toMatchObject({ state: 'failed', failure: 'host' });
    expect(await attach().wait(next.id)).toMatchObject({ state: 'finished' });
    expect(await readOutput(place.top, next.id)).toBe('as it is now');
  });

  test('nothing is laid out beside a run that could reach it', async () => {
    const [first, next] = [place.spec(['sleep', '1']), confined(['true'])];
    await queue.submitTogether([first, next]);
    let seen = false;
    await until(async () => {
      const { state } = (await readRecord(place.folder(first))) ?? {};
      if (state !== 'finished') seen ||= existsSync(tree(next));
      return state === 'finished';
    });
    expect(seen).toBe(false);
    expect((await queue.wait(next.id)).state).toBe('finished');
  });
});

test('where runs cannot be confined, this suite says so', () => {
  if (probed.level !== 'bwrap') process.stderr.write(`not run: laying out ahead (${probed.detail})\n`);
  if (process.env.MLR_REQUIRE === 'all') expect(probed.level).toBe('bwrap');
});
