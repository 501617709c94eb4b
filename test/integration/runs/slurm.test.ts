import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RunSpec } from '../../../src/domain/run.ts';
import { readLock } from '../../../src/runs/lock.ts';
import { supervisorLock } from '../../../src/runs/lostRun.ts';
import { readOutput } from '../../../src/runs/outputLog.ts';
import { readRecord, sessionFolder } from '../../../src/runs/runFolder.ts';
import { RunQueue } from '../../../src/runs/runQueue.ts';
import { buildSupervisor, ScratchWorkspace, until } from '../../hosts/scratchWorkspace.ts';
import { lacksSlurm, TestCluster } from '../../hosts/slurm/cluster.ts';

type Changes = NonNullable<Parameters<ScratchWorkspace['spec']>[1]>;

/** As many jobs at a time as the node of the cluster says that it has processors. */
const CPUS = 12;
const REQUEST = { modules: [], setup: [], options: [] };

const lacking = lacksSlurm();

let cluster: TestCluster;
let bundles: ScratchWorkspace;
let supervisor: string[];
let place: ScratchWorkspace;
let session: string;
beforeAll(async () => {
  if (lacking !== null) return;
  cluster = await TestCluster.start(CPUS);
  bundles = await ScratchWorkspace.make();
  supervisor = await buildSupervisor(bundles.top);
});
afterAll(async () => {
  cluster?.stop();
  await bundles?.remove();
});
beforeEach(async () => {
  if (lacking !== null) return;
  place = await ScratchWorkspace.make();
  session = sessionFolder(place.top, 's1');
});
afterEach(async ({ task }) => {
  if (lacking !== null) return;
  if (task.result?.state === 'fail') process.stderr.write(`${await cluster.state()}\n`);
  await killSupervisor();
  await place.remove();
});

function attach(): RunQueue {
  const supervisorArgv = [...supervisor, session, place.top, '1000'];
  return new RunQueue({ workspace: place.top, session: 's1', supervisorArgv });
}

async function killSupervisor(): Promise<void> {
  const { owner, live } = await readLock(supervisorLock(session));
  if (owner === null || !live) return;
  process.kill(owner.pid, 'SIGKILL');
  await until(async () => !(await readLock(supervisorLock(session))).live);
}

/** One run in a job of its own, or in the job that is named. */
function inCluster(program: string, changes: Changes = {}, job?: string): RunSpec {
  const spec = place.spec(['/usr/bin/python3', '-c', program], {
    limits: { memoryBytes: 256 * 2 ** 20, wallSeconds: 60 },
    ...changes,
  });
  return { ...spec, slurm: { ...REQUEST, job: job ?? spec.id } };
}

async function numberOf(spec: RunSpec): Promise<string> {
  const file = join(session, 'jobs', spec.slurm?.job ?? '', 'number');
  await until(() => readFile(file, 'utf8').then(Boolean, () => false));
  return (await readFile(file, 'utf8')).trim();
}

test('this machine can start a cluster, or the reason is told', () => {
  if (lacking !== null) process.stderr.write(`not run: runs in a cluster (${lacking})\n`);
  if (process.env.MLR_REQUIRE === 'all') expect(lacking).toBe(null);
});

const here = test.runIf(lacking === null);

here('twenty runs go through a cluster at the same time: one cancelled, one out of memory, one requeued', async () => {
  const queue = attach();
  const said = join(place.arm, 'starts');
  const plain = Array.from({ length: 17 }, (_, i) => inCluster(`print("run ${i}")`, { seed: i }));
  const stopped = inCluster('import time; time.sleep(50)');
  const large = inCluster('import time; block = b"x" * (400 << 20); time.sleep(50)');
  // Its node is lost to it at the first start.
  const again = inCluster(`
import os, time
open(${JSON.stringify(said)}, "a").write(os.environ["MLR_SEED"] + "\\n")
if len(open(${JSON.stringify(said)}).readlines()) == 1: time.sleep(50)
print("to the end")`);
  const specs = [again, stopped, large, ...plain];
  await queue.submitTogether(specs);
  await until(() => readFile(said, 'utf8').then(Boolean, () => false));
  await cluster.requeue(await numberOf(again));
  await until(async () => (await readRecord(place.folder(stopped)))?.state === 'running');
  await queue.stop(stopped.id, 'a test');
  const [requeued, cancelled, big, ...rest] = await Promise.all(specs.map(({ id }) => queue.wait(id)));
  for (const [i, run] of rest.entries()) {
    expect(run).toMatchObject({ state: 'finished', seed: i, job: { requeued: 0 } });
    expect(await readOutput(place.top, run.id)).toBe(`run ${i}\n`);
  }
  expect(cancelled).toMatchObject({ state: 'stopped', by: 'a test' });
  expect(big).toMatchObject({ state: 'failed', failure: 'memory' });
  expect(requeued).toMatchObject({ state: 'finished', seed: 7, job: { requeued: 1 } });
  // The same seed from its beginning, and nothing of the first start is left.
  expect(await readFile(said, 'utf8')).toBe('7\n7\n');
  expect(await readOutput(place.top, again.id)).toBe('to the end\n');
});

