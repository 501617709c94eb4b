import * as vscode from 'vscode';
import type { RunPulse } from '../domain/pulse.ts';
import type { TranscriptItem } from '../domain/transcript.ts';
import type { ToHost, ToPage } from '../webview/messages.ts';
import type { RunEntry } from './experimentLedger.ts';
import type { FollowedSession } from './followedSession.ts';
import { Owner } from './owner.ts';
import { pageHtml } from './pageHtml.ts';
import { fulfil } from './pageRequests.ts';
import type { Surface } from './surface.ts';
import { tellFailure } from './tellFailure.ts';

/** Changes are gathered this long, so that a burst of events is one message. Milliseconds. */
const GATHER = 30;
/** Where what is written and not sent is kept with the workspace. */
const DRAFTS = 'mlr.drafts';

/** The chat page's side in the extension host: says what changed, does what is asked. */
export class ChatView extends Owner {
  private readonly surface: Surface;
  private view: vscode.WebviewView | undefined;
  private listening: Owner | undefined;
  private places = new Set<number>();
  private writing = { call: '', text: '' };
  private gathering: NodeJS.Timeout | undefined;
  /** Whether the page was sent something that it did not get: what comes after it would leave a gap. */
  private missed = false;
  /** Whether the page has spoken, and whether it shall take the keyboard once it does. */
  private isReady = false;
  private focusing = false;

  constructor(surface: Surface) {
    super();
    this.surface = surface;
    this.own(surface.onDidShow((session) => this.turnTo(session)));
    this.own(surface.pulses.onDidChange((runs) => this.beat(runs)));
    this.own(surface.reviewing.review.onDidChange(() => this.tellReview()));
    this.own({ dispose: () => clearTimeout(this.gathering) });
  }

  get isVisible(): boolean {
    return this.view?.visible ?? false;
  }

  async reveal(): Promise<void> {
    await vscode.commands.executeCommand('mlr.chat.focus');
  }

  /** Shows the chat and puts the keyboard at the question that waits there; only ever because somebody asked for it. */
  async focusQuestion(): Promise<void> {
    await this.reveal();
    this.focusing = !this.isReady;
    if (this.isReady) this.post({ type: 'focus' });
  }

  resolve(view: vscode.WebviewView): void {
    const dist = vscode.Uri.joinPath(this.surface.context.extensionUri, 'dist');
    this.view = view;
    view.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    this.own(view.webview.onDidReceiveMessage((message: ToHost) => this.receive(message)));
    this.own(
      view.onDidDispose(() => {
        this.view = undefined;
        this.isReady = false;
      }),
    );
    this.own(view.onDidChangeVisibility(() => view.visible && this.missed && this.turnTo(this.surface.shown)));
    view.webview.html = pageHtml(view.webview, dist, 'chat');
  }

  private async receive(message: ToHost): Promise<void> {
    try {
      await this.act(message);
    } catch (error) {
      tellFailure(error, this.surface.log);
      this.post({ type: 'refused' });
    }
  }

  private async act(message: ToHost): Promise<void> {
    const { surface } = this;
    switch (message.type) {
      case 'ready':
        await surface.showNewest().catch((error: unknown) => tellFailure(error, surface.log));
        this.turnTo(surface.shown);
        this.isReady = true;
        if (this.focusing) await this.focusQuestion();
        return;
      case 'draft':
        return void (await surface.context.workspaceState.update(DRAFTS, {
          ...this.drafts,
          [message.session]: message.text || undefined,
        }));
      case 'askMentions': {
        const found = await (await import('./mentions.ts')).mentionsFor(surface.shownSession, message.word);
        return this.post({ type: 'mentions', word: message.word, found });
      }
      case 'askHunks': {
        const changes = surface.shownSession.changeSets.get(message.changes);
        return changes && this.post({ type: 'changeSet', changes: surface.reviewing.decisionsOn(changes) });
      }
      default:
        return fulfil(surface, message);
    }
  }

  private get drafts(): Readonly<Record<string, string | undefined>> {
    return this.surface.context.workspaceState.get(DRAFTS, {});
  }

  /** Shows a session from its beginning, and then what changes in it. */
  private turnTo(session: FollowedSession | null): void {
    this.listening?.dispose();
    this.places.clear();
    this.writing = { call: '', text: '' };
    this.missed = false;
    const draft = session ? (this.drafts[session.id] ?? '') : '';
    this.post({ type: 'session', head: session?.head ?? null, items: session?.items ?? [], draft });
    if (!session) return;
    this.tellReview();
    this.listening = this.own(new Owner());
    this.listening.own(
      session.onDidChange(({ places, event }) => {
        for (const place of places) this.places.add(place);
        if (event.type === 'agent.message') this.writing = { call: event.call, text: '' };
        this.gather(session);
      }),
    );
    this.listening.own(session.onDidChangeHead(() => this.gather(session)));
    this.listening.own(
      session.onDidWrite(({ call, text }) => {
        const before = this.writing.call === call ? this.writing.text : '';
        this.writing = { call, text: before + text };
        this.gather(session);
      }),
    );
  }

  /** What was decided in the editor shows here too, and the reverse. */
  private tellReview(): void {
    const current = this.surface.reviewing.review.current;
    if (!current || current.session !== this.surface.shown) return;
    const changes = this.surface.reviewing.decisionsOn(current.changes);
    this.post({ type: 'changeSet', changes, gate: current.gate.id });
  }

  private gather(session: FollowedSession): void {
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      if (session !== this.surface.shown) return;
      if (this.missed) return this.turnTo(session);
      const items = [...this.places].sort((a, b) => a - b).flatMap((place) => placed(session.items, place));
      this.places.clear();
      this.post({ type: 'changed', head: session.head, items });
      this.post({ type: 'writing', ...this.writing });
    }, GATHER);
  }

  /** What is missed of this is old a moment later. */
  private beat(runs: readonly RunEntry[]): void {
    if (!this.view?.visible || !this.surface.shown) return;
    const pulses = Object.fromEntries(runs.map(({ id }) => [id, this.surface.pulses.of(id)]));
    this.post({ type: 'pulses', pulses: pulses as Record<string, RunPulse> });
  }

  /** A hidden page gets nothing: when it is shown again it is sent everything. */
  private post(message: ToPage): void {
    if (!this.view?.visible) {
      this.missed = true;
      return;
    }
    this.view.webview.postMessage(message).then(
      (isDelivered) => {
        if (!isDelivered) this.missed = true;
      },
      (error: unknown) => this.surface.log.failure(error),
    );
  }
}

function placed(items: readonly TranscriptItem[], place: number): { place: number; item: TranscriptItem }[] {
  const item = items[place];
  return item ? [{ place, item }] : [];
}
