import type { Event, ExtensionContext, WorkspaceFolder } from 'vscode';
import type { ChangedFiles } from './changedFiles.ts';
import type { ContractHelp } from './contractHelp.ts';
import type { Engines } from './engines.ts';
import type { FollowedSession } from './followedSession.ts';
import type { LivePulses } from './livePulses.ts';
import type { Reviewing } from './review/reviewing.ts';
import type { SessionIndex } from './sessionIndex.ts';
import type { SessionLog } from './sessionLog.ts';

/** What commands and views do their work with; `EditorSurface` is made of them. */
export interface Surface {
  readonly context: ExtensionContext;
  readonly log: SessionLog;
  readonly engines: Engines;
  readonly contracts: ContractHelp;
  readonly changedFiles: ChangedFiles;
  readonly reviewing: Reviewing;
  readonly chat: { readonly isVisible: boolean; reveal(): Promise<void>; focusQuestion(): Promise<void> };
  readonly index: SessionIndex;
  readonly pulses: LivePulses;
  /** The session in the chat, if there is one. */
  readonly shown: FollowedSession | null;
  /** @throws SurfaceError `no-session` */
  readonly shownSession: FollowedSession;
  readonly onDidShow: Event<FollowedSession | null>;
  /** Puts a session into the chat; the one before goes on by itself. */
  show(folder: WorkspaceFolder, session: string): Promise<FollowedSession>;
  /** After a reload: the newest session that is not finished comes back by itself. */
  showNewest(): Promise<void>;
  /** @throws SurfaceError `untrusted` */
  demandTrust(): void;
}
