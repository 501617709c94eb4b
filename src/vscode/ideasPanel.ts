import * as vscode from 'vscode';
import type { GateAnswer } from '../domain/gate.ts';
import type { FromIdeas, ItemOf, ToIdeas } from '../webview/messages.ts';
import { FollowedSession } from './followedSession.ts';
import { Owner } from './owner.ts';
import { fillEditor } from './pageHtml.ts';
import type { Surface } from './surface.ts';
import { SurfaceError } from './surfaceError.ts';
import { tellFailure } from './tellFailure.ts';

const open = new Map<string, IdeasPanel>();

/** Shows the ideas of the session in the chat side by side, in an editor from which one of them can be chosen.
 *  @throws SurfaceError `gone` where it has proposed none */
export async function compareIdeas(surface: Surface): Promise<void> {
  await surface.showNewest();
  const { id, items, connection, head } = surface.shownSession;
  if (!items.some(({ kind }) => kind === 'ideas')) {
    throw new SurfaceError('gone', `“${head.title}” has no ideas to compare yet.`);
  }
  const known = open.get(id);
  if (known) return known.reveal();
  const panel = vscode.window.createWebviewPanel('mlr.ideas', 'Ideas', vscode.ViewColumn.Active);
  await fill(surface, { id, folder: connection.folder }, panel);
}

/** Fills a page again that a reloaded window has kept; one whose session is gone is closed. */
export async function restoreIdeas(surface: Surface, panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
  const { session: id } = (kept ?? {}) as { session?: unknown };
  const session = typeof id === 'string' ? await surface.index.named(id) : undefined;
  if (session) await fill(surface, session, panel);
  else panel.dispose();
}

async function fill(
  surface: Surface,
  { id, folder }: { id: string; folder: vscode.WorkspaceFolder },
  panel: vscode.WebviewPanel,
): Promise<void> {
  const page = new IdeasPanel(surface, panel, () => open.delete(id));
  open.set(id, page);
  // A session of its own to follow: the chat may turn to another one meanwhile.
  await page.follow(await surface.engines.of(folder), id);
}

class IdeasPanel extends Owner {
  private readonly surface: Surface;
  private readonly panel: vscode.WebviewPanel;
  private session: FollowedSession | undefined;

  constructor(surface: Surface, panel: vscode.WebviewPanel, onClose: () => void) {
    super();
    this.surface = surface;
    this.panel = panel;
    this.own(panel.webview.onDidReceiveMessage((message: FromIdeas) => this.receive(message)));
    panel.onDidDispose(() => {
      this.dispose();
      onClose();
    });
    fillEditor(panel, surface.context.extensionUri, 'ideas');
  }

  reveal(): void {
    this.panel.reveal();
  }

  async follow(connection: FollowedSession['connection'], id: string): Promise<void> {
    const session = await FollowedSession.attach(connection, id, {
      onEvent: () => undefined,
      onFailure: (error) => tellFailure(error, this.surface.log),
    });
    if (this.isDisposed) return session.dispose();
    this.session = this.own(session);
    this.own(session.onDidChange(({ event }) => /^(gate|ideas?)\./.test(event.type) && this.send()));
    this.send();
  }

  private receive(message: FromIdeas): void {
    if (message.type === 'ready') this.send();
    else
      this.answer(message.gate, message.answer).catch((error: unknown) => {
        tellFailure(error, this.surface.log);
        this.post({ type: 'refused' });
      });
  }

  private async answer(gate: string, answer: GateAnswer): Promise<void> {
    this.surface.demandTrust();
    await this.session?.answer(gate, answer);
  }

  /** A hidden page gets nothing: when it is shown again it asks for everything. */
  private send(): void {
    const { session } = this;
    const item = session?.items.findLast((one): one is ItemOf<'ideas'> => one.kind === 'ideas');
    if (!session || !item || !this.panel.visible) return;
    const gate = session.openGates.findLast(({ kind }) => kind === 'chooseIdea') ?? null;
    const paper = session.items.find((one) => one.kind === 'paper');
    const title = paper?.kind === 'paper' ? `Ideas from “${paper.title}”` : 'Ideas';
    this.panel.title = 'Ideas side by side';
    this.post({ type: 'ideas', session: session.id, title, item, gate });
  }

  private post(message: ToIdeas): void {
    this.panel.webview.postMessage(message).then(undefined, (error: unknown) => this.surface.log.failure(error));
  }
}
