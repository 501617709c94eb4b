import * as vscode from 'vscode';
import type { FromResults, ResultsSubject, ToResults } from '../webview/messages.ts';
import { Owner } from './owner.ts';
import { fillEditor } from './pageHtml.ts';
import { resultsOf } from './resultsRows.ts';
import { subjectSession } from './sessionCommands.ts';
import type { IndexedSession } from './sessionIndex.ts';
import type { Surface } from './surface.ts';
import { tellFailure } from './tellFailure.ts';
import { ExperimentNode } from './treeNodes.ts';

/** Rows are sent again at most this often while runs end. Milliseconds. */
const RESEND = 1000;

const open = new Map<string, ResultsPanel>();

/** Shows arms and runs as tables that sort, in an editor: of one experiment, of a session, or of all of them.
 *  @param subject a row of the tree, or `{ session: ID }`; else all */
export async function showResults(surface: Surface, subject: unknown): Promise<void> {
  const session = await subjectSession(surface, subject);
  const experiment = subject instanceof ExperimentNode ? subject.experiment.id : null;
  const shown = { session: session?.id ?? null, experiment };
  const known = open.get(keyOf(shown));
  if (known) return known.reveal();
  const title = session ? `Results: ${session.head.title}` : 'Results';
  fill(surface, shown, vscode.window.createWebviewPanel('mlr.results', title, vscode.ViewColumn.Active));
}

/** Fills a table again that a reloaded window has kept; of a page that says nothing, with all there is. */
export function restoreResults(surface: Surface, panel: vscode.WebviewPanel, kept: unknown): void {
  const { subject } = (kept ?? {}) as { subject?: Partial<ResultsSubject> };
  fill(surface, { session: subject?.session ?? null, experiment: subject?.experiment ?? null }, panel);
}

function fill(surface: Surface, shown: ResultsSubject, panel: vscode.WebviewPanel): void {
  const key = keyOf(shown);
  open.set(key, new ResultsPanel(surface, shown, panel, () => open.delete(key)));
}

function keyOf({ session, experiment }: ResultsSubject): string {
  return experiment ?? session ?? '';
}

class ResultsPanel extends Owner {
  private readonly surface: Surface;
  private readonly shown: ResultsSubject;
  private readonly panel: vscode.WebviewPanel;
  private sending: NodeJS.Timeout | undefined;

  constructor(surface: Surface, shown: ResultsSubject, panel: vscode.WebviewPanel, onClose: () => void) {
    super();
    this.surface = surface;
    this.shown = shown;
    this.panel = panel;
    this.own(this.panel.webview.onDidReceiveMessage((message: FromResults) => this.receive(message)));
    this.own(surface.index.onDidChange(() => this.sendSoon()));
    this.own({ dispose: () => clearTimeout(this.sending) });
    this.panel.onDidDispose(() => {
      this.dispose();
      onClose();
    });
    fillEditor(panel, surface.context.extensionUri, 'results');
  }

  reveal(): void {
    this.panel.reveal();
  }

  private receive(message: FromResults): void {
    const act = message.type === 'ready' ? this.send() : this.follow(message.run);
    act.catch((error: unknown) => tellFailure(error, this.surface.log));
  }

  private async follow(id: string): Promise<void> {
    const sessions = await this.sessions();
    for (const session of sessions) {
      const run = (await this.surface.index.experimentsOf(session)).all.find((one) => one.id === id);
      if (run) return (await import('./followRun.ts')).showRun(this.surface, { folder: session.folder, run });
    }
  }

  private sendSoon(): void {
    this.sending ??= setTimeout(() => {
      this.sending = undefined;
      this.send().catch((error: unknown) => tellFailure(error, this.surface.log));
    }, RESEND);
  }

  /** A hidden page gets nothing: when it is shown again it asks for everything. */
  private async send(): Promise<void> {
    if (this.isDisposed || !this.panel.visible) return;
    const sessions = await this.sessions();
    const { experiment } = this.shown;
    const named = this.shown.session === null ? undefined : sessions[0];
    const sources = await Promise.all(
      sessions.map(async (session) => {
        const { experiments } = await this.surface.index.experimentsOf(session);
        const wanted = experiment ? experiments.filter((one) => one.id === experiment) : experiments;
        return { session: session.id, experiments: wanted };
      }),
    );
    const title = named?.head.title ?? 'All experiments of this workspace';
    const message: ToResults = { type: 'results', results: resultsOf(title, sources), subject: this.shown };
    await this.panel.webview.postMessage(message);
  }

  private async sessions(): Promise<IndexedSession[]> {
    const { index } = this.surface;
    if (!this.shown.session) return (await index.all()).filter((session) => session.problem === null);
    const session = await index.named(this.shown.session);
    return session ? [session] : [];
  }
}
