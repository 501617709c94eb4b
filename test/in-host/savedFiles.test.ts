import { strict as assert } from 'node:assert';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Engines } from '../../src/vscode/engines.ts';
import { SavedFiles } from '../../src/vscode/savedFiles.ts';
import type { SessionLog } from '../../src/vscode/sessionLog.ts';
import { openFolder } from './researchSession.ts';

suite('A file that is saved', () => {
  const told: string[] = [];
  const engine = {
    takeUpFiles: async (paths: readonly string[]) => {
      told.push(...paths);
    },
  };
  const log = { failure: (error: unknown) => assert.fail(String(error)) } as unknown as SessionLog;
  const file = (): string => join(openFolder(), 'lib', 'saved.py');

  setup(async () => {
    told.length = 0;
    await vscode.workspace.fs.createDirectory(vscode.Uri.file(join(openFolder(), 'lib')));
    await writeFile(file(), 'def before(): pass\n');
  });
  teardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(join(openFolder(), 'lib'), { recursive: true, force: true });
  });

  test('is told to the engine by its path in the folder, and so is that it is renamed or deleted', async () => {
    const watching = new SavedFiles({ reached: async () => engine } as unknown as Engines, log);
    await save('def after(): pass\n');
    await until('lib/saved.py');
    const renamed = join(openFolder(), 'lib', 'renamed.py');
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(vscode.Uri.file(file()), vscode.Uri.file(renamed));
    await vscode.workspace.applyEdit(edit);
    await until('lib/renamed.py');
    const removal = new vscode.WorkspaceEdit();
    removal.deleteFile(vscode.Uri.file(renamed));
    told.length = 0;
    await vscode.workspace.applyEdit(removal);
    await until('lib/renamed.py');
    watching.dispose();
  });

  test('starts no engine', async () => {
    const asked: string[] = [];
    const engines = {
      reached: async ({ name }: vscode.WorkspaceFolder) => {
        asked.push(name);
        return undefined;
      },
    } as unknown as Engines;
    const watching = new SavedFiles(engines, log);
    await save('def other(): pass\n');
    for (let attempt = 0; asked.length === 0 && attempt < 50; attempt += 1) await sleep(20);
    assert.equal(asked.length, 1);
    assert.deepEqual(told, []);
    watching.dispose();
  });

  async function save(text: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file()));
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.ok(await document.save());
  }

  async function until(path: string): Promise<void> {
    for (let attempt = 0; !told.includes(path) && attempt < 100; attempt += 1) await sleep(20);
    assert.ok(told.includes(path), `told: ${told.join(', ')}`);
  }
});
