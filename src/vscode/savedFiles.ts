import * as vscode from 'vscode';
import type { Engines } from './engines.ts';
import { Owner } from './owner.ts';
import type { SessionLog } from './sessionLog.ts';

/** Tells the engine which files were saved, made, renamed or deleted here, so that a search knows them at once. */
export class SavedFiles extends Owner {
  private readonly engines: Engines;
  private readonly log: SessionLog;

  constructor(engines: Engines, log: SessionLog) {
    super();
    this.engines = engines;
    this.log = log;
    const { workspace } = vscode;
    this.own(workspace.onDidSaveTextDocument(({ uri }) => this.tell([uri])));
    this.own(workspace.onDidSaveNotebookDocument(({ uri }) => this.tell([uri])));
    this.own(workspace.onDidCreateFiles(({ files }) => this.tell(files)));
    this.own(workspace.onDidDeleteFiles(({ files }) => this.tell(files)));
    this.own(workspace.onDidRenameFiles(({ files }) => this.tell(files.flatMap((one) => [one.oldUri, one.newUri]))));
  }

  private tell(uris: readonly vscode.Uri[]): void {
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const within = uris.filter((uri) => vscode.workspace.getWorkspaceFolder(uri) === folder);
      const paths = within.map((uri) => vscode.workspace.asRelativePath(uri, false));
      // Nobody waits for it, and a search looks at every file when it begins.
      if (paths.length > 0) this.tellEngine(folder, paths).catch((error: unknown) => this.log.failure(error));
    }
  }

  private async tellEngine(folder: vscode.WorkspaceFolder, paths: readonly string[]): Promise<void> {
    await (await this.engines.reached(folder))?.takeUpFiles(paths);
  }
}
