import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { followRun } from '../../../src/runs/followRun.ts';
import { treesIn } from '../../../src/runs/keptTrees.ts';
import { readLock } from '../../../src/runs/lock.ts';
import { supervisorLock } from '../../../src/runs/lostRun.ts';
import { readOutput } from '../../../src/runs/outputLog.ts';
import { readProcess } from '../../../src/runs/processTable.ts';
import { inRun, readRecord, sessionFolder, writeRecord, writeSpec } from '../../../src/runs/runFolder.ts';
import { RUN_MARK } from '../../../src/runs/runProcesses.ts';
import { RunQueue } from '../../../src/runs/runQueue.ts';
import { buildSupervisor, leftOf, ScratchWorkspace, until } from '../../hosts/scratchWorkspace.ts';

const IDLE = 1_500;

let place: ScratchWorkspace;
let session: string;
let bundles: ScratchWorkspace;
let supervisor: string[];
beforeAll(async () => {
  bundles = await ScratchWorkspace.make();
  supervisor = await buildSupervisor(bundles.top);
});
afterAll(async () => {
  await bundles.remove();
});
beforeEach(async () => {
  place = await ScratchWorkspace.make();
  session = sessionFolder(place.top, 's1');
});
afterEach(async () => {
  const { owner } = await readLock(supervisorLock(session));
  if (owner) await killSupervisor();
  await place.remove();
});

/** As an engine makes one; a second call is a second engine. */
function attach(atOnce?: number): RunQueue {
  const supervisorArgv = [...supervisor, session, place.top, String(IDLE)];
  return new RunQueue({ workspace: place.top, session: 's1', supervisorArgv, ...(atOnce && { atOnce }) });
}

async function supervisorPid(): Promise<number> {
  // One that has just started may not have written yet who it is.
  await until(async () => (await readLock(supervisorLock(session))).owner !== null);
  const { owner, live } = await readLock(supervisorLock(session));
  if (!owner || !live) throw new Error('There is no supervisor.');
  return owner.pid;
}

async function killSupervisor(): Promise<void> {
  const { owner } = await readLock(supervisorLock(session));
  if (!owner) return;
  if (readProcess(owner.pid)) process.kill(owner.pid, 'SIGKILL');
  await until(() => readProcess(owner.pid) === null);
}

const python = (program: string) => ['/usr/bin/python3', '-c', program];

test('runs come one after the other in the order of their submission, and their output as it comes', async () => {
  const queue = attach();
  const said = join(place.arm, 'said');
  const specs = [1, 2, 3].map((n) =>
    place.spec(
      python(`print(${n}, flush=True); import time; time.sleep(0.1); open(${JSON.stringify(said)}, "a").write("${n}")`),
    ),
  );
  for (const spec of specs) await queue.submit(spec);
  const heard: string[] = [];
  const ends = await Promise.all(specs.map((spec) => queue.wait(spec.id, { onOutput: (text) => heard.push(text) })));
  expect(ends.map((run) => run.state)).toEqual(['finished', 'finished', 'finished']);
  expect(heard.join('')).toBe('1\n2\n3\n');
  expect(await readFile(said, 'utf8')).toBe('123');
  for (const [i, run] of ends.slice(1).entries()) expect(run.startedAt >= (ends[i]?.endedAt ?? 'z')).toBe(true);
});

test('as many runs as are allowed run at a time, and an evaluation waits for its run', async () => {
  const queue = attach(2);
  // Each of the two ends only when it sees the other.
  const meet = (mine: string, other: string) =>
    python(`import os, time
open(${JSON.stringify(place.arm)} + "/${mine}", "w").close()
while not os.path.exists(${JSON.stringify(place.arm)} + "/${other}"): time.sleep(0.02)`);
  const [first, second] = [place.spec(meet('a', 'b')), place.spec(meet('b', 'a'))];
  const evaluation = place.spec(python('print("scored")'), { after: first.id });
  const failing = place.spec(python('raise SystemExit(1)'));
  const fruitless = place.spec(python('print("scored")'), { after: failing.id });
  await queue.submitTogether([first, evaluation, second, failing, fruitless]);
  const [one, scored, other] = await Promise.all([first, evaluation, second].map(({ id }) => queue.wait(id)));
  expect([one?.state, scored?.state, other?.state]).toEqual(['finished', 'finished', 'finished']);
  expect((scored?.startedAt ?? '') >= (one?.endedAt ?? 'z')).toBe(true);
  expect((await queue.wait(failing.id)).state).toBe('failed');
  await until(async () => (await readRecord(place.folder(fruitless))) === null);
});

