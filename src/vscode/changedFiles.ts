import * as vscode from 'vscode';
import type { ChangeSet } from '../domain/change.ts';
import type { ChangedText } from '../engine/protocol.ts';
import type { Engines } from './engines.ts';
import type { FollowedSession } from './followedSession.ts';
import { Owner } from './owner.ts';
import { textWith } from './review/hunkPlaces.ts';
import type { KeptDecisions } from './review/keptDecisions.ts';
import { SurfaceError } from './surfaceError.ts';

/** `before` is the base, `proposal` what an agent proposes without what was rejected, `settled` the base with what was
 *  accepted: what differs between the last two is still open. */
export type Side = 'before' | 'proposal' | 'settled';

interface Shown {
  readonly changes: ChangeSet;
  readonly files: readonly ChangedText[];
}

/** The texts of change sets as read-only documents of scheme `mlr`, and their multi-file diff. */
export class ChangedFiles extends Owner {
  private readonly engines: Engines;
  private readonly kept: KeptDecisions;
  private readonly shown = new Map<string, Promise<Shown>>();

  constructor(engines: Engines, kept: KeptDecisions, onChanged: (uri: vscode.Uri) => void) {
    super();
    this.engines = engines;
    this.kept = kept;
    this.own(
      kept.onDidChange((changes) => {
        for (const { uri } of vscode.workspace.textDocuments) {
          if (uri.scheme !== 'mlr' || sideOf(uri) === 'before') continue;
          void this.isOf(uri, changes).then((isOf) => isOf && onChanged(uri));
        }
      }),
    );
  }

  /** Opens the whole set in VS Code's multi-file diff: what an agent proposes on the right; on the left what it was made
   *  from, or the user's own files where they are what would change. */
  async show(session: FollowedSession, id: string): Promise<void> {
    const { folder } = session.connection;
    const { changes, files } = await this.of(placeOf(session, id));
    const rows = files.map((file) => {
      const own = vscode.Uri.joinPath(folder.uri, file.path);
      const before = id === 'adopt' ? own : this.uriOf(session, id, file.path, 'before');
      return [
        own,
        file.before === null ? undefined : before,
        file.after === null ? undefined : this.uriOf(session, id, file.path, 'proposal'),
      ];
    });
    await vscode.commands.executeCommand('vscode.changes', changes.title || 'Proposed changes', rows);
  }

  async changesOf(session: FollowedSession, id: string): Promise<ChangeSet> {
    return (await this.of(placeOf(session, id))).changes;
  }

  /** A file of a change set, as it was and as it would be. */
  async textsOf(session: FollowedSession, id: string, path: string): Promise<ChangedText | undefined> {
    return (await this.of(placeOf(session, id))).files.find((file) => file.path === path);
  }

  uriOf(session: FollowedSession, id: string, path: string, side: Side): vscode.Uri {
    const query = new URLSearchParams({ ...placeOf(session, id), side }).toString();
    return vscode.Uri.from({ scheme: 'mlr', path: `/${path}`, query });
  }

  /** The text behind a URI of ours. VS Code may ask anew after a reload.
   *  @throws SurfaceError `gone` */
  async textOf(uri: vscode.Uri): Promise<string> {
    const { changes, files } = await this.of(placeIn(uri));
    const path = uri.path.slice(1);
    const change = changes.files.find((one) => one.path === path);
    const texts = files.find((one) => one.path === path);
    if (!change || !texts) return '';
    const decisions = this.kept.of(changes.id);
    switch (sideOf(uri)) {
      case 'before':
        return texts.before ?? '';
      case 'proposal':
        return textWith(change, texts, (hunk) => decisions.of(hunk) !== 'rejected');
      case 'settled':
        return textWith(change, texts, (hunk) => decisions.of(hunk) === 'accepted');
    }
  }

  private async isOf(uri: vscode.Uri, changes: string): Promise<boolean> {
    return (await this.shown.get(keyOf(placeIn(uri))))?.changes.id === changes;
  }

  private of(place: Place): Promise<Shown> {
    const known = this.shown.get(keyOf(place));
    if (known) return known;
    const asked = this.ask(place);
    this.shown.set(keyOf(place), asked);
    asked.catch(() => this.shown.delete(keyOf(place)));
    return asked;
  }

  private async ask({ folder: name, session, changes }: Place): Promise<Shown> {
    const folder = vscode.workspace.workspaceFolders?.find((one) => one.name === name);
    if (!folder)
      throw new SurfaceError('gone', `The folder "${name}" of these changes is not open any more; open it first.`);
    const { engine } = await this.engines.of(folder);
    return await (await engine()).showChanges(session, changes);
  }
}

interface Place {
  folder: string;
  session: string;
  changes: string;
}

function placeOf(session: FollowedSession, changes: string): Place {
  return { folder: session.connection.folder.name, session: session.id, changes };
}

function placeIn(uri: vscode.Uri): Place {
  const query = new URLSearchParams(uri.query);
  const word = (name: string): string => query.get(name) ?? '';
  return { folder: word('folder'), session: word('session'), changes: word('changes') };
}

function keyOf({ session, changes }: Place): string {
  return `${session} ${changes}`;
}

export function sideOf(uri: vscode.Uri): Side {
  const side = new URLSearchParams(uri.query).get('side');
  return side === 'before' || side === 'settled' ? side : 'proposal';
}
