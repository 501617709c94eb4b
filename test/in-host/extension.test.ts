import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { extensionUnderTest } from './extensionUnderTest.ts';

suite('the extension', () => {
  test('is present in this VS Code, as packed', () => {
    const extension = extensionUnderTest();
    assert.equal(extension.packageJSON.displayName, 'MLR Copilot');
    assert.match(extension.extensionPath, /mlr-copilot\.mlr-copilot-\d+\.\d+\.\d+$/);
  });

  test('holds nothing but what runs', async () => {
    const root = extensionUnderTest().extensionUri;
    const names = (await vscode.workspace.fs.readDirectory(root)).map(([name]) => name);
    const allowed = new Set(['package.json', 'dist', 'media', 'syntaxes']);
    const strangers = names.filter(
      (name) => !allowed.has(name) && !/^(readme|license|changelog)\b|^\.vsixmanifest$/i.test(name),
    );
    assert.deepEqual(strangers, []);
  });

  test('holds every file its manifest names', async () => {
    const extension = extensionUnderTest();
    for (const file of filesNamedBy(extension.packageJSON)) {
      await vscode.workspace.fs.stat(vscode.Uri.joinPath(extension.extensionUri, file));
    }
  });

  test('activates', async () => {
    const extension = extensionUnderTest();
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});

/** Every string in the manifest that is written as a path inside the extension. */
function filesNamedBy(value: unknown): string[] {
  if (typeof value === 'string') return /^(\.\/)?[\w-]+(\/[\w.-]+)+\.\w+$/.test(value) ? [value] : [];
  if (value === null || typeof value !== 'object') return [];
  const { scripts: _development, ...rest } = value as Record<string, unknown>;
  return Object.values(rest).flatMap(filesNamedBy);
}
