import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { experimentAgent } from '../../../src/agents/experiment/experimentAgent.ts';
import { runAgent } from '../../../src/agents/loop.ts';
import type { ChatModel } from '../../../src/models/chatModel.ts';
import { type DriftEntry, recorded } from '../../../src/models/recorded.ts';
import { recorder } from '../../../src/models/recorder.ts';
import { bench, CONTRACT, closeWorkspace, IDEA, openWorkspace, put, root } from './agentWorkspace.ts';
import { scriptedModel } from './scriptedModel.ts';

const told: DriftEntry[] = [];
let file: string;

beforeEach(async () => {
  told.length = 0;
  await openWorkspace();
  file = join(root, '.mlr', 'recording.json');
  await put('.mlr/recording.json', '');
  await put('data/train.csv', 'id,label,grey\n1,0,0.25\n2,1,0.75\n');
});
afterEach(closeWorkspace);

it('an agent works from a recording as it did from the model: the same requests, the same edits', async () => {
  expect(await work(await recorder(model(), { file }))).toBe('Doubled.');
  const changed = await readFile(join(root, 'train.py'), 'utf8');

  await put('train.py', 'RATE = 0.1\n\ndef main():\n    pass\n');
  expect(await work(await replay())).toBe('Doubled.');
  expect(await readFile(join(root, 'train.py'), 'utf8')).toBe(changed);
  expect(told).toEqual([]);
});

it('on other data the same words are said, and the numbers that differ are listed', async () => {
  await work(await recorder(model(), { file }));
  await put('train.py', 'RATE = 0.1\n\ndef main():\n    pass\n');
  await put('data/train.csv', 'id,label,grey\n1,1,0.25\n2,0,0.75\n3,1,0.5\n');
  expect(await work(await replay())).toBe('Doubled.');
  const kinds = new Set(told.flatMap(({ differences }) => differences.map(({ kind }) => kind)));
  expect([...kinds]).toEqual(['number']);
});

it('a file that was rewritten since the recording is told as drift', async () => {
  await work(await recorder(model(), { file }));
  await put('train.py', 'RATE = 0.1\n\ndef main():\n    pass\n\ndef another():\n    pass\n');
  await work(await replay());
  const drifted = told[0]?.lines.filter((line) => line.startsWith('DRIFT'));
  expect(drifted).toContainEqual(expect.stringMatching(/messages\[1\] line \d+: .*train\.py:6 another\(\)/));
});

function model(): ChatModel {
  return scriptedModel(
    { calls: [['read_file', { path: 'train.py' }]] },
    { calls: [['edit_file', { path: 'train.py', old_text: 'RATE = 0.1', new_text: 'RATE = 0.2' }]] },
    { calls: [['submit_changes', { summary: 'Doubled.' }]] },
  );
}

function replay(): Promise<ChatModel> {
  return recorded(file, { onDrift: (entry) => told.push(entry) });
}

async function work(by: ChatModel): Promise<string> {
  const definition = await experimentAgent({ idea: IDEA, contract: CONTRACT, workbench: bench() });
  const budget = { turns: 10, tokens: 1e6 };
  const run = { ...definition, model: by, budget, on: async () => undefined, signal: new AbortController().signal };
  return (await runAgent(run)).output.summary;
}
