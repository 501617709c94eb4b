import * as vscode from 'vscode';
import type { Engines } from './engines.ts';
import { Owner } from './owner.ts';

/** A log that grows is read again at most this often. Milliseconds. */
const PAUSE = 1500;
const LOGS = '.mlr/sessions/*/events.jsonl';

/** Notices what the command line writes: logs that grow without an engine of this window telling so. */
export class LogWatch extends Owner {
  private readonly engines: Engines;
  private readonly onGrown: (session: string) => void;
  private readonly pending = new Map<string, NodeJS.Timeout>();
  private watchers = this.own(new Owner());

  /** @param onGrown is given the session's id */
  constructor(engines: Engines, onGrown: (session: string) => void) {
    super();
    this.engines = engines;
    this.onGrown = onGrown;
    this.own(vscode.workspace.onDidChangeWorkspaceFolders(() => this.watch()));
    this.own({ dispose: () => this.pending.forEach(clearTimeout) });
    this.watch();
  }

  private watch(): void {
    this.watchers.dispose();
    this.watchers = this.own(new Owner());
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, LOGS));
      const note = (log: vscode.Uri): void => this.note(folder, log.path.split('/').at(-2) ?? '');
      this.watchers.own(vscode.Disposable.from(watcher, watcher.onDidCreate(note), watcher.onDidChange(note)));
    }
  }

  /** What an engine tells has come by the end of the pause. */
  private note(folder: vscode.WorkspaceFolder, session: string): void {
    if (this.pending.has(session)) return;
    const look = async (): Promise<void> => {
      this.pending.delete(session);
      if (!(await this.engines.tellOf(folder, session))) this.onGrown(session);
    };
    // A connection that failed tells of nothing, and says so where it is asked for.
    const lookAnyway = (): void => void look().catch(() => this.onGrown(session));
    this.pending.set(session, setTimeout(lookAnyway, PAUSE));
  }
}