test('a run is told which GPUs are lent to it, and its specification says so', async () => {
  process.env.CUDA_VISIBLE_DEVICES = 'GPU-fake-0,GPU-fake-1';
  try {
    const queue = attach(2);
    const program = python('import os, time; print(os.environ["CUDA_VISIBLE_DEVICES"], flush=True); time.sleep(0.5)');
    const specs = [1, 2, 3].map(() => place.spec(program, { gpus: 1, cpus: 1, limits: { memoryBytes: 2 ** 20 * 64 } }));
    await queue.submitTogether(specs);
    await Promise.all(specs.map(({ id }) => queue.wait(id)));
    const told = await Promise.all(specs.map(({ id }) => readOutput(place.top, id)));
    expect(told.slice(0, 2).sort()).toEqual(['GPU-fake-0\n', 'GPU-fake-1\n']);
    const spec = JSON.parse(await readFile(inRun.spec(place.folder(specs[2] ?? place.spec(['true']))), 'utf8'));
    expect(`${spec.env.CUDA_VISIBLE_DEVICES}\n`).toBe(told[2]);
  } finally {
    delete process.env.CUDA_VISIBLE_DEVICES;
  }
});

test('a run is run once, however often it is submitted', async () => {
  const queue = attach();
  const said = join(place.arm, 'said');
  const spec = place.spec(python(`open(${JSON.stringify(said)}, "a").write("x")`));
  await Promise.all([queue.submit(spec), queue.submit(spec)]);
  const first = await queue.wait(spec.id);
  await attach().submit(spec);
  expect(await attach().wait(spec.id)).toEqual(first);
  expect(await readFile(said, 'utf8')).toBe('x');
});

test('a supervisor uses nothing that a killed one kept, and leaves no copy of an arm', async () => {
  for (let i = 0; i < 600; i += 1) await place.write(`data/${i}.txt`, String(i));
  const left = join(treesIn(session), 'left');
  await mkdir(left, { recursive: true });
  await writeFile(join(left, 'seen'), '7');
  const queue = attach();
  const spec = place.spec(['true']);
  await queue.submit(spec);
  const pid = await supervisorPid();
  await queue.wait(spec.id);
  expect(existsSync(left)).toBe(false);
  expect(readdirSync(treesIn(session))).toHaveLength(1);
  await until(() => readProcess(pid) === null);
  expect(existsSync(treesIn(session))).toBe(false);
});

test('a supervisor ends itself when there is nothing to do, and a new one starts when there is', async () => {
  const queue = attach();
  const go = join(place.arm, 'go');
  const first = place.spec(['/bin/sh', '-c', `until [ -e '${go}' ]; do sleep 0.05; done`]);
  await queue.submit(first);
  // It runs until told to end, so that its supervisor is there to be seen however long this takes.
  const pid = await supervisorPid();
  await writeFile(go, '');
  await queue.wait(first.id);
  await until(() => readProcess(pid) === null);
  expect(existsSync(supervisorLock(session))).toBe(false);
  const second = place.spec(['true']);
  await queue.submit(second);
  expect((await queue.wait(second.id)).state).toBe('finished');
});

test('a new engine finds the runs of one that was killed, and waits for them', async () => {
  const spec = place.spec(python('import time; print("a", flush=True); time.sleep(0.6); print("b")'));
  await attach().submit(spec);
  await until(async () => (await readRecord(place.folder(spec)))?.state !== 'queued');
  let output = '';
  const run = await attach().wait(spec.id, { onOutput: (text) => (output += text) });
  expect([run.state, output]).toEqual(['finished', 'a\nb\n']);
});

test('a killed supervisor takes its run with it; the run is recorded as lost, the next ones go on', async () => {
  const queue = attach();
  const program = `
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork(): os._exit(0)
time.sleep(60)`;
  const [lost, next] = [place.spec(python(program)), place.spec(['true'])];
  await queue.submit(lost);
  await queue.submit(next);
  await until(() => leftOf(lost.id).length >= 2);
  await until(async () => (await readRecord(place.folder(lost)))?.state === 'running');
  const waiting = queue.wait(lost.id);
  await killSupervisor();
  await until(() => leftOf(lost.id).length === 0);
  expect(await waiting).toMatchObject({ state: 'failed', failure: 'host' });
  expect((await queue.wait(next.id)).state).toBe('finished');
  expect(existsSync(inRun.tree(place.folder(lost)))).toBe(false);
});

test('a stop takes effect on the run that runs, and on those that wait', async () => {
  const queue = attach();
  const specs = [place.spec(python('import time; time.sleep(60)')), place.spec(['true']), place.spec(['true'])];
  for (const spec of specs) await queue.submit(spec);
  const [running, waiting, other] = specs.map((spec) => spec.id) as [string, string, string];
  await until(() => leftOf(running).length > 0);
  await queue.stop(waiting, 'Ada');
  expect(await queue.wait(waiting)).toMatchObject({ state: 'stopped', by: 'Ada', pid: 0 });
  await queue.stopAll('Grace');
  expect(await queue.wait(running)).toMatchObject({ state: 'stopped', by: 'Grace' });
  expect(await queue.wait(other)).toMatchObject({ state: 'stopped', by: 'Grace' });
});

