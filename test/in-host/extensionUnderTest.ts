import * as vscode from 'vscode';

export const extensionId = 'mlr-copilot.mlr-copilot';

/** The extension as the host sees it. One whose `engines.vscode` is too new is silently absent. */
export function extensionUnderTest(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension(extensionId);
  if (extension) return extension;
  throw new Error(`VS Code ${vscode.version} does not list ${extensionId}; is its engines.vscode too new?`);
}