here(
  'arms of a seed share a job, in their order; what cannot be scored is not, and the job has a name of its own',
  async () => {
    const queue = attach();
    const first = inCluster('import time; time.sleep(0.3); raise SystemExit(3)');
    const evaluation = { ...inCluster('print("scored")', {}, first.id), after: first.id };
    const second = inCluster('print("second")', {}, first.id);
    await queue.submitTogether([first, evaluation, second]);
    const [failed, ended] = await Promise.all([queue.wait(first.id), queue.wait(second.id)]);
    expect(failed).toMatchObject({ state: 'failed', failure: 'exit', exit: 3 });
    expect(ended).toMatchObject({ state: 'finished', job: { id: failed.job?.id, node: failed.job?.node, gpus: [] } });
    expect(ended.startedAt >= failed.endedAt).toBe(true);
    expect(await readRecord(place.folder(evaluation))).toBe(null);
    expect((await cluster.jobs()).map(({ name }) => name)).toContain(`mlr-${first.id}`);
  },
);

here('a cluster whose controller is down is waited for, and runs go on meanwhile', async () => {
  const queue = attach();
  const running = inCluster('import time; time.sleep(8); print("survived")');
  await queue.submit(running);
  await until(async () => (await readRecord(place.folder(running)))?.state === 'running');
  const bringBack = await cluster.loseController();
  const later = inCluster('print("submitted later")');
  await queue.submit(later);
  const waits: string[] = [];
  const waiting = queue.wait(later.id, { onWaiting: (why) => waits.push(why) });
  await until(() => waits.length > 0);
  await bringBack();
  expect(waits[0]).toMatch(
    /Slurm's controller does not answer \(.*contact.*\); what runs goes on, and it is asked again/,
  );
  expect((await waiting).state).toBe('finished');
  expect(await queue.wait(running.id)).toMatchObject({ state: 'finished', job: { requeued: 0 } });
  expect(await readOutput(place.top, running.id)).toBe('survived\n');
});

here('a run is found again by another engine after its supervisor was killed', async () => {
  const spec = inCluster('import time; time.sleep(2); print("found")');
  await attach().submit(spec);
  await until(async () => (await readRecord(place.folder(spec)))?.state === 'running');
  await killSupervisor();
  const again = attach();
  expect((await again.read(spec.id)).state).toBe('running');
  expect((await again.wait(spec.id)).state).toBe('finished');
  const jobs = (await cluster.jobs()).filter(({ name }) => name === `mlr-${spec.id}`);
  expect(jobs).toHaveLength(1);
});

here('why a job waits is told in words, and stopping its runs takes it out of the queue', async () => {
  const queue = attach();
  const spec = inCluster('print(1)', { cpus: CPUS + 1 });
  const waits: string[] = [];
  await queue.submit(spec);
  const waiting = queue.wait(spec.id, { onWaiting: (why) => waits.push(why) });
  await until(() => waits.length > 0);
  expect(waits[0]).toMatch(
    /^job \d+ waits: more processors, memory or GPUs asked than any node of its partition has \(PartitionConfig\)$/,
  );
  await queue.stop(spec.id, 'a test');
  expect(await waiting).toMatchObject({ state: 'stopped', by: 'a test' });
  await until(async () => (await cluster.jobs()).find(({ name }) => name === `mlr-${spec.id}`)?.state === 'CANCELLED');
});

here('what Slurm refuses, and what fails on the node before any run, is told in a sentence', async () => {
  const queue = attach();
  const refused = inCluster('print(1)');
  const unset = inCluster('print(1)');
  const specs = [
    { ...refused, slurm: { ...REQUEST, job: refused.id, partition: 'nowhere' } },
    { ...unset, slurm: { ...REQUEST, job: unset.id, setup: ['false # no such thing'] } },
  ];
  await queue.submitTogether(specs);
  const [first, second] = await Promise.all(specs.map(({ id }) => queue.wait(id)));
  expect(first).toMatchObject({ state: 'failed', failure: 'spawn' });
  expect(first?.state === 'failed' && first.reason).toMatch(
    /^Slurm refused its job: .*invalid partition.*Mend `environment/i,
  );
  expect(second).toMatchObject({ state: 'failed', failure: 'spawn' });
  expect(second?.state === 'failed' && second.reason).toMatch(
    /^On \S+ this fails: false # no such thing; mend it in mlr.yaml/,
  );
});

here('a job that Slurm forgets is told of in a sentence, and is lost with its host', async () => {
  const queue = attach();
  const spec = inCluster('print(1)', { cpus: CPUS + 1 });
  await queue.submit(spec);
  await numberOf(spec);
  await cluster.forgetJobs();
  const run = await queue.wait(spec.id);
  expect(run).toMatchObject({ state: 'failed', failure: 'host' });
  expect(run.state === 'failed' && run.reason).toMatch(/^Its job \d+ vanished: Slurm knows nothing of it any more\./);
});
