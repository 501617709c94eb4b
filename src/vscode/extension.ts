import * as vscode from 'vscode';

/** Registers the commands and nothing else: whatever they need is loaded when one is run. */
export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    vscode.commands.registerCommand('mlr.generateIdea', () =>
      vscode.window.showInformationMessage('Generate Research Idea: choose a paper to begin.'),
    ),
  );
}
