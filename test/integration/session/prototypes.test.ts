import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchPrototype } from '../../../src/session/prototypes.ts';
import { gitServer } from '../../hosts/gitServer.ts';
import { userGit } from '../../hosts/scratchRepository.ts';
import { mlr } from '../cli/commandLine.ts';
import { type Script, scriptedEndpoint } from './scriptedEndpoint.ts';
import { eventsIn, tinyWorkspace } from './tinyWorkspace.ts';

const IDEA = '---\ntitle: Pair by weight\nhypothesis: It helps.\n---\n\nPair by weight.\n';
const MODEL = Array.from({ length: 8 }, (_, i) => `weights_${i} = initialise(layer=${i})`).join('\n');
const PAPER = `# Socks\n\n## Abstract\n\nOur code is at https://github.com/sock/pairing.\n\n## Method\n\nWe weigh.\n`;

let workspace: string;
beforeEach(() => {
  workspace = tinyWorkspace(0);
  writeFileSync(path.join(workspace, '.git', 'idea.md'), IDEA);
});
afterEach(() => rmSync(workspace, { recursive: true, force: true, maxRetries: 5 }));

const silent = { submit_change_review: () => '', submit_review: () => '' };

async function research(script: Script, words: readonly string[]): Promise<(...more: string[]) => Promise<unknown>> {
  const endpoint = await scriptedEndpoint(script);
  closing.push(() => endpoint.close());
  const env = { MLR_MODEL: 'm', MLR_API_KEY: 'k', MLR_BASE_URL: endpoint.baseUrl };
  const run = async (...more: string[]) => JSON.parse((await mlr([...more, '--json'], { cwd: workspace, env })).out);
  first = await run('research', '--idea', '.git/idea.md', '--unconfined', ...words);
  return run;
}
let first: { waiting?: { gate: string } } = {};
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

test('code that is here is read by the Experiment agent, and what it takes over is named in change and commit', async () => {
  const { name, close } = await fetchedInto(workspace);
  closing.push(close);
  const tasks: string[] = [];
  const steps = [
    { tool: 'read_prototype', args: { path: `${name}/model.py` } },
    { tool: 'write_file', args: { path: 'model.py', content: `${MODEL}\n` } },
    { tool: 'submit_changes', args: { summary: 'Added a model.' } },
  ];
  await research(
    {
      ...silent,
      submit_changes: ({ task, turn }) => {
        tasks.push(task);
        return steps[turn - 1] ?? '';
      },
    },
    ['--policy', 'autopilot'],
  );
  expect(tasks[0]).toMatch(/<data name="prototype code">\n- \S+: http:\S+ at \w{12}, licence MIT\./);
  const events = eventsIn(workspace);
  const read = events.find((event) => event.type === 'agent.tool' && event.name === 'read_prototype');
  expect(read).toMatchObject({ ok: true, content: expect.stringContaining('weights_7 = initialise(layer=7)') });
  const gate = events.find((event) => event.type === 'gate.opened' && event.gate.kind === 'reviewChanges');
  const said =
    /Taken over from others:\n- `model\.py`: 8 added lines stand in `model\.py` of http:\S+ at \w{12}, licence MIT/;
  expect(gate).toMatchObject({ gate: { detail: expect.stringMatching(said) } });
  const committed = events.find((event) => event.type === 'variant.committed');
  const commit = committed?.type === 'variant.committed' ? committed.commit : '';
  expect(execFileSync('git', ['show', '-s', '--format=%B', commit], { cwd: workspace, encoding: 'utf8' })).toMatch(
    said,
  );
});

test('code that the paper names is offered once the plan is approved, and without it all goes on as ever', async () => {
  writeFileSync(path.join(workspace, '.git', 'paper.md'), PAPER);
  const tasks: string[] = [];
  const script: Script = {
    ...silent,
    submit_changes: ({ task, turn }) => {
      tasks.push(task);
      const write = { tool: 'write_file', args: { path: 'model.py', content: `${MODEL}\n` } };
      return turn === 1 ? write : { tool: 'submit_changes', args: { summary: 'Added a model.' } };
    },
  };
  const run = await research(script, ['--paper', '.git/paper.md']);
  expect(first.waiting?.gate).toBe('approvePlan');
  expect(await run('answer', 'last', 'approvePlan', 'approve')).toMatchObject({
    waiting: { gate: 'prototype-github.com-sock-pairing' },
  });
  expect(await run('answer', 'last', 'prototype-github.com-sock-pairing', 'stop')).toMatchObject({
    waiting: { gate: 'reviewChanges-experiment' },
  });
  expect(tasks[0]).not.toMatch(/prototype/i);
});

async function fetchedInto(folder: string): Promise<{ name: string; close(): Promise<void> }> {
  const remote = mkdtempSync(path.join(tmpdir(), 'mlr-remote-'));
  mkdirSync(path.join(remote, 'sock'));
  const own = path.join(remote, 'sock');
  userGit(own, 'init', '--quiet');
  writeFileSync(path.join(own, 'model.py'), `${MODEL}\n`);
  writeFileSync(
    path.join(own, 'LICENSE'),
    'MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software\n',
  );
  userGit(own, 'add', '-A');
  userGit(own, 'commit', '--quiet', '-m', 'start');
  const server = await gitServer(remote);
  const { signal } = new AbortController();
  const around = { workspace: folder, localOnly: false, secret: async () => null, proxies: null, signal };
  const answer = await fetchPrototype({ url: `${server.baseUrl}/sock`, ref: null, approved: true }, around);
  if (answer.kind !== 'fetched') throw new Error('it was not fetched');
  return {
    name: path.basename(answer.prototype.folder),
    async close() {
      await server.close();
      rmSync(remote, { recursive: true, force: true });
    },
  };
}
