import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Measurement } from '../../../src/domain/evidence.ts';
import type { ChatServer } from '../../unit/models/chatServer.ts';
import { scriptedEndpoint } from './scriptedEndpoint.ts';
import { tinyWorkspace } from './tinyWorkspace.ts';

const mlr = fileURLToPath(new URL('../../../dist/cli.mjs', import.meta.url));
const IDEA =
  '---\ntitle: Levels\nhypothesis: A checked level scores higher.\n---\n\n## Method\n\nCheck it.\n\n## Plan\n\n1. Check it.\n';

let workspace: string;
let endpoint: ChatServer;
let asked: string[];
beforeEach(async () => {
  workspace = tinyWorkspace(0);
  writeFileSync(path.join(workspace, '.git', 'idea.md'), IDEA);
  asked = [];
  endpoint = await scriptedEndpoint({
    submit_changes: ({ turn }) => {
      if (turn > 1) return { tool: 'submit_changes', args: { summary: 'Checked.' } };
      asked.push('experiment');
      const old_text = '0.5 + random';
      return { tool: 'edit_file', args: { path: 'train.py', old_text, new_text: '0.6 + random' } };
    },
    submit_change_review: () => ({
      tool: 'submit_change_review',
      args: { doesWhatThePlanSays: true, summary: 'Fine.', findings: [] },
    }),
    submit_review: () => ({
      tool: 'submit_review',
      args: { meaning: 'M', confounds: [], wouldDecide: ['N'], nextSteps: ['N'], goBackTo: 'none' },
    }),
  });
});
afterEach(async () => {
  await endpoint.close();
  rmSync(workspace, { recursive: true, force: true });
});

test('a branch measures anew as the next try on the same test set, and its origin stays byte for byte', async () => {
  const first = await run<Result>('research', '--idea', path.join(workspace, '.git', 'idea.md'), ...model());
  expect(first.measurement.registration.tryNumber).toBe(1);
  const before = filesOf(first.session);

  const decisions = await run('branch', first.session);
  expect(decisions).toEqual({
    decisions: [{ gate: 'approvePlan', answer: { choice: 'approve' }, by: 'policy autopilot' }],
  });
  const second = await run<Result>('branch', first.session, 'approvePlan', '--keep');

  expect(second.session).not.toBe(first.session);
  expect(second.measurement.registration).toMatchObject({
    tryNumber: 2,
    family: first.measurement.registration.family,
    hypothesis: first.measurement.registration.hypothesis,
  });
  expect(second.measurement.registration.seeds).not.toEqual(first.measurement.registration.seeds);
  expect(asked).toEqual(['experiment', 'experiment']);
  expect(filesOf(first.session)).toEqual(before);
  const { sessions } = await run<{ sessions: { id: string; origin: object | null }[] }>('sessions');
  expect(sessions.map(({ id, origin }) => ({ id, origin }))).toEqual([
    { id: first.session, origin: null },
    { id: second.session, origin: expect.objectContaining({ session: first.session, gate: 'approvePlan' }) as object },
  ]);
  for (const { session } of [first, second]) expect(await run('verify', session)).toMatchObject({ holds: true });
});

test('a question that a policy had answered waits for a person in a branch that asks it again', async () => {
  const first = await run<Result>('research', '--idea', path.join(workspace, '.git', 'idea.md'), ...model());
  const waiting = await run<{ waiting: { session: string; gate: string } }>('branch', first.session, 'approvePlan');
  expect(waiting.waiting).toMatchObject({ gate: 'approvePlan', question: 'Go ahead with this plan?' });
  expect(asked).toEqual(['experiment']);
  const listed = await promisify(execFile)(process.execPath, [mlr, 'sessions', '--workspace', workspace]);
  expect(listed.stdout).toContain(`branched from ${first.session} at approvePlan`);
  const second = await run<Result>(
    'answer',
    waiting.waiting.session,
    'approvePlan',
    'approve',
    '--policy',
    'autopilot',
  );
  expect(second.measurement.registration.tryNumber).toBe(2);
});

interface Result {
  session: string;
  measurement: Measurement;
}

function model(): string[] {
  return ['--model', 'scripted', '--base-url', endpoint.baseUrl, '--policy', 'autopilot', '--unconfined'];
}

/** What a command prints as JSON, whatever its exit code. */
async function run<T>(...words: string[]): Promise<T> {
  const env = { ...process.env, MLR_API_KEY: 'none', MLR_RETRIES: '0' };
  const ran = await promisify(execFile)(process.execPath, [mlr, ...words, '--json', '--workspace', workspace], {
    env,
    maxBuffer: 1 << 26,
  }).catch((error: { stdout: string; stderr: string }) => {
    if (error.stdout === '') throw new Error(error.stderr);
    return error;
  });
  return JSON.parse(ran.stdout) as T;
}

/** Every file of a session, byte for byte, but for those that say which process works on it. */
function filesOf(session: string): Map<string, string> {
  const folder = path.join(workspace, '.mlr', 'sessions', session);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.lock'))
    .map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(files.map((file) => [file, readFileSync(file, 'latin1')]));
}
