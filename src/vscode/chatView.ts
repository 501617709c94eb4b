import * as vscode from 'vscode';
import type { RunPulse } from '../domain/pulse.ts';
import type { TranscriptItem } from '../domain/transcript.ts';
import type { SlashCommand, ToHost, ToPage } from '../webview/messages.ts';
import type { RunEntry } from './experimentLedger.ts';
import type { FollowedSession } from './followedSession.ts';
import { Owner } from './owner.ts';
import { pageHtml } from './pageHtml.ts';
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
        return surface.shownSession.say((await import('./mentions.ts')).explained(surface.shownSession, message.text));
      case 'draft':
        return void (await this.surface.context.workspaceState.update(DRAFTS, {
          ...this.drafts,
          [message.session]: message.text || undefined,
        }));
      case 'command':
        return void (await vscode.commands.executeCommand(...slashCommand(message.name, surface)));
      case 'askMentions': {
        const found = await (await import('./mentions.ts')).mentionsFor(surface.shownSession, message.word);
        return this.post({ type: 'mentions', word: message.word, found });
      }
      case 'pause':
        return surface.shownSession.pause();
      case 'stop':
        return surface.shownSession.stop();
      case 'showChanges':
        return surface.changedFiles.show(surface.shownSession, message.changes);
      case 'askHunks': {
        const changes = surface.shownSession.changeSets.get(message.changes);
        return changes && this.post({ type: 'changeSet', changes: this.surface.reviewing.decisionsOn(changes) });
      }
      case 'decide':
        return surface.reviewing.review.decide(message.hunks, message.decision);
      case 'undoDecision':
        return surface.reviewing.review.undo();
      case 'undoAdoption':
        return (await import('./adoption.ts')).undoAdoption(surface, undefined);
      case 'mergeFile':
        return (await import('./adoption.ts')).mergeFile(surface, message.path);
      case 'measureNow':
        return void (await vscode.commands.executeCommand('mlr.measure', { baseline: 'HEAD', variants: ['worktree'] }));
      case 'review': {
        const { open, all } = surface.reviewing.review.tally();
        return void (await vscode.commands.executeCommand('mlr.openHunk', { hunks: open.length > 0 ? open : all }));
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

/** The command of the palette that a word after a slash stands for. */
function slashCommand(name: SlashCommand, surface: Surface): [command: string, ...subject: unknown[]] {
  const session = { session: surface.shownSession.id };
  switch (name) {
    case 'idea':
      return ['mlr.generateIdea'];
    case 'measure':
      return ['mlr.measure'];
    case 'noise':
      return ['mlr.measureNoise'];
    case 'changes':
      return ['mlr.showChanges'];
    case 'review':
      return ['mlr.nextHunk'];
    case 'results':
      return ['mlr.showResults', session];
    case 'report':
      return ['mlr.openReport'];
    case 'pause':
      return ['mlr.pause'];
    case 'stop':
      return ['mlr.stopWork', session];
    case 'retry':
      return ['mlr.resume'];
    case 'undo':
      return [surface.reviewing.review.current ? 'mlr.undoDecision' : 'mlr.undoAdoption'];
    case 'sessions':
      return ['mlr.showSession'];
  }
}

function placed(items: readonly TranscriptItem[], place: number): { place: number; item: TranscriptItem }[] {
  const item = items[place];
  return item ? [{ place, item }] : [];
}
