import * as vscode from 'vscode';

/** The part of VS Code's own git extension that is used here. */
interface GitExtension {
  getAPI(version: 1): {
    openRepository(root: vscode.Uri): Promise<Repository | null>;
    getRepository(uri: vscode.Uri): Repository | null;
  };
}

interface Repository {
  readonly state: { readonly HEAD?: { readonly name?: string } };
  getBranches(query: { remote: boolean; sort: 'committerdate' }): Promise<readonly { readonly name?: string }[]>;
}

/** The branches of a folder's repository, the newest first; none where VS Code's git is off. */
export async function revisionsOf(folder: vscode.WorkspaceFolder): Promise<string[]> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  if (!extension) return [];
  const git = (await extension.activate()).getAPI(1);
  const repository = git.getRepository(folder.uri) ?? (await git.openRepository(folder.uri));
  const branches = (await repository?.getBranches({ remote: false, sort: 'committerdate' })) ?? [];
  return branches.flatMap((branch) => (branch.name === undefined ? [] : [branch.name]));
}
