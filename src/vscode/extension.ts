import * as vscode from 'vscode';
import { chatOfEditor } from './chatParticipant.ts';
import { type CommandName, commands } from './commands.ts';
import { ContractLenses } from './contractLenses.ts';
import { contractProviders } from './contractProviders.ts';
import { LazySurface } from './lazySurface.ts';
import { LocalOnlyItem } from './localOnlyItem.ts';
import { ProposalFiles } from './proposalFiles.ts';

/** Registers commands and views, and nothing else: whatever they need is loaded when one is used. */
export function activate(context: vscode.ExtensionContext): void {
  try {
    const lazy = new LazySurface(context);
    context.subscriptions.push(
      lazy,
      new LocalOnlyItem(),
      ...views(lazy),
      ...contractProviders(lazy),
      ...chatOfEditor(lazy),
      ...Object.keys(commands).map((name) => command(name as CommandName, lazy)),
    );
  } catch (error) {
    // VS Code itself says nothing when an extension fails to activate.
    void vscode.window.showErrorMessage(
      `MLR Copilot could not start: ${error instanceof Error ? error.message : error}`,
    );
    throw error;
  }
}

function command(name: CommandName, lazy: LazySurface): vscode.Disposable {
  return vscode.commands.registerCommand(name, (subject: unknown, ...rest: unknown[]) =>
    lazy.attempt(async (surface) => {
      const { runsCode, run } = commands[name];
      if (runsCode) surface.demandTrust();
      await run(surface, subject, rest);
    }),
  );
}

function views(lazy: LazySurface): vscode.Disposable[] {
  const proposals = new ProposalFiles(lazy);
  return [
    vscode.window.registerWebviewViewProvider('mlr.chat', {
      resolveWebviewView: (view) => lazy.attempt((surface) => surface.chat.resolve(view)),
    }),
    vscode.window.registerWebviewPanelSerializer('mlr.results', {
      deserializeWebviewPanel: async (panel, kept: unknown) => {
        await lazy.attempt(async (surface) => (await import('./resultsPanel.ts')).restoreResults(surface, panel, kept));
      },
    }),
    vscode.window.registerWebviewPanelSerializer('mlr.ideas', {
      deserializeWebviewPanel: async (panel, kept: unknown) => {
        await lazy.attempt(async (surface) => (await import('./ideasPanel.ts')).restoreIdeas(surface, panel, kept));
      },
    }),
    vscode.window.registerWebviewPanelSerializer('mlr.paper', {
      deserializeWebviewPanel: async (panel, kept: unknown) => {
        await lazy.attempt(async (surface) => (await import('./paperView.ts')).restorePaperView(surface, panel, kept));
      },
    }),
    vscode.window.createTreeView('mlr.sessions', {
      showCollapseAll: true,
      treeDataProvider: {
        onDidChangeTreeData: lazy.onDidChangeSessions,
        getTreeItem: (node: vscode.TreeItem) => node,
        getChildren: async (node?: vscode.TreeItem) =>
          (await lazy.attempt((surface) => surface.tree.childrenOf(node))) ?? [],
      },
    }),
    vscode.languages.registerCodeLensProvider({ scheme: 'file', pattern: '**/mlr.yaml' }, new ContractLenses()),
    proposals,
    vscode.workspace.registerFileSystemProvider('mlr', proposals, { isReadonly: true, isCaseSensitive: true }),
  ];
}
