import * as vscode from 'vscode';
import type { ChangedText } from '../engine/protocol.ts';
import type { Engines } from './engines.ts';
import type { FollowedSession } from './followedSession.ts';
import { Owner } from './owner.ts';
import { SurfaceError } from './surfaceError.ts';

type Side = 'before' | 'after';

/** Shows change sets in VS Code's own multi-file diff; their texts are read-only documents of scheme `mlr`. */
export class ChangedFiles extends Owner {
  private readonly engines: Engines;
  private readonly texts = new Map<string, Promise<ChangedText[]>>();

  constructor(engines: Engines) {
    super();
    this.engines = engines;
  }

  async show(session: FollowedSession, changes: string): Promise<void> {
    const { folder } = session.connection;
    const place = { folder: folder.name, session: session.id, changes };
    const files = await this.filesOf(place);
    const rows = files.map((file) => [
      vscode.Uri.joinPath(folder.uri, file.path),
      file.before === null ? undefined : uriOf(place, file.path, 'before'),
      file.after === null ? undefined : uriOf(place, file.path, 'after'),
    ]);
    const title = session.changeSets.get(changes)?.title ?? 'Proposed changes';
    await vscode.commands.executeCommand('vscode.changes', title, rows);
  }

  /** The text behind a URI of ours. VS Code may ask anew after a reload.
   *  @throws SurfaceError `gone` */
  async textOf(uri: vscode.Uri): Promise<string> {
    const query = new URLSearchParams(uri.query);
    const [folder, session, changes] = ['folder', 'session', 'changes'].map((name) => query.get(name) ?? '');
    const files = await this.filesOf({ folder: folder ?? '', session: session ?? '', changes: changes ?? '' });
    const file = files.find((one) => one.path === uri.path.slice(1));
    return file?.[query.get('side') === 'before' ? 'before' : 'after'] ?? '';
  }

  private filesOf(place: Place): Promise<ChangedText[]> {
    const key = `${place.session} ${place.changes}`;
    const known = this.texts.get(key);
    if (known) return known;
    const asked = this.ask(place);
    this.texts.set(key, asked);
    asked.catch(() => this.texts.delete(key));
    return asked;
  }

  private async ask({ folder: name, session, changes }: Place): Promise<ChangedText[]> {
    const folder = vscode.workspace.workspaceFolders?.find((one) => one.name === name);
    if (!folder)
      throw new SurfaceError('gone', `The folder "${name}" of these changes is not open any more; open it first.`);
    const { engine } = await this.engines.of(folder);
    const { files } = await (await engine()).showChanges(session, changes);
    return files;
  }
}

interface Place {
  folder: string;
  session: string;
  changes: string;
}

function uriOf(place: Place, path: string, side: Side): vscode.Uri {
  return vscode.Uri.from({
    scheme: 'mlr',
    path: `/${path}`,
    query: new URLSearchParams({ ...place, side }).toString(),
  });
}
