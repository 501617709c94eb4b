import * as vscode from 'vscode';
import { KEY_NAMES } from '../domain/keyNames.ts';

/** A key from the editor's secret store, else from the environment. Any other name is none of an engine's business. */
export async function keyFrom(secrets: vscode.SecretStorage, name: string): Promise<string | null> {
  if (!KEY_NAMES.includes(name)) return null;
  return (await secrets.get(name)) ?? process.env[name] ?? null;
}

/** Asks for the model's key and keeps it in the editor's secret store; an empty one removes it. */
export async function setModelKey(secrets: vscode.SecretStorage): Promise<void> {
  const key = await vscode.window.showInputBox({
    title: 'MLR Copilot: Set Model Key',
    prompt:
      'The key of your language model’s endpoint. It is kept in the editor’s secret store; leave it empty to remove it.',
    password: true,
    ignoreFocusOut: true,
  });
  if (key === undefined) return;
  if (key.trim() === '') {
    await secrets.delete('MLR_API_KEY');
    vscode.window.setStatusBarMessage('MLR: the key was removed', 5000);
    return;
  }
  await secrets.store('MLR_API_KEY', key.trim());
  vscode.window.setStatusBarMessage('MLR: the key is kept', 5000);
}
