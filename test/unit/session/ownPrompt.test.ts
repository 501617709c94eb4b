import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { previewPrompt } from '../../../src/session/previewPrompt.ts';

const SLOTS = '{{asked}} {{contract}} {{literature}} {{wish}} {{tried}} {{paper}} {{map}}\n';

let workspace: string;
beforeEach(() => {
  workspace = mkdtempSync(path.join(tmpdir(), 'mlr-prompt-'));
  put('paper.md', '# On levels\n\nA. Nobody\n\n## Abstract\n\nWe study levels.\n\n## Method\n\nWe set the level.\n');
  put(
    'idea.md',
    '---\ntitle: Lower\nhypothesis: Lower is better.\n---\n\n## Method\n\nLower it.\n\n## Plan\n\n1. Do.\n',
  );
  put('train.py', 'LEVEL = 1\n');
});
afterEach(() => rmSync(workspace, { recursive: true }));

test('the preview of a prompt is what would be sent: messages, tools and their size', async () => {
  const { messages, tools, tokens, file } = await idea();
  expect(messages.map(({ role }) => role)).toEqual(['system', 'user']);
  expect(messages[1]?.content).toContain('We set the level.');
  expect(messages[1]?.content).toContain('train.py');
  expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['submit_ideas', 'read_more']));
  expect(tokens).toBeGreaterThan(500);
  expect(file).toBeNull();
});

test('a file of the researcher stands in the place of the tool’s own prompt', async () => {
  put('.mlr/prompts/idea.md', `Be brief.\n\n# Task\n\nFind ideas.\n${SLOTS}`);
  const { messages, file } = await idea();
  expect(file).toBe('.mlr/prompts/idea.md');
  expect(messages[0]?.content).toBe('Be brief.');
  expect(messages[1]?.content).toMatch(/^Find ideas\.\n/);
});

test.each([
  ['lacks the heading', 'Be brief.\n', '1: the heading "# Task" is missing'],
  [
    'lacks a slot',
    '\n\n# Task\n\n{{asked}} {{contract}} {{literature}} {{wish}} {{tried}} {{paper}}\n',
    '3: the slot {{map}} is missing below',
  ],
  [
    'has an unknown slot',
    `A\n# Task\n\n{{papr}}\n${SLOTS}`,
    '4: nothing fills the slot {{papr}}; there are {{asked}}, {{contract}}',
  ],
])('a file that %s is one sentence with its line and the way out', async (_, text, sentence) => {
  put('.mlr/prompts/idea.md', text);
  await expect(idea()).rejects.toMatchObject({ reason: 'prompt' });
  await expect(idea()).rejects.toThrow(`.mlr/prompts/idea.md:${sentence}`);
  await expect(idea()).rejects.toThrow('mend the file, or remove it for the tool’s own'.replace('’', "'"));
});

test('what a prompt is about must be named', async () => {
  await expect(previewPrompt(ports(), 'idea', {})).rejects.toThrow('name it with --paper FILE');
  const file = path.join(workspace, 'idea.md');
  await expect(previewPrompt(ports(), 'experiment', { idea: file })).rejects.toThrow('mlr init');
  expect((await previewPrompt(ports(), 'contract', { idea: file })).messages[1]?.content).toContain('Lower is better.');
});

function idea() {
  return previewPrompt(ports(), 'idea', { paper: path.join(workspace, 'paper.md') });
}

function ports() {
  const signal = new AbortController().signal;
  return { workspace, localOnly: true, secret: async () => null, proxies: null, signal };
}

function put(name: string, text: string): void {
  mkdirSync(path.dirname(path.join(workspace, name)), { recursive: true });
  writeFileSync(path.join(workspace, name), text);
}
