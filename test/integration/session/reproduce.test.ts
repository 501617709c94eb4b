import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Reproduction } from '../../../src/domain/evidence.ts';
import { tinyWorkspace } from './tinyWorkspace.ts';

const cli = fileURLToPath(new URL('../../../dist/cli.mjs', import.meta.url));
const RUNNING = ['--unconfined', '--policy', 'autopilot'];

let workspace: string;
let elsewhere: string;
let report: string;
beforeAll(() => {
  workspace = tinyWorkspace(0);
  elsewhere = mkdtempSync(path.join(tmpdir(), 'mlr-elsewhere-'));
  mlr(workspace, 'measure', '--baseline', 'main', '--variant', 'better', ...RUNNING);
  const reports = path.join(workspace, '.mlr', 'reports');
  report = path.join(elsewhere, 'report');
  cpSync(path.join(reports, readdirSync(reports)[0] ?? ''), report, { recursive: true });
});
afterAll(() => {
  for (const folder of [workspace, elsewhere]) rmSync(folder, { recursive: true, force: true });
});

function mlr<T = Reproduction>(at: string, ...words: string[]): { exit: number | null; said: T } {
  const ran = spawnSync(process.execPath, [cli, ...words, '--json', '--workspace', at], { encoding: 'utf8' });
  return { exit: ran.status, said: JSON.parse(ran.stdout || '{}') as T };
}

describe('mlr reproduce', () => {
  test('runs a session again from its commits, and says that every claim was found again', () => {
    const { exit, said } = mlr(workspace, 'reproduce', 'last', ...RUNNING);
    expect({ exit, reproduced: said.reproduced, problem: said.problem }).toEqual({
      exit: 0,
      reproduced: true,
      problem: null,
    });
    expect(said.runs).toHaveLength(10);
    const mean = said.claims.find(({ id }) => id === 'variant/difference/mean');
    expect(mean).toMatchObject({ within: true, found: mean?.reported });
  });

  test('runs a folder again from its bundle, in a repository that has neither the session nor its commits', () => {
    const clone = path.join(elsewhere, 'clone');
    execFileSync('git', ['clone', '-q', '--no-local', '--single-branch', '-b', 'main', workspace, clone]);
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-q', '--allow-empty', '-m', 'on'], {
      cwd: clone,
    });
    const { exit, said } = mlr(clone, 'reproduce', report, ...RUNNING);
    expect({ exit, reproduced: said.reproduced }).toEqual({ exit: 0, reproduced: true });
  });

  test('runs nothing of a folder that does not hold by itself, and ends with 3', () => {
    const changed = path.join(elsewhere, 'changed');
    cpSync(report, changed, { recursive: true });
    const records = path.join(changed, 'measurement.json');
    writeFileSync(records, readFileSync(records, 'utf8').replace('"tried": 1', '"tried": 2'));
    const { exit } = mlr(workspace, 'reproduce', changed, ...RUNNING);
    expect(exit).toBe(3);
  });
});

describe('mlr verify', () => {
  test('without a name checks the newest session that has a report, not the one that reproduced it', () => {
    const { said } = mlr<{ session: string; claims: number; holds: boolean }>(workspace, 'verify');
    expect(said).toMatchObject({ session: readdirSync(path.join(workspace, '.mlr', 'reports'))[0], holds: true });
    expect(said.claims).toBeGreaterThan(40);
  });

  test('checks a folder that was copied elsewhere, within seconds and without its session', () => {
    const { exit, said } = mlr<{ holds: boolean; claims: number }>(elsewhere, 'verify', report);
    expect({ exit, holds: said.holds }).toEqual({ exit: 0, holds: true });
    expect(said.claims).toBeGreaterThan(40);
  });

  test('scores the kept predictions again, and repeats random pairs', () => {
    const scored = mlr<{ again: Reproduction }>(workspace, 'verify', report, '--evaluate', ...RUNNING);
    expect({ exit: scored.exit, same: scored.said.again.reproduced, runs: scored.said.again.runs.length }).toEqual({
      exit: 0,
      same: true,
      runs: 10,
    });
    const rerun = mlr<{ again: Reproduction }>(workspace, 'verify', report, '--rerun', '2', ...RUNNING);
    expect({ exit: rerun.exit, same: rerun.said.again.reproduced, runs: rerun.said.again.runs.length }).toEqual({
      exit: 0,
      same: true,
      runs: 4,
    });
  });
});

