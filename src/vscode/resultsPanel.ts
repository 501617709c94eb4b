import * as vscode from 'vscode';
import type { FromResults, ToResults } from '../webview/messages.ts';
import type { Experiment } from './experimentLedger.ts';
import { Owner } from './owner.ts';
import { pageHtml } from './pageHtml.ts';
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
  const experiment = subject instanceof ExperimentNode ? subject.experiment : undefined;
  const key = experiment?.id ?? session?.id ?? '';
  const panel = open.get(key) ?? new ResultsPanel(surface, { session, experiment }, () => open.delete(key));
  open.set(key, panel);
  panel.reveal();
}

interface Shown {
  readonly session: IndexedSession | undefined;
  readonly experiment: Experiment | undefined;
}

class ResultsPanel extends Owner {
  private readonly surface: Surface;
  private readonly shown: Shown;
  private readonly panel: vscode.WebviewPanel;
  private sending: NodeJS.Timeout | undefined;

  constructor(surface: Surface, shown: Shown, onClose: () => void) {
    super();
    this.surface = surface;
    this.shown = shown;
    const dist = vscode.Uri.joinPath(surface.context.extensionUri, 'dist');
    const title = shown.session ? `Results: ${shown.session.head.title}` : 'Results';
    this.panel = vscode.window.createWebviewPanel('mlr.results', title, vscode.ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: [dist],
    });
    this.panel.iconPath = vscode.Uri.joinPath(surface.context.extensionUri, 'media', 'mlr.svg');
    this.own(this.panel.webview.onDidReceiveMessage((message: FromResults) => this.receive(message)));
    this.own(surface.index.onDidChange(() => this.sendSoon()));
    this.own({ dispose: () => clearTimeout(this.sending) });
    this.panel.onDidDispose(() => {
      this.dispose();
      onClose();
    });
    this.panel.webview.html = pageHtml(this.panel.webview, dist, 'results');
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
    const sources = await Promise.all(
      sessions.map(async (session) => {
        const { experiments } = await this.surface.index.experimentsOf(session);
        const wanted = experiment ? experiments.filter((one) => one.id === experiment.id) : experiments;
        return { session: session.id, experiments: wanted };
      }),
    );
    const title = this.shown.session?.head.title ?? 'All experiments of this workspace';
    const message: ToResults = { type: 'results', results: resultsOf(title, sources) };
    await this.panel.webview.postMessage(message);
  }

  private async sessions(): Promise<IndexedSession[]> {
    const { index } = this.surface;
    if (!this.shown.session) return (await index.all()).filter((session) => session.problem === null);
    const session = await index.named(this.shown.session.id);
    return session ? [session] : [];
  }
}
