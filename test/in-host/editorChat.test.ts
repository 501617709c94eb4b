import { strict as assert } from 'node:assert';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { extensionUnderTest } from './extensionUnderTest.ts';
import { endEngine, openFolder } from './researchSession.ts';

const TOOLS = ['mlr_measure', 'mlr_readRun', 'mlr_reproduce', 'mlr_searchPapers'];

suite('other agents of the editor', () => {
  suiteTeardown(async () => {
    // Other suites open this folder and choose the first paper in it.
    await rm(join(openFolder(), 'guess.md'), { force: true });
    await rm(join(openFolder(), '.mlr', 'runs', 'r1'), { recursive: true, force: true });
    await endEngine();
  });

  test('find four tools, each with what it is for and what it takes', () => {
    const found = vscode.lm.tools.filter(({ name }) => name.startsWith('mlr_'));
    assert.deepEqual(found.map(({ name }) => name).sort(), TOOLS);
    for (const { description, inputSchema } of found) assert.ok(description.length > 60 && inputSchema);
  });

  test('are asked to confirm what runs code, and can refer to every tool', () => {
    const { contributes } = extensionUnderTest().packageJSON as Manifest;
    for (const tool of contributes.languageModelTools) assert.equal(tool.canBeReferencedInPrompt, true, tool.name);
    assert.deepEqual(
      contributes.chatParticipants.map(({ name, commands }) => [name, commands.length]),
      [['mlr', 7]],
    );
  });

  test('read a run and the end of its output', async () => {
    const run = join(openFolder(), '.mlr', 'runs', 'r1');
    await mkdir(run, { recursive: true });
    await writeFile(join(run, 'run.json'), '{"id":"r1","state":"failed"}');
    await writeFile(join(run, 'output.log'), 'ValueError: too wide\n');
    const said = await asked('mlr_readRun', { run: 'r1' });
    assert.match(said, /"state":"failed"[\s\S]*ValueError: too wide/);
  });

  test('search the papers of the workspace, and are told what to do where a run is not there', async () => {
    await writeFile(
      join(openFolder(), 'guess.md'),
      '# Guessing\n\n## Abstract\n\nWe guess.\n\n## Method\n\nNear one.\n',
    );
    assert.match(await asked('mlr_searchPapers', { query: 'near one' }), /Guessing \(guess\.md\), Method:\nNear one/);
    await assert.rejects(asked('mlr_readRun', { run: 'gone' }), /There is no run gone/);
  });
});

async function asked(name: string, input: object): Promise<string> {
  const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
}

interface Manifest {
  contributes: {
    languageModelTools: { name: string; canBeReferencedInPrompt: boolean }[];
    chatParticipants: { name: string; commands: unknown[] }[];
  };
}
