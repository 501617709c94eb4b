import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SessionEvent } from '../../../src/domain/event.ts';
import { mlr } from '../cli/commandLine.ts';
import { scriptedEndpoint } from './scriptedEndpoint.ts';
import { CONTRACT, tinyWorkspace } from './tinyWorkspace.ts';

const TRAIN = `import sys
import tinypkg
open(sys.argv[2] + "/score.txt", "w").write(str(tinypkg.LEVEL + int(sys.argv[1]) % 97 / 100_000))
`;
/** Writes wheels: name, version and source of a module of one file. */
const WHEELS = `import sys, zipfile
for version, level in (("1.0", 0.5), ("2.0", 0.6)):
    info = f"tinypkg-{version}.dist-info"
    with zipfile.ZipFile(f"wheels/tinypkg-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tinypkg.py", f"LEVEL = {level}\\n")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: tinypkg\\nVersion: {version}\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
`;
const PREPARE = 'prepare: "pip install --no-index --find-links wheels -r requirements.txt"\n';
/** Debian's: other Pythons may lack what makes environments. */
const PYTHON = 'python: /usr/bin/python3\n';

let workspace: string;
beforeEach(() => {
  workspace = tinyWorkspace(0);
  put('train.py', TRAIN);
  execFileSync('mkdir', [path.join(workspace, 'wheels')]);
  execFileSync('/usr/bin/python3', ['-c', WHEELS], { cwd: workspace });
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

test('`prepare` gives each arm what its own lock file asks for, once, and the difference is told and recorded', async () => {
  put('mlr.yaml', `${CONTRACT}${PREPARE}${PYTHON}`);
  put('requirements.txt', 'tinypkg==1.0\n');
  commit('Use a package');
  git('checkout', '-qB', 'better');
  put('requirements.txt', 'tinypkg==2.0\n');
  commit('Use a newer one');

  const said = await measured();
  expect(said.verdict).toBe('supported');
  const locks = new Map(records().map(({ arm, environment }) => [arm?.name, environment.lock]));
  expect(locks.get('baseline')).toMatch(/^[0-9a-f]{64}$/);
  expect(locks.get('variant')).not.toBe(locks.get('baseline'));
  expect(notices()).toContain(
    'variant has other packages than baseline: +tinypkg==2.0, -tinypkg==1.0. What it gains may be theirs.',
  );
  // Which arm runs first is drawn.
  const environment = /^\| lock \| `(\w+) \/ (\w+)` \|$/m.exec(readFileSync(said.report, 'utf8'))?.slice(1);
  expect(environment?.sort()).toEqual([...new Set(locks.values())].sort());
  expect(() => execFileSync('/usr/bin/python3', ['-c', 'import tinypkg'], { stdio: 'ignore' })).toThrow();
  expect(notices().filter((text) => text.startsWith('Making'))).toHaveLength(2);
});

test('a module that the baseline lacks is installed for its runs alone, once a person approves', async () => {
  put('mlr.yaml', `${CONTRACT}${PYTHON}`);
  commit('Use a package');
  writeFileSync(
    path.join(workspace, '.git', 'idea.md'),
    '---\ntitle: Lower\nhypothesis: It helps.\n---\n\nLower it.\n',
  );
  const endpoint = await scriptedEndpoint({
    submit_changes: () => 'I do not know how.',
    submit_change_review: () => '',
    submit_review: () => '',
  });
  try {
    const env = {
      MLR_MODEL: 'm',
      MLR_API_KEY: 'k',
      MLR_BASE_URL: endpoint.baseUrl,
      PIP_NO_INDEX: '1',
      PIP_FIND_LINKS: 'wheels',
    };
    const asked = await mlr(['research', '--idea', '.git/idea.md', '--unconfined', '--json'], { cwd: workspace, env });
    expect(JSON.parse(asked.out).waiting.gate).toBe('approvePlan');
    const plan = await mlr(['answer', 'last', 'approvePlan', 'approve', '--json'], { cwd: workspace, env });
    expect(JSON.parse(plan.out).waiting.gate).toBe('install:tinypkg');
    expect(existsSync(path.join(workspace, '.mlr', 'envs'))).toBe(false);

    await mlr(['answer', 'last', 'install:tinypkg', 'approve', '--json'], { cwd: workspace, env });
    const pilots = records().filter(({ purpose }) => purpose === 'pilot');
    expect(pilots.map(({ state }) => state).sort()).toEqual(['failed', 'finished']);
    const [made = ''] = readdirSync(path.join(workspace, '.mlr', 'envs'));
    expect(readFileSync(path.join(workspace, '.mlr', 'envs', made, 'mlr-lock.txt'), 'utf8')).toContain(
      'tinypkg==2.0\n',
    );
  } finally {
    await endpoint.close();
  }
});

async function measured(): Promise<{ verdict: string; report: string }> {
  const words = [
    'measure',
    '--baseline',
    'main',
    '--variant',
    'better',
    '--unconfined',
    '--policy',
    'autopilot',
    '--json',
  ];
  const said = await mlr(words, { cwd: workspace });
  expect(said.err.includes('failed') ? said.err : '').toBe('');
  return JSON.parse(said.out);
}

interface Recorded {
  purpose: string;
  state: string;
  arm: { name: string } | null;
  environment: Record<string, string>;
}

function records(): Recorded[] {
  const runs = path.join(workspace, '.mlr', 'runs');
  const all = readdirSync(runs).map(
    (id) => JSON.parse(readFileSync(path.join(runs, id, 'run.json'), 'utf8')) as Recorded,
  );
  return all.filter(({ purpose }) => purpose === 'run' || purpose === 'pilot');
}

function notices(): string[] {
  const sessions = path.join(workspace, '.mlr', 'sessions');
  const logs = readdirSync(sessions).map((id) => path.join(sessions, id, 'events.jsonl'));
  const events = logs.filter(existsSync).flatMap((log) => readFileSync(log, 'utf8').trim().split('\n'));
  return events.map((line) => JSON.parse(line) as SessionEvent).flatMap((e) => (e.type === 'notice' ? [e.text] : []));
}

function put(name: string, text: string): void {
  writeFileSync(path.join(workspace, name), text);
}

function git(...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: workspace });
}

function commit(message: string): void {
  git('add', '-A');
  git('commit', '-qm', message);
}
