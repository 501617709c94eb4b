import * as vscode from 'vscode';
import type { RunPulse } from '../domain/pulse.ts';
import type { TranscriptItem } from '../domain/transcript.ts';
import type { ToHost, ToPage } from '../webview/messages.ts';
import type { RunEntry } from './experimentLedger.ts';
import type { FollowedSession } from './followedSession.ts';
import { Owner } from './owner.ts';
import { pageHtml } from './pageHtml.ts';
import type { Surface } from './surface.ts';
import { tellFailure } from './tellFailure.ts';

/** Changes are gathered this long, so that a burst of events is one message. Milliseconds. */
const GATHER = 30;

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

  constructor(surface: Surface) {
    super();
    this.surface = surface;
    this.own(surface.onDidShow((session) => this.turnTo(session)));
    this.own(surface.pulses.onDidChange((runs) => this.beat(runs)));
    this.own({ dispose: () => clearTimeout(this.gathering) });
  }

  get isVisible(): boolean {
    return this.view?.visible ?? false;
  }

  async reveal(): Promise<void> {
    await vscode.commands.executeCommand('mlr.chat.focus');
  }

  resolve(view: vscode.WebviewView): void {
    const dist = vscode.Uri.joinPath(this.surface.context.extensionUri, 'dist');
    this.view = view;
    view.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    this.own(view.webview.onDidReceiveMessage((message: ToHost) => this.receive(message)));
    this.own(view.onDidDispose(() => (this.view = undefined)));
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
        return this.turnTo(surface.shown);
      case 'begin':
        return void (await vscode.commands.executeCommand('mlr.generateIdea'));
      case 'answer':
        surface.demandTrust();
        return surface.shownSession.answer(message.gate, message.answer);
      case 'resume':
        surface.demandTrust();
        return surface.shownSession.resume();
      case 'say':
        return surface.shownSession.say(message.text);
      case 'pause':
        return surface.shownSession.pause();
      case 'stop':
        return surface.shownSession.stop();
      case 'showChanges':
        return surface.changedFiles.show(surface.shownSession, message.changes);
      case 'askHunks': {
        const changes = surface.shownSession.changeSets.get(message.changes);
        return changes && this.post({ type: 'changeSet', changes });
      }
      case 'followRun':
        return (await import('./followRun.ts')).followRun(surface, message.run);
      case 'openReport':
        return (await import('./sessionCommands.ts')).openReport(surface, undefined);
      case 'openResults':
        return (await import('./resultsPanel.ts')).showResults(surface, { session: surface.shownSession.id });
      case 'acceptDoubt': {
        surface.demandTrust();
        const subject = { session: surface.shownSession.id, check: message.check };
        return (await import('./acceptDoubt.ts')).acceptDoubt(surface, subject);
      }
      case 'openPaper':
        return (await import('./sessionCommands.ts')).openPaper(surface);
    }
  }

  /** Shows a session from its beginning, and then what changes in it. */
  private turnTo(session: FollowedSession | null): void {
    this.listening?.dispose();
    this.places.clear();
    this.writing = { call: '', text: '' };
    this.missed = false;
    this.post({ type: 'session', head: session?.head ?? null, items: session?.items ?? [] });
    if (!session) return;
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
