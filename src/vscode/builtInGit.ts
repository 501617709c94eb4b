import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';

/** The part of VS Code's own git extension that is used here. */
interface GitExtension {
  getAPI(version: 1): {
    openRepository(root: vscode.Uri): Promise<Repository | null>;
    getRepository(uri: vscode.Uri): Repository | null;
  };
}

interface Change {
  readonly uri: vscode.Uri;
}

interface Repository {
  readonly rootUri: vscode.Uri;
  readonly state: {
    readonly HEAD?: { readonly name?: string };
    readonly workingTreeChanges: readonly Change[];
    readonly indexChanges: readonly Change[];
    readonly onDidChange: vscode.Event<void>;
  };
  getConfig(key: string): Promise<string>;
  getBranches(query: { remote: boolean; sort: 'committerdate' }): Promise<readonly { readonly name?: string }[]>;
}

/** The branches of a folder's repository, the newest first; none where VS Code's git is off. */
export async function revisionsOf(folder: vscode.WorkspaceFolder): Promise<string[]> {
  const repository = await repositoryOf(folder);
  return repository ? branchesOf(repository) : [];
}

/** What is checked out, and what it would be compared with. */
export interface Checkout {
  /** null where no branch is checked out. */
  readonly branch: string | null;
  readonly hasChanges: boolean;
  /** null where the repository has no branch that could be meant. */
  readonly defaultBranch: string | null;
  /** The branch, or whether there are changes, may be another. */
  readonly onDidChange: vscode.Event<void>;
}

/** @returns undefined where VS Code's git is off or the folder is in no repository */
export async function checkoutOf(folder: vscode.WorkspaceFolder): Promise<Checkout | undefined> {
  const repository = await repositoryOf(folder);
  if (!repository) return undefined;
  const { HEAD, workingTreeChanges, indexChanges, onDidChange } = repository.state;
  return {
    branch: HEAD?.name ?? null,
    hasChanges: [...workingTreeChanges, ...indexChanges].some(({ uri }) => !isOwn(folder, uri)),
    defaultBranch: await defaultBranchOf(repository),
    onDidChange,
  };
}

/** Reports and ideas, which are no change of the experiment. */
function isOwn(folder: vscode.WorkspaceFolder, { path }: vscode.Uri): boolean {
  return path.startsWith(`${vscode.Uri.joinPath(folder.uri, '.mlr').path}/`);
}

/** What the remote calls its default branch, else the one this machine begins repositories with, else a usual name. */
async function defaultBranchOf(repository: Repository): Promise<string | null> {
  const branches = await branchesOf(repository);
  const candidates = [await remoteDefault(repository.rootUri.fsPath), await configuredDefault(repository)];
  return [...candidates, 'main', 'master', 'trunk'].find((name) => name && branches.includes(name)) ?? null;
}

/** `origin/HEAD` is always a file of its own: a symbolic reference cannot be packed. */
async function remoteDefault(root: string): Promise<string | undefined> {
  const text = await readFile(join(root, '.git', 'refs', 'remotes', 'origin', 'HEAD'), 'utf8').catch(() => '');
  return /^ref: refs\/remotes\/origin\/(.+)$/m.exec(text)?.[1];
}

async function configuredDefault(repository: Repository): Promise<string> {
  // Git has no value to give where nothing was configured.
  return repository.getConfig('init.defaultBranch').catch(() => '');
}

async function branchesOf(repository: Repository): Promise<string[]> {
  const branches = await repository.getBranches({ remote: false, sort: 'committerdate' });
  return branches.flatMap((branch) => (branch.name === undefined ? [] : [branch.name]));
}

async function repositoryOf(folder: vscode.WorkspaceFolder): Promise<Repository | null> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  if (!extension) return null;
  const git = (await extension.activate()).getAPI(1);
  return git.getRepository(folder.uri) ?? (await git.openRepository(folder.uri));
}
