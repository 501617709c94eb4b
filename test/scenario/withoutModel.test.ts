import { strict as assert } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ChatFrame } from './chatFrame.ts';
import { endWithEngine, enginePid, experimentWorkspace } from './experimentWorkspace.ts';
import { ScenarioHost } from './scenarioHost.ts';
import type { Workbench } from './workbench.ts';

const paper = `# What a Guess Is Worth

## Abstract

We guess numbers near one. Guessing higher helps, which nobody had tried.

## Method

We guess.
`;

suite('a first try without a model', () => {
  let host: ScenarioHost;
  let folder: string;
  let workbench: Workbench;
  let chat: ChatFrame;

  suiteSetup(async () => {
    folder = await experimentWorkspace();
    await writeFile(join(folder, 'guessing.md'), paper);
    await writeFile(join(folder, 'README.md'), '# How to run this\n');
    host = await ScenarioHost.start({ name: 'scenario-without-model' });
    workbench = await host.open(folder);
    chat = new ChatFrame(workbench);
  });

  teardown(function () {
    return host.keepFailure(this.currentTest);
  });

  suiteTeardown(() => endWithEngine(host, folder));

  test('offers the papers of the workspace, and only those', async () => {
    await workbench.runCommand('MLR Copilot: Generate Research Idea');
    await workbench.quickInput.getByText('guessing.md').waitFor();
    await workbench.screenshot('choose-paper');
    assert.equal(await workbench.quickInput.getByText('README.md').count(), 0);
  });

  test('reads the paper and says in one sentence that a model must be chosen', async () => {
    await workbench.pick('guessing.md');
    await chat.reads('What a Guess Is Worth');
    await chat.reads('No language model is chosen: set mlr.model in the settings');
    await workbench.screenshot('no-model');
    assert.equal(await chat.entries('ended').count(), 1);
  });

  test('goes on from there after the engine was killed and the window reloaded, with one engine', async () => {
    const before = await enginePid(folder);
    assert.ok(before);
    process.kill(before, 'SIGKILL');
    await chat.press('Resume');
    await chat.reads(/^Resumed in phase/);
    const after = await enginePid(folder);
    assert.notEqual(after, before);
    await workbench.page.reload();
    await chat.reads(/^Resumed in phase/);
    await workbench.screenshot('after-reload');
    assert.equal(await enginePid(folder), after);
  });
});
