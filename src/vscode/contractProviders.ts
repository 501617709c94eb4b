import * as vscode from 'vscode';
import type { LazySurface } from './lazySurface.ts';

const CONTRACT: vscode.DocumentSelector = { language: 'yaml', scheme: 'file', pattern: '**/mlr.yaml' };

/** Help with `mlr.yaml`; the surface is made when one is opened. */
export function contractProviders(lazy: LazySurface): vscode.Disposable[] {
  const check = (document: vscode.TextDocument): void => {
    if (isContract(document)) void lazy.attempt((surface) => surface.contracts.check(document));
  };
  for (const document of vscode.workspace.textDocuments) check(document);
  return [
    vscode.workspace.onDidOpenTextDocument(check),
    vscode.workspace.onDidSaveTextDocument(check),
    vscode.workspace.onDidChangeTextDocument(({ document }) => check(document)),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (isContract(document)) void lazy.attempt((surface) => surface.contracts.forget(document));
    }),
    vscode.languages.registerCompletionItemProvider(CONTRACT, {
      provideCompletionItems: (document, at) => lazy.attempt((surface) => surface.contracts.completions(document, at)),
    }),
    vscode.languages.registerHoverProvider(CONTRACT, {
      provideHover: (document, at) => lazy.attempt((surface) => surface.contracts.hover(document, at)),
    }),
    vscode.languages.registerCodeActionsProvider(
      CONTRACT,
      { provideCodeActions: (document, range) => lazy.attempt((surface) => surface.contracts.fixes(document, range)) },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
  ];
}

function isContract(document: vscode.TextDocument): boolean {
  return document.uri.scheme === 'file' && /[\\/]mlr\.yaml$/.test(document.uri.fsPath);
}
