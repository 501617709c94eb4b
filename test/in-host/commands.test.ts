import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { extensionUnderTest } from './extensionUnderTest.ts';

interface ContributedCommand {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
}

suite('commands', () => {
  test('the palette offers MLR Copilot: Generate Research Idea', () => {
    const found = contributed().find((one) => one.title === 'Generate Research Idea');
    assert.equal(found?.category, 'MLR Copilot');
    assert.equal(found?.command, 'mlr.generateIdea');
  });

  test('every command in the manifest is registered once the extension is active', async () => {
    await extensionUnderTest().activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = contributed().filter((one) => !registered.has(one.command));
    assert.deepEqual(missing, []);
  });

  test('every registered command of ours can be found in the manifest', async () => {
    await extensionUnderTest().activate();
    const named = new Set(contributed().map((one) => one.command));
    const registered = await vscode.commands.getCommands(true);
    const ours = registered.filter(
      (command) =>
        command.startsWith('mlr.') && !/\.(focus|open|removeView|resetViewLocation|toggleVisibility)$/.test(command),
    );
    assert.ok(ours.length > 0);
    assert.deepEqual(
      ours.filter((command) => !named.has(command)),
      [],
    );
  });
});

function contributed(): ContributedCommand[] {
  return extensionUnderTest().packageJSON.contributes.commands;
}
