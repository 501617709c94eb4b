import * as vscode from 'vscode';
import { Attention } from './attention.ts';
import { ChangedFiles } from './changedFiles.ts';
import { ChatView } from './chatView.ts';
import { ContractHelp } from './contractHelp.ts';
import { Engines } from './engines.ts';
import { FollowedSession } from './followedSession.ts';
import { LivePulses } from './livePulses.ts';
import { Owner } from './owner.ts';
import { KeptDecisions } from './review/keptDecisions.ts';
import { Reviewing } from './review/reviewing.ts';
import { SavedFiles } from './savedFiles.ts';
import { SessionIndex } from './sessionIndex.ts';
import { SessionLog } from './sessionLog.ts';
import { SessionTree } from './sessionTree.ts';
import { StatusItem } from './statusItem.ts';
import type { Surface } from './surface.ts';
import { SurfaceError } from './surfaceError.ts';
import { tellFailure } from './tellFailure.ts';

/** What was registered when the extension was activated, and is told when it has to ask anew. */
interface Views {
  refreshTree(rows: vscode.TreeItem[] | undefined): void;
  refreshText(uri: vscode.Uri): void;
}

/** What the editor shows of research sessions: one of them in the chat, all of them in the tree. */
export class EditorSurface extends Owner implements Surface {
  readonly context: vscode.ExtensionContext;
  readonly log: SessionLog;
  readonly engines: Engines;
  readonly contracts: ContractHelp;
  readonly chat: ChatView;
  readonly index: SessionIndex;
  readonly pulses: LivePulses;
  readonly tree: SessionTree;
  readonly changedFiles: ChangedFiles;
  readonly reviewing: Reviewing;
  private readonly shownChanged = this.own(new vscode.EventEmitter<FollowedSession | null>());
  private following: FollowedSession | null = null;
  private opening: Promise<void> | undefined;

  readonly onDidShow = this.shownChanged.event;

  constructor(context: vscode.ExtensionContext, views: Views) {
    super();
    this.context = context;
    this.log = this.own(new SessionLog());
    this.engines = this.own(new Engines(context, this.log));
    this.own(new SavedFiles(this.engines, this.log));
    this.contracts = this.own(new ContractHelp(this.engines, this.log));
    const kept = this.own(new KeptDecisions(context.workspaceState));
    this.changedFiles = this.own(new ChangedFiles(this.engines, kept, views.refreshText));
    this.index = this.own(new SessionIndex(this.engines));
    this.pulses = this.own(new LivePulses(this.index, this.engines, this.log));
    this.tree = this.own(new SessionTree(this.index, this.pulses, views.refreshTree));
    this.reviewing = this.own(
      new Reviewing({
        files: this.changedFiles,
        kept,
        onDidShow: this.onDidShow,
        onFailure: (error) => tellFailure(error, this.log),
      }),
    );
    this.chat = this.own(new ChatView(this));
    this.own(new Attention(this));
    this.own(new StatusItem(this));
  }

  /** The session in the chat, if there is one. */
  get shown(): FollowedSession | null {
    return this.following;
  }

  /** @throws SurfaceError `no-session` */
  get shownSession(): FollowedSession {
    if (this.following) return this.following;
    throw new SurfaceError('no-session', 'No session is shown: start one, or choose one in the Sessions view.', {
      wayOut: { label: 'Generate Research Idea', command: 'mlr.generateIdea' },
    });
  }

  /** Puts a session into the chat; the one before goes on by itself. */
  async show(folder: vscode.WorkspaceFolder, session: string): Promise<FollowedSession> {
    if (this.following?.id === session) return this.following;
    const connection = await this.engines.of(folder);
    const followed = await FollowedSession.attach(connection, session, {
      onEvent: (event) => this.log.event(event),
      onFailure: (error) => tellFailure(error, this.log),
    });
    this.following?.dispose();
    this.following = this.own(followed);
    this.shownChanged.fire(followed);
    return followed;
  }

  /** After a reload: the newest session that is not finished comes back by itself. Starts no engine where there has
   *  never been a session. */
  async showNewest(): Promise<void> {
    // Where there is none yet, one may have begun in a terminal when it is asked for again.
    this.opening ??= this.openNewest().finally(() => {
      if (!this.following) this.opening = undefined;
    });
    await this.opening;
  }

  /** The text of a document of scheme `mlr`. One that a reload brought back belongs to a session that comes back too. */
  async textOf(uri: vscode.Uri): Promise<string> {
    this.showNewest().catch((error: unknown) => tellFailure(error, this.log));
    return await this.changedFiles.textOf(uri);
  }

  /** @throws SurfaceError `untrusted` */
  demandTrust(): void {
    if (vscode.workspace.isTrusted) return;
    throw new SurfaceError(
      'untrusted',
      'This workspace is not trusted, so MLR Copilot starts nothing in it; trust it first, if you know its code.',
      { wayOut: { label: 'Manage Trust', command: 'workbench.trust.manage' } },
    );
  }

  override dispose(): void {
    this.following = null;
    super.dispose();
  }

  private async openNewest(): Promise<void> {
    if (this.following || !vscode.workspace.isTrusted) return;
    for (const folder of await this.engines.foldersWithSessions()) {
      const { engine } = await this.engines.of(folder);
      const sessions = await (await engine()).list();
      const newest = sessions.filter((session) => session.status !== 'finished').at(-1);
      if (!newest || this.following) continue;
      await this.show(folder, newest.id);
      return;
    }
  }
}
