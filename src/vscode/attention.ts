import * as vscode from 'vscode';
import type { EventBody } from '../domain/event.ts';
import type { Gate } from '../domain/gate.ts';
import type { Limit } from '../domain/limit.ts';
import { answerGate } from './answerGate.ts';
import type { FollowedSession } from './followedSession.ts';
import { offerLargerLimit } from './largerLimit.ts';
import { Owner } from './owner.ts';
import type { Surface } from './surface.ts';
import { tellFailure } from './tellFailure.ts';

/** A notification has room for so many buttons, and for so many letters in one. */
const MOST_BUTTONS = 3;
const LONGEST_BUTTON = 30;

/** Says that a session waits, without ever taking the focus: where the chat cannot be seen, a notification for each gate
 *  that opens. Shows the commands that it runs besides experiments. */
export class Attention extends Owner {
  private readonly surface: Surface;
  private listening: Owner | undefined;

  constructor(surface: Surface) {
    super();
    this.surface = surface;
    this.own(surface.onDidShow((session) => this.turnTo(session)));
  }

  private turnTo(session: FollowedSession | null): void {
    this.listening?.dispose();
    this.listening = this.own(new Owner());
    if (!session) return;
    this.listening.own(
      session.onDidChange(({ event }) => {
        if (event.type === 'gate.opened' && event.waitsFor === 'person') this.ask(session, event.gate);
        if (event.type === 'run.queued' && event.purpose === 'command') this.showCommand(session, event);
        if (event.type === 'session.failed' && event.limit) this.offer(session, event.message, event.limit);
      }),
    );
  }

  private ask(session: FollowedSession, gate: Gate): void {
    if (this.surface.chat.isVisible) return;
    this.notify(session, gate).catch((error: unknown) => tellFailure(error, this.surface.log));
  }

  /** A command that changes what runs are made with is seen at work, in a terminal of its own. */
  private showCommand({ connection }: FollowedSession, { run: id, purpose, arm, seed }: EventBody<'run.queued'>): void {
    const run = { id, purpose, arm, seed };
    import('./followRun.ts').then(
      ({ showRun }) => showRun(this.surface, { folder: connection.folder, run }),
      (error: unknown) => tellFailure(error, this.surface.log),
    );
  }

  /** The chat has no place to enter a number, so this is said whether or not it can be seen. */
  private offer(session: FollowedSession, message: string, limit: Limit): void {
    offerLargerLimit(session, message, limit).catch((error: unknown) => tellFailure(error, this.surface.log));
  }

  private async notify(session: FollowedSession, gate: Gate): Promise<void> {
    const fits = gate.options.length <= MOST_BUTTONS && gate.options.every((o) => o.label.length <= LONGEST_BUTTON);
    const buttons = fits ? gate.options.map((option) => option.label) : ['Decide…', 'Open Chat'];
    const pressed = await vscode.window.showInformationMessage(`MLR Copilot: ${gate.question}`, ...buttons);
    if (pressed === undefined) return;
    if (pressed === 'Open Chat') return this.surface.chat.reveal();
    const option = gate.options.find((one) => one.label === pressed);
    await answerGate(session, gate, option?.choice);
  }
}
