import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';
import type { Measurement } from '../../../src/domain/evidence.ts';
import type { EndedRun } from '../../../src/domain/run.ts';
import { until } from '../../hosts/scratchWorkspace.ts';
import { lacksSlurm, TestCluster } from '../../hosts/slurm/cluster.ts';
import { setEnvironment, tinyWorkspace } from '../session/tinyWorkspace.ts';
import { mlr, type Said, start } from './commandLine.ts';

const lacking = lacksSlurm();
const COMPARED = ['measure', '--baseline', 'main', '--variant', 'better', '--policy', 'autopilot'];

describe.runIf(lacking === null)('mlr measure in a cluster', { timeout: 300_000 }, () => {
  let cluster: TestCluster;
  let workspace: string;
  beforeAll(async () => {
    cluster = await TestCluster.start(6);
  });
  afterAll(() => cluster?.stop());
  beforeEach(() => {
    workspace = tinyWorkspace(0);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') process.stderr.write(`${await cluster.state()}${toldIn(workspace)}\n`);
    rmSync(workspace, { recursive: true, force: true });
  });

  /** What the sessions of a workspace recorded last. */
  const toldIn = (folder: string): string => {
    const sessions = path.join(folder, '.mlr', 'sessions');
    if (!existsSync(sessions)) return '';
    const names = readdirSync(sessions, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /(?:events\.jsonl|\.log|waits)$/.test(name),
    );
    return names.map((name) => `\n${name}\n${readFileSync(path.join(sessions, name), 'utf8').slice(-4000)}`).join('');
  };

  const measure = async (...words: string[]): Promise<Said> => {
    const said = await mlr([...COMPARED, ...words], { cwd: workspace });
    onTestFailed(() => void process.stderr.write(`${said.out}${said.err}\n`));
    return said;
  };

  test('comes to a verdict from one job a seed, and each record says where it ran', async () => {
    setEnvironment(workspace, 'environment: {slurm: {partition: main}}');
    const said = await measure('--json');
    const measured = JSON.parse(said.out) as Measurement & { report: string };
    expect([said.code, measured.verdict]).toEqual([0, 'supported']);
    const record = (id: string): EndedRun =>
      JSON.parse(readFileSync(path.join(workspace, '.mlr', 'runs', id, 'run.json'), 'utf8'));
    const jobs = measured.runs.map(({ id, seed }) => `${seed} ${record(id).job?.id} ${record(id).job?.node}`);
    expect(measured.runs).toHaveLength(10);
    expect(new Set(jobs).size).toBe(5);
    const node = record(measured.runs[0]?.id ?? '').job?.node;
    expect(said.err).toContain(`On ${node} of the cluster: `);
    expect(readFileSync(measured.report, 'utf8')).toContain(`| node | \`${node}\` |`);
    expect((await mlr(['verify', measured.session], { cwd: workspace })).code).toBe(0);
    const copy = path.join(workspace, 'copy');
    await mlr(['report', measured.session, '--out', copy, '--anonymous'], { cwd: workspace });
    expect(readFileSync(path.join(copy, 'report.md'), 'utf8')).not.toContain(`\`${node}\``);
  });

  test('stops the seeds that a decision does not need, and none of them is left in the cluster', async () => {
    setEnvironment(workspace, 'environment: {slurm: {}}');
    writeFileSync(path.join(workspace, 'train.py'), 'raise SystemExit("broken")\n');
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', 'commit', '-qam', 'Broken'], {
      cwd: workspace,
    });
    const measured = JSON.parse((await measure('--json')).out) as Measurement;
    expect(measured.verdict).toBe('invalid');
    expect(measured.runs).toHaveLength(2);
    const left = async () => (await cluster.jobs()).filter(({ state }) => ['PENDING', 'RUNNING'].includes(state));
    await until(async () => (await left()).length === 0, 10_000);
    expect(readdirSync(path.join(workspace, '.mlr', 'sessions', measured.session, 'jobs')).length).toBeGreaterThan(1);
  });

  test('waits for a controller that is started anew', async () => {
    setEnvironment(workspace, 'environment: {slurm: {}}');
    const bringBack = await cluster.loseController();
    const measuring = start(COMPARED, { cwd: workspace });
    measuring.process.stdin.end();
    await until(() => /Slurm's controller does not answer \(.+\); it is asked again/.test(measuring.said.err));
    await bringBack();
    const { code, err } = await measuring.ended;
    expect([code, err]).toEqual([0, expect.stringContaining('supported')]);
  });

  test('says in one sentence what is wrong with the contract, with its place, or what Slurm refuses', async () => {
    setEnvironment(workspace, 'environment: {slurm: {partion: main}}');
    const wrong = await measure();
    expect(wrong.code).toBe(2);
    expect(wrong.err).toMatch(
      /mlr\.yaml:\d+:\d+ `environment\.slurm\.partion`: unknown key; did you mean `partition`\?/,
    );
    const other = tinyWorkspace(0);
    rmSync(workspace, { recursive: true, force: true });
    workspace = other;
    setEnvironment(workspace, 'environment: {slurm: {partition: nowhere}}');
    const refused = await measure();
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/mlr\.yaml `environment`: Slurm does not take a job: .*invalid partition/i);
  });
});

test('where no cluster can be started, this suite says so', () => {
  if (lacking !== null) process.stderr.write(`not run: measuring in a cluster (${lacking})\n`);
  if (process.env.MLR_REQUIRE === 'all') expect(lacking).toBe(null);
});
