import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SessionEvent } from '../../../src/domain/event.ts';
import type { ChatServer } from '../../unit/models/chatServer.ts';
import { type Script, scriptedEndpoint } from './scriptedEndpoint.ts';
import { eventsIn, tinyWorkspace } from './tinyWorkspace.ts';

const mlr = fileURLToPath(new URL('../../../dist/cli.mjs', import.meta.url));
const IDEA =
  '---\ntitle: Levels\nhypothesis: A checked level scores higher.\n---\n\n## Method\n\nCheck it.\n\n## Plan\n\n1. Check it.\n';
const FIRST_LINE = 'import random, sys, time';

let workspace: string;
let endpoint: ChatServer;
beforeEach(() => {
  workspace = tinyWorkspace(0);
  writeFileSync(path.join(workspace, '.git', 'idea.md'), IDEA);
});
afterEach(async () => {
  await endpoint.close();
  rmSync(workspace, { recursive: true, force: true });
});

test('an error that repairs do not remove is told as one that came back, and after the last try a person is told how to go on', async () => {
  const tasks: string[] = [];
  endpoint = await scriptedEndpoint(failsWhateverIsTried(tasks));
  const events = await research();
  expect(tasks).toHaveLength(4);
  const cameBack = tasks.map(
    (task) => /this error was there before\. (One repair was|\d+ repairs were)/.exec(task)?.[1],
  );
  expect(cameBack).toEqual([undefined, 'One repair was', '2 repairs were', '3 repairs were']);
  const said = events.flatMap((e) => (e.type === 'notice' && e.text.startsWith('After 4 repairs') ? [e.text] : []));
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('- variant: ValueError in checked (seed ');
  expect(said[0]).toContain('- Tried number 1.\n- Tried number 2.\n- Tried number 3.\n- Tried number 4.\n');
  expect(said[0]).toMatch(/`mlr measure --baseline [0-9a-f]{10} --variant mlr\/[^ `]+`/);
  expect(events.at(-1)?.type).toBe('session.finished');
});

/** An Experiment agent whose change always raises, and a Debug agent that adds a comment. */
function failsWhateverIsTried(tasks: string[]): Script {
  const said = { meaning: 'M', confounds: [], wouldDecide: ['N'], nextSteps: ['N'], goBackTo: 'none' };
  const edit = (text: string) =>
    ({ tool: 'edit_file', args: { path: 'train.py', old_text: FIRST_LINE, new_text: text } }) as const;
  return {
    submit_changes: ({ turn }) =>
      turn === 1
        ? edit(`${FIRST_LINE}\ndef checked(seed):\n    raise ValueError(f"no level for {seed}")\nchecked(sys.argv[1])`)
        : { tool: 'submit_changes', args: { summary: 'Checked.' } },
    submit_fix: ({ task, turn }) => {
      if (turn === 1) {
        tasks.push(task);
        return edit(`${FIRST_LINE}  # ${tasks.length}`);
      }
      return { tool: 'submit_fix', args: { diagnosis: `Tried number ${tasks.length}.`, summary: 'A comment.' } };
    },
    submit_change_review: () => ({
      tool: 'submit_change_review',
      args: { doesWhatThePlanSays: true, summary: 'Fine.', findings: [] },
    }),
    submit_review: () => ({ tool: 'submit_review', args: said }),
  };
}

async function research(): Promise<SessionEvent[]> {
  const words = ['research', '--idea', path.join(workspace, '.git', 'idea.md'), '--model', 'scripted'];
  const how = ['--base-url', endpoint.baseUrl, '--policy', 'autopilot', '--unconfined', '--json'];
  const started = spawn(process.execPath, [mlr, ...words, ...how, '--workspace', workspace], {
    env: { ...process.env, MLR_API_KEY: 'none', MLR_RETRIES: '0' },
    stdio: 'ignore',
  });
  await new Promise((resolve) => started.once('close', resolve));
  return eventsIn(workspace);
}
