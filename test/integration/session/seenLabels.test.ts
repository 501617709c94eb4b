import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import type { ChatServer } from '../../unit/models/chatServer.ts';
import { type Answer, type Script, scriptedEndpoint } from './scriptedEndpoint.ts';
import { CONTRACT, tinyWorkspace } from './tinyWorkspace.ts';

const mlr = fileURLToPath(new URL('../../../dist/cli.mjs', import.meta.url));
const IDEA = `---
title: A higher level
hypothesis: A higher level scores higher.
---

## Method

Raise the level in train.py.

## Plan

1. Raise it from 0.5 to 0.7.
`;

let workspace: string;
let endpoint: ChatServer | undefined;
afterEach(async () => {
  await endpoint?.close();
  endpoint = undefined;
  rmSync(workspace, { recursive: true, force: true });
});

/** Proposes a contract after a look at these files, and then raises the level. */
function proposes(looksAt: string[]): Script {
  return {
    submit_contract: ({ turn }): Answer => {
      const file = looksAt[turn - 1];
      if (file !== undefined) return { tool: 'read_file', args: { path: file } };
      return { tool: 'submit_contract', args: { yaml: CONTRACT } };
    },
    submit_changes: ({ turn }): Answer =>
      turn === 1
        ? { tool: 'edit_file', args: { path: 'train.py', old_text: 'str(0.5', new_text: 'str(0.7' } }
        : { tool: 'submit_changes', args: { summary: 'The level is higher.' } },
    submit_change_review: () => 'Nothing to say.',
    submit_review: () => 'Nothing to say.',
  };
}

async function research(script: Script): Promise<{ verdict: string; report: string }> {
  workspace = tinyWorkspace(0);
  execFileSync('git', ['rm', '-q', 'mlr.yaml'], { cwd: workspace });
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', 'commit', '-qm', 'No contract'], {
    cwd: workspace,
  });
  const idea = path.join(workspace, '.git', 'idea.md');
  writeFileSync(idea, IDEA);
  endpoint = await scriptedEndpoint(script);
  const model = ['--model', 'scripted', '--base-url', endpoint.baseUrl];
  const words = ['research', '--idea', idea, ...model, '--policy', 'autopilot', '--unconfined', '--json'];
  const env = { ...process.env, MLR_API_KEY: 'none', MLR_RETRIES: '0' };
  // An invalid verdict ends with 3, and is printed all the same.
  const { stdout } = await promisify(execFile)(process.execPath, [mlr, ...words, '--workspace', workspace], {
    env,
  }).catch((error: { stdout: string }) => error);
  return JSON.parse(stdout);
}

test('a variant by agents that read what its contract then hid is invalid, and the check says who read what', async () => {
  const { verdict, report } = await research(proposes(['train.py', 'data/answers.txt']));
  expect(verdict).toBe('invalid');
  expect(readFileSync(report, 'utf8')).toContain('the experiment agent read data/answers.txt (read_file)');
});

test('a variant by agents that read other files alone is judged by its runs', async () => {
  const { verdict } = await research(proposes(['train.py', 'evaluate.py']));
  expect(verdict).toBe('supported');
  // The contract and the change, each with the head that the session's log had then.
  const messages = execFileSync('git', ['log', '-2', '--format=%B', 'mlr/idea'], { cwd: workspace, encoding: 'utf8' });
  expect(messages.match(/^Mlr-Log: [0-9a-f]{64}$/gm)).toHaveLength(2);
});
