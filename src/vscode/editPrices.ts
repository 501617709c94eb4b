import * as vscode from 'vscode';
import { beginPrices } from '../engine/models.ts';

/** Opens the person's own prices, which go before those built in; where there is no such file it is begun. */
export async function editPrices(): Promise<void> {
  const settings = vscode.workspace.getConfiguration('mlr');
  const text = (name: string) => settings.get<string>(name, '').trim() || null;
  const file = await beginPrices({ model: text('model'), baseUrl: text('baseUrl') });
  await vscode.window.showTextDocument(vscode.Uri.file(file));
}
