import * as vscode from 'vscode';
import { Owner } from './owner.ts';
import { localOnly } from './settings.ts';

/** Says in the status bar, for as long as it is so, that nothing but models on this machine is asked. */
export class LocalOnlyItem extends Owner {
  private readonly item: vscode.StatusBarItem;

  constructor() {
    super();
    this.item = this.own(vscode.window.createStatusBarItem('mlr.localOnly', vscode.StatusBarAlignment.Right, 10));
    this.item.name = 'MLR Copilot Privacy';
    this.item.text = '$(lock) MLR: local only';
    this.item.command = { command: 'workbench.action.openSettings', title: 'Settings', arguments: ['mlr.localOnly'] };
    this.own(
      vscode.workspace.onDidChangeConfiguration(
        (change) => change.affectsConfiguration('mlr.localOnly') && this.show(),
      ),
    );
    this.own(vscode.workspace.onDidChangeWorkspaceFolders(() => this.show()));
    this.show();
  }

  private show(): void {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const local = folders.filter((folder) => localOnly(folder)).map(({ name }) => name);
    if (local.length === 0) {
      this.item.hide();
      return;
    }
    const where = local.length < folders.length ? ` in ${local.join(', ')}` : '';
    this.item.tooltip =
      `MLR Copilot asks nothing but models on this machine${where} (mlr.localOnly). ` +
      'What experiments may reach is "network" in mlr.yaml.';
    this.item.show();
  }
}