describe('mlr export', () => {
  test('writes MLflow’s file store: every run with its parameters, metrics and tags where MLflow looks for them', () => {
    const out = path.join(elsewhere, 'export');
    const { exit } = mlr(workspace, 'export', 'last', '--format', 'mlflow', '--out', out);
    expect(exit).toBe(0);
    const [experiment = ''] = readdirSync(path.join(out, 'mlruns'));
    expect(experiment).toMatch(/^\d+$/);
    const home = path.join(out, 'mlruns', experiment);
    const meta = readFileSync(path.join(home, 'meta.yaml'), 'utf8');
    expect(meta).toContain(`experiment_id: "${experiment}"`);
    const runs = readdirSync(home).filter((name) => /^[0-9a-f]{32}$/.test(name));
    expect(runs).toHaveLength(10);
    for (const run of runs) {
      const own = readFileSync(path.join(home, run, 'meta.yaml'), 'utf8');
      expect(own).toContain(`run_id: "${run}"`);
      expect(own).toContain(`run_uuid: "${run}"`);
      expect(own).toContain(`experiment_id: "${experiment}"`);
      expect(own).toMatch(/^status: 3$/m);
      const metric = readFileSync(path.join(home, run, 'metrics', 'accuracy'), 'utf8');
      expect(metric).toMatch(/^\d{13} 0\.\d+ 0\n$/);
      expect(readFileSync(path.join(home, run, 'params', 'seed'), 'utf8')).toMatch(/^\d+$/);
      expect(readFileSync(path.join(home, run, 'tags', 'mlflow.runName'), 'utf8')).toMatch(
        /^(baseline|variant) seed \d+$/,
      );
      expect(existsSync(path.join(home, run, 'artifacts'))).toBe(true);
    }
  });

  test('writes CSV and JSON with one entry a run', () => {
    const out = path.join(elsewhere, 'flat');
    mlr(workspace, 'export', 'last', '--format', 'csv', '--out', out);
    mlr(workspace, 'export', 'last', '--format', 'json', '--out', out);
    const rows = readFileSync(path.join(out, 'runs.csv'), 'utf8').trimEnd().split('\r\n');
    expect(rows).toHaveLength(11);
    expect(rows[0]).toContain('metrics.accuracy');
    const runs = JSON.parse(readFileSync(path.join(out, 'runs.json'), 'utf8')) as { metrics: { accuracy: number } }[];
    expect(runs).toHaveLength(10);
    expect(runs.every(({ metrics }) => metrics.accuracy > 0.4)).toBe(true);
  });
});

describe('mlr report --anonymous', () => {
  test('writes a folder that holds, and names no path, host, author or commit of ours', () => {
    const out = path.join(elsewhere, 'anonymous');
    const { exit } = mlr(workspace, 'report', 'last', '--anonymous', '--out', out);
    expect(exit).toBe(0);
    expect(mlr<{ holds: boolean }>(elsewhere, 'verify', out).said.holds).toBe(true);
    const files = (readdirSync(out, { recursive: true }) as string[]).filter((name) =>
      /\.(md|json|jsonl|yaml|svg)$/.test(name),
    );
    const text = files.map((name) => readFileSync(path.join(out, name), 'utf8')).join('\n');
    const commit = execFileSync('git', ['rev-parse', 'main'], { cwd: workspace, encoding: 'utf8' }).trim();
    for (const told of [workspace, commit, process.env.HOME ?? '/root']) expect(text).not.toContain(told);
  });
});
