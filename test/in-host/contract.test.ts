import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { extensionUnderTest } from './extensionUnderTest.ts';

const GOOD = `version: 1
task: Print a loss.
run: "python3 train.py --seed {seed}"
evaluate: "python3 train.py {out}"
metrics: { loss: minimize }
protected: [train.py]
`;

suite('mlr.yaml', () => {
  const folder = (): vscode.Uri => vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail('no folder is open');
  const contract = (): vscode.Uri => vscode.Uri.joinPath(folder(), 'mlr.yaml');

  teardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const name of ['mlr.yaml', 'evaluate.py']) {
      await rm(vscode.Uri.joinPath(folder(), name).fsPath, { force: true });
    }
  });

  /** Opens a contract and waits for what the extension says about it. */
  async function open(text: string): Promise<{ document: vscode.TextDocument; errors: vscode.Diagnostic[] }> {
    await extensionUnderTest().activate();
    await writeFile(contract().fsPath, text);
    const document = await vscode.workspace.openTextDocument(contract());
    await vscode.window.showTextDocument(document);
    // The editor may still hold the text of the test before, and takes no edit while it reads the file again.
    for (let attempt = 0; document.getText() !== text && attempt < 20; attempt++) {
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
      if (!(await vscode.workspace.applyEdit(edit))) await sleep(100);
    }
    assert.equal(document.getText(), text);
    await document.save();
    return { document, errors: await until(ours, (found) => found.length > 0) };
  }

  const ours = (): vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(contract()).filter(({ source }) => source === 'MLR Copilot');

  test('is mended by a click: a misspelt key, max for maximize, a missing version, a misspelt file', async () => {
    const wrong = GOOD.replace('version: 1\n', '').replace('protected', 'protectd').replace('minimize', 'min');
    const { document, errors } = await open(wrong);
    assert.equal(errors.length, 3, errors.map(({ message }) => message).join('\n'));
    await mend(document);
    assert.equal(document.getText(), GOOD);
    await until(ours, (found) => found.length === 0);
    const edit = new vscode.WorkspaceEdit();
    const at = document.getText().indexOf('[train.py]') + 1;
    edit.replace(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(at + 8)), 'trian.py');
    await vscode.workspace.applyEdit(edit);
    const [missing] = await until(ours, (found) => found.length === 1);
    assert.match(missing?.message ?? '', /no file `trian\.py` in the workspace folder; did you mean `train\.py`\?/);
    await mend(document);
    assert.equal(document.getText(), GOOD);
    await document.save();
    await until(ours, (found) => found.length === 0);
  });

  test('offers no fix for a missing evaluate, because none would be right', async () => {
    const { document, errors } = await open(GOOD.replace(/^evaluate.*\n/m, ''));
    assert.match(errors[0]?.message ?? '', /evaluate: missing/);
    assert.deepEqual(await fixes(document), []);
  });

  test('completes keys and goals, and explains a key under the pointer', async () => {
    const { document } = await open(GOOD.replace('minimize', 'm').replace('protected: [train.py]', 'minimum'));
    const lines = document.getText().split('\n');
    const labels = async (line: number, col: number): Promise<string[]> => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        new vscode.Position(line, col),
      );
      return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    assert.ok((await labels(5, lines[5]?.length ?? 0)).includes('minimum_effect'));
    const goals = await labels(4, (lines[4]?.indexOf(': m }') ?? 0) + 3);
    assert.ok(goals.includes('maximize') && goals.includes('minimize'), goals.join());
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(3, 2),
    );
    const words = hovers.flatMap(({ contents }) => contents.map((one) => (one as vscode.MarkdownString).value)).join();
    assert.match(words, /\*\*evaluate\*\* — Scores what a run wrote, as a process of its own/);
  });

  test('is written by MLR Copilot: Write Contract, from what the folder has', async () => {
    await extensionUnderTest().activate();
    await vscode.commands.executeCommand('mlr.writeContract');
    const shown = vscode.window.visibleTextEditors.map(({ document }) => document.uri.fsPath);
    assert.ok(shown.includes(contract().fsPath), shown.join());
    const document = await vscode.workspace.openTextDocument(contract());
    await until(
      () => document.getText(),
      (text) => text.includes('run: "python3 train.py"'),
    );
    assert.ok(existsSync(vscode.Uri.joinPath(folder(), 'evaluate.py').fsPath));
  });

  async function fixes(document: vscode.TextDocument): Promise<vscode.CodeAction[]> {
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      all,
      vscode.CodeActionKind.QuickFix.value,
    );
    return found.filter(({ edit }) => edit !== undefined);
  }

  /** Takes every fix, the last one first, so that none moves another. */
  async function mend(document: vscode.TextDocument): Promise<void> {
    const line = ({ edit }: vscode.CodeAction): number => edit?.get(document.uri)[0]?.range.start.line ?? 0;
    for (const { edit } of (await fixes(document)).sort((a, b) => line(b) - line(a))) {
      if (edit) assert.ok(await vscode.workspace.applyEdit(edit));
    }
  }
});

async function until<T>(look: () => T, holds: (found: T) => boolean): Promise<T> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const found = look();
    if (holds(found)) return found;
    await sleep(50);
  }
  return assert.fail(`it did not come: ${JSON.stringify(look())}`);
}
