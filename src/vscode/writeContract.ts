import * as vscode from 'vscode';
import type { Surface } from './surface.ts';

/** Writes a first contract and opens it; what a script has to change is shown beside it, and changed by nobody. */
export async function writeContract(surface: Surface): Promise<void> {
  const folder = await surface.engines.chooseFolder();
  if (!folder) return;
  const { engine } = await surface.engines.of(folder);
  const made = await (await engine()).initContract();
  const contract = vscode.Uri.joinPath(folder.uri, 'mlr.yaml');
  await vscode.window.showTextDocument(contract);
  for (const note of [...made.files.map(({ path, what }) => `${path}: ${what}`), ...made.notes]) surface.log.say(note);
  if (made.diff === null) return;
  const patch = await vscode.workspace.openTextDocument({ language: 'diff', content: made.diff });
  await vscode.window.showTextDocument(patch, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
  void vscode.window.showInformationMessage(
    `mlr.yaml is written. Your script is as it was; it has to change as shown (git apply ${made.patch}).`,
  );
}
