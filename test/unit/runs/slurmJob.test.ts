import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobScript, sbatchWords, sizeOf } from '../../../src/runs/slurm/jobScript.ts';
import { whyItWaits } from '../../../src/runs/slurm/waitingWords.ts';

const NOTHING = { modules: [], setup: [], options: [] };
const LIMITS = { wallSeconds: 600, memoryBytes: 4 * 2 ** 30, processes: 1, outputBytes: 1 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mlr job's "));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a node does with a script, by its POSIX shell. */
function runScript(request: Parameters<typeof jobScript>[0], words: readonly string[]) {
  try {
    const env = { PATH: '/usr/bin:/bin', SLURM_JOB_ID: '12', SLURMD_NODENAME: 'gpu-3' };
    const out = execFileSync('/bin/sh', ['-c', jobScript(request, folder, words)], {
      env,
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return { out, code: 0 };
  } catch (error) {
    return { out: '', code: (error as { status: number }).status };
  }
}

test('a job asks for the time of all its runs, and for memory and processors of the largest', () => {
  const size = sizeOf([
    { limits: LIMITS, cpus: 2 },
    { limits: { ...LIMITS, wallSeconds: 30, memoryBytes: 2 ** 30 }, cpus: 8 },
  ]);
  const request = { ...NOTHING, partition: 'gpu', account: 'lab', gres: 'gpu:a100:2', options: ['--exclusive'] };
  const words = sbatchWords(request, size, { name: 'mlr-r1', folder: '/work/50%/r1' });
  expect(words).toEqual([
    ...['--job-name=mlr-r1', '--output=/work/50%%/r1/output.log', '--error=/work/50%%/r1/output.log'],
    ...['--open-mode=append', '--chdir=/work/50%/r1', '--nodes=1', '--ntasks=1', '--cpus-per-task=8', '--mem=4608M'],
    ...[
      '--time=13',
      '--requeue',
      '--export=ALL',
      '--partition=gpu',
      '--account=lab',
      '--gres=gpu:a100:2',
      '--exclusive',
    ],
  ]);
});

test('a job writes where it is, does what the contract says first, and becomes the program that runs', () => {
  const setup = ['export WORD=hello # of the lab'];
  const said = runScript({ ...NOTHING, setup }, ['/bin/sh', '-c', 'echo "$WORD from $0"']);
  expect(said).toEqual({ out: `hello from ${folder}\n`, code: 0 });
  expect(readFileSync(join(folder, 'began'), 'utf8')).toBe('12 gpu-3 0\n');
});

test('a node that lacks what a job needs is told of in one sentence with the way out', () => {
  const failed = (): string => readFileSync(join(folder, 'failed'), 'utf8');
  expect(runScript({ ...NOTHING, setup: ["test 'a b' = c"] }, ['/bin/true']).code).toBe(78);
  expect(failed()).toBe("On gpu-3 this fails: test 'a b' = c; mend it in mlr.yaml, under `environment`.\n");
  expect(runScript({ ...NOTHING, modules: ['cuda/12'] }, ['/bin/true']).code).toBe(78);
  expect(failed()).toMatch(
    /^gpu-3 knows no environment modules: leave `modules` out of mlr\.yaml|^On gpu-3 this fails: module load cuda\/12;/,
  );
});

test.each([
  ['PENDING', 'Priority', 'others in its partition come first (Priority)'],
  [
    'PENDING',
    'PartitionConfig',
    'more processors, memory or GPUs asked than any node of its partition has (PartitionConfig)',
  ],
  ['PENDING', 'ReqNodeNotAvail, UnavailableNodes:vm', /^the nodes that it could use are down, drained or reserved/],
  ['PENDING', 'QOSMaxGRESPerUser', /^your account or group uses as many GPUs as it may/],
  ['PENDING', 'AssocGrpCPUMinutesLimit', /^your account or group has no hours left/],
  ['PENDING', 'QOSMaxJobsPerUserLimit', /^your account or group runs as many jobs as it may/],
  ['PENDING', 'SomethingNew', 'Slurm gives the reason SomethingNew'],
  ['CONFIGURING', 'None', 'its node is being started'],
])('a job that is %s for %s waits, in words', (state, reason, words) => {
  expect(whyItWaits({ state, reason })).toMatch(words);
});
