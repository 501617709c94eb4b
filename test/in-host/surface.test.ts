import { strict as assert } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { until } from './begunSession.ts';
import { after, before, endEngine, waitingSession } from './researchSession.ts';

suite('the surface', () => {
  let folder: string;

  suiteSetup(async () => {
    folder = await waitingSession();
  });

  suiteTeardown(() => endEngine());

  test('has a chat and a list of sessions in a container of its own', async () => {
    const commands = new Set(await vscode.commands.getCommands(true));
    for (const command of ['workbench.view.extension.mlr', 'mlr.chat.focus', 'mlr.sessions.focus']) {
      assert.ok(commands.has(command), command);
      await vscode.commands.executeCommand(command);
    }
  });

  test('lets no repository say where keys are sent, who decides, and what runs', async () => {
    const settings = vscode.workspace.getConfiguration('mlr');
    const values = {
      baseUrl: 'http://127.0.0.1:9',
      model: 'a-model',
      policy: 'autopilot',
      unconfined: true,
      replay: 'recording.json',
    };
    for (const [name, value] of Object.entries(values)) {
      await assert.rejects(async () => settings.update(name, value, vscode.ConfigurationTarget.Workspace), name);
    }
    await writeSettings({
      'mlr.baseUrl': values.baseUrl,
      'mlr.model': values.model,
      'mlr.unconfined': true,
      'mlr.budgetTokens': 7,
    });
    await until('the setting that a workspace may make', () => setting('budgetTokens') === 7);
    assert.equal(setting('baseUrl'), '');
    assert.equal(setting('model'), '');
    assert.equal(setting('unconfined'), false);
    await writeSettings({});
  });

  test('brings the session back that waits, and shows both texts of its changes in one diff', async () => {
    await vscode.commands.executeCommand('mlr.showChanges');
    await until('both texts', () => textsOfChanges().length === 2);
    assert.deepEqual(textsOfChanges(), [before, after].sort());
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    assert.match(tab?.label ?? '', /Lose less/);
  });

  test('logs in a channel with the log grammar', async () => {
    await vscode.commands.executeCommand('mlr.showLog');
    const log = () => vscode.workspace.textDocuments.find((one) => one.uri.scheme === 'output');
    await until('the log', () => log()?.languageId === 'mlr-log');
    assert.match(decodeURIComponent(log()?.uri.path ?? ''), /MLR Copilot$/);
  });

  async function writeSettings(settings: Record<string, unknown>): Promise<void> {
    await vscode.workspace.fs.createDirectory(vscode.Uri.file(join(folder, '.vscode')));
    await writeFile(join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
  }
});

function setting(name: string): unknown {
  return vscode.workspace.getConfiguration('mlr').get(name);
}

function textsOfChanges(): string[] {
  const texts = vscode.workspace.textDocuments.filter((one) => one.uri.scheme === 'mlr').map((one) => one.getText());
  // Lines that changed are held against another text of ours where the file itself is open.
  return [...new Set(texts)].sort();
}
