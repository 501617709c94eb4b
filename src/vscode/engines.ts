import { access } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { SessionEvent } from '../domain/event.ts';
import type { RemoteEngine } from '../engine/client.ts';
import { EngineConnection } from './engineConnection.ts';
import { keyFrom } from './modelKey.ts';
import { Owner } from './owner.ts';
import type { SessionLog } from './sessionLog.ts';
import { SurfaceError } from './surfaceError.ts';

export interface EngineEvent {
  readonly folder: vscode.WorkspaceFolder;
  readonly session: string;
  readonly event: SessionEvent;
}

/** One engine a workspace folder, each connected to at its first use. */
export class Engines extends Owner {
  private readonly context: vscode.ExtensionContext;
  private readonly log: SessionLog;
  private readonly connections = new Map<string, Promise<EngineConnection>>();
  private readonly anyEvent = this.own(new vscode.EventEmitter<EngineEvent>());

  /** Something happened in a session of some folder. */
  readonly onDidChange = this.anyEvent.event;

  constructor(context: vscode.ExtensionContext, log: SessionLog) {
    super();
    this.context = context;
    this.log = log;
  }

  of(folder: vscode.WorkspaceFolder): Promise<EngineConnection> {
    const known = this.connections.get(folder.uri.toString());
    if (known) return known;
    const made = EngineConnection.to(folder, {
      program: this.context.asAbsolutePath('dist/engine.mjs'),
      secret: (name) => keyFrom(this.context.secrets, name),
      say: (text) => this.log.say(text),
      onEvent: (session, event) => this.anyEvent.fire({ folder, session, event }),
    }).then((connection) => this.own(connection));
    this.connections.set(folder.uri.toString(), made);
    made.catch(() => this.connections.delete(folder.uri.toString()));
    return made;
  }

  /** Whether what happens in a session is told by an engine that this window has reached; none is started to find out. */
  async tellOf(folder: vscode.WorkspaceFolder, session: string): Promise<boolean> {
    const connection = await this.connections.get(folder.uri.toString());
    return connection?.tellsOf(session) ?? false;
  }

  /** The engine that serves a folder where this window has reached it; none is started. */
  async reached(folder: vscode.WorkspaceFolder): Promise<RemoteEngine | undefined> {
    return await (await this.connections.get(folder.uri.toString()))?.reached;
  }

  /** The folder to work in; asked for where there are several.
   *  @returns undefined when the person chose none
   *  @throws SurfaceError `no-folder` */
  async chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
    const folders = localFolders();
    if (folders.length === 0) {
      throw new SurfaceError('no-folder', 'MLR Copilot works in a folder with your experiment: open one first.', {
        wayOut: { label: 'Open Folder…', command: 'vscode.openFolder' },
      });
    }
    if (folders.length === 1) return folders[0];
    return vscode.window.showWorkspaceFolderPick({ placeHolder: 'In which folder is the experiment?' });
  }

  /** Folders that hold a session; no engine is started to find out. */
  async foldersWithSessions(): Promise<vscode.WorkspaceFolder[]> {
    const found: vscode.WorkspaceFolder[] = [];
    for (const folder of localFolders()) {
      const there = await access(join(folder.uri.fsPath, '.mlr', 'sessions')).then(
        () => true,
        () => false,
      );
      if (there) found.push(folder);
    }
    return found;
  }
}

function localFolders(): vscode.WorkspaceFolder[] {
  return (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
}
