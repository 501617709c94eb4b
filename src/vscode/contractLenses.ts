import * as vscode from 'vscode';
import type { Checkout } from './builtInGit.ts';

/** Above a contract, what it is good for: one click to a measurement. */
export class ContractLenses implements vscode.CodeLensProvider {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly watched = new Set<string>();

  readonly onDidChangeCodeLenses = this.changed.event;

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const folder = vscode.workspace.getWorkspaceFolder(document.uri);
    if (!folder || document.uri.path !== vscode.Uri.joinPath(folder.uri, 'mlr.yaml').path) return [];
    const top = new vscode.Range(0, 0, 0, 0);
    if (!vscode.workspace.isTrusted) {
      const command = 'workbench.trust.manage';
      return [new vscode.CodeLens(top, { command, title: '$(shield) Trust this workspace to measure with it' })];
    }
    const { checkoutOf } = await import('./builtInGit.ts');
    const checkout = await checkoutOf(folder);
    if (checkout) this.watch(folder, checkout);
    return lensCommands(folder.uri.toString(), checkout).map((command) => new vscode.CodeLens(top, command));
  }

  private watch(folder: vscode.WorkspaceFolder, { onDidChange }: Checkout): void {
    const key = folder.uri.toString();
    if (this.watched.has(key)) return;
    this.watched.add(key);
    onDidChange(() => this.changed.fire());
  }
}

/** What can be measured without a question, by what is checked out. */
function lensCommands(folder: string, checkout: Checkout | undefined): vscode.Command[] {
  const { branch = null, hasChanges = false, defaultBranch = null } = checkout ?? {};
  const found: vscode.Command[] = [];
  const offer = (title: string, tooltip: string, command: string, subject: object): void => {
    found.push({ title, tooltip, command, arguments: [{ folder, ...subject }] });
  };
  if (defaultBranch !== null && branch !== defaultBranch) {
    const named = branch === null ? 'HEAD' : `HEAD (${branch})`;
    const [title, subject] = [`Measure HEAD against ${defaultBranch}`, { baseline: defaultBranch }];
    const tooltip = `Compare ${named} with ${defaultBranch} by this contract: paired runs over fresh seeds`;
    offer(title, tooltip, 'mlr.measure', { ...subject, variants: [branch ?? 'HEAD'] });
  }
  if (hasChanges) {
    const tooltip = 'Compare your files as they are, uncommitted changes too, with the commit they are based on';
    const subject = { baseline: branch ?? 'HEAD', variants: ['worktree'] };
    offer('Measure uncommitted changes', tooltip, 'mlr.measure', subject);
  }
  const noise = 'Run HEAD alone: what two runs of the same code differ by, and what a comparison could show';
  offer('Show noise of HEAD', noise, 'mlr.measureNoise', { baseline: branch ?? 'HEAD' });
  offer('Measure revisions…', 'Choose what to compare', 'mlr.measure', {});
  return found;
}