test('a supervisor that is asked to end ends its run first', async () => {
  const queue = attach();
  const spec = place.spec(python('import time; time.sleep(60)'));
  await queue.submit(spec);
  await until(() => leftOf(spec.id).length > 0);
  process.kill(await supervisorPid(), 'SIGTERM');
  expect(await queue.wait(spec.id)).toMatchObject({ state: 'failed', failure: 'host' });
  expect(leftOf(spec.id)).toEqual([]);
});

test('what a killed supervisor started without saying so is ended before its run starts again', async () => {
  const spec = place.spec([]);
  // The shell ends at once, so that nobody but the system is the parent of what it leaves.
  const left = promisify(execFile)('/bin/sh', ['-c', 'sleep 60 >/dev/null 2>&1 & echo $!'], {
    env: { ...process.env, [RUN_MARK]: spec.id },
  });
  const pid = Number((await left).stdout);
  await mkdir(inRun.tree(place.folder(spec)), { recursive: true });
  const queue = attach();
  const looks = { ...spec, argv: ['/bin/sh', '-c', `! grep -q sleep /proc/${pid}/cmdline`] };
  await queue.submit(looks);
  expect((await queue.wait(spec.id)).state).toBe('finished');
});

test('a run whose record says that it runs, while nobody runs it, is lost', async () => {
  const spec = place.spec(['true']);
  const started = { startedAt: new Date().toISOString(), pid: 1, environment: { python: '3' } };
  const { version, id, purpose, arm, seed, argv, confinement } = spec;
  await writeSpec(place.folder(spec), spec);
  const names = { version, id, session: 's1', purpose, arm, seed, argv, confinement, cwd: place.top };
  await writeRecord(place.folder(spec), { state: 'running', ...names, ...started });
  expect(await attach().read(id)).toMatchObject({ state: 'failed', failure: 'host', ...started });
});

test('a supervisor that cannot start is named with what it said', async () => {
  const supervisorArgv = [process.execPath, '-e', 'console.error("no such thing"); process.exit(1)'];
  const queue = new RunQueue({ workspace: place.top, session: 's1', supervisorArgv });
  await expect(queue.submit(place.spec(['true']))).rejects.toMatchObject({
    reason: 'supervisor',
    message: expect.stringContaining('no such thing'),
  });
});

test('a supervisor that was suspended records the run that ended meanwhile as it ended, not as too slow', async () => {
  const queue = attach();
  const spec = place.spec(python('import time; time.sleep(4); print("done")'), { limits: { wallSeconds: 12 } });
  await queue.submit(spec);
  await until(async () => (await readRecord(place.folder(spec)))?.state === 'running');
  const pid = await supervisorPid();
  process.kill(pid, 'SIGSTOP');
  await until(() => leftOf(spec.id).length === 0, 60_000);
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  expect(await queue.read(spec.id)).toMatchObject({ state: 'running' });
  process.kill(pid, 'SIGCONT');
  expect(await queue.wait(spec.id)).toMatchObject({ state: 'finished', exit: 0 });
});

test('a run that does not exist is named', async () => {
  await expect(attach().wait('r-none')).rejects.toMatchObject({ reason: 'unknown' });
  await expect(attach().read('../x')).rejects.toMatchObject({ reason: 'spec' });
});

test('waiting can be given up without ending the run', async () => {
  const queue = attach();
  const spec = place.spec(python('import time; time.sleep(0.8)'));
  await queue.submit(spec);
  const given = new AbortController();
  const waiting = queue.wait(spec.id, { signal: given.signal });
  given.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  expect((await queue.wait(spec.id)).state).toBe('finished');
});

test('following a run gives whole characters, and its record at the end', async () => {
  const spec = place.spec(['true']);
  await mkdir(place.folder(spec), { recursive: true });
  const run = await place.run(spec);
  await writeFile(inRun.log(place.folder(spec)), '');
  await writeRecord(place.folder(spec), run);
  const bytes = Buffer.from('loss ↓ 0.1');
  await appendFile(inRun.log(place.folder(spec)), bytes.subarray(0, 6));
  const chunks = followRun(place.top, spec.id);
  const first = await chunks.next();
  await appendFile(inRun.log(place.folder(spec)), bytes.subarray(6));
  const second = await chunks.next();
  expect([first.value, second.value]).toEqual(['loss ', '↓ 0.1']);
  expect(await chunks.next()).toEqual({ done: true, value: run });
  expect(dirname(place.folder(spec))).toBe(join(place.top, '.mlr', 'runs'));
});
