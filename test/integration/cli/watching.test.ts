import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tinyWorkspace } from '../session/tinyWorkspace.ts';
import { mlr } from './commandLine.ts';

let workspace: string;
beforeEach(() => {
  workspace = tinyWorkspace(0);
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

test('a loss that becomes NaN is told while the run goes on, once a run', { timeout: 300_000 }, async () => {
  const script = path.join(workspace, 'train.py');
  const sick =
    'import time\nprint("step 1 loss 0.7")\nprint("step 2 loss nan", flush=True)\ntime.sleep(1)\nprint("step 3 loss nan")\n';
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: workspace });
  writeFileSync(script, `${sick}${readFileSync(script, 'utf8')}`);
  git('checkout', '-qb', 'sick');
  git('commit', '-qam', 'Sick');
  git('checkout', '-q', 'main');
  const said = await mlr(['measure', '--baseline', 'main', '--variant', 'sick', '--unconfined'], { cwd: workspace });
  expect(said.err).toMatch(
    /variant seed \d+: its loss became NaN: `step 2 loss nan`\. To stop it: mlr stop \S+-variant\n/,
  );
  const sessions = path.join(workspace, '.mlr', 'sessions');
  const [session = ''] = readdirSync(sessions);
  const lines = readFileSync(path.join(sessions, session, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const events = lines.map(
    (line) => JSON.parse(line) as { type: string; text?: string; run?: { id: string } | string },
  );
  const told = events.flatMap(({ type, text = '' }, i) =>
    type === 'notice' && text.includes('NaN') ? [{ i, text }] : [],
  );
  expect(told.length).toBeGreaterThan(0);
  expect(new Set(told.map(({ text }) => text)).size).toBe(told.length);
  for (const { i, text } of told) {
    const run = /mlr stop (\S+)$/.exec(text)?.[1];
    const end = events.findIndex(
      (one) => one.type === 'run.ended' && typeof one.run === 'object' && one.run.id === run,
    );
    expect(end).toBeGreaterThan(i);
  }
});
