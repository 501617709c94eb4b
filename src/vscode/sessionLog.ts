import * as vscode from 'vscode';
import type { SessionEvent } from '../domain/event.ts';
import { linesOf } from './logLines.ts';
import { Owner } from './owner.ts';

/** The output channel "MLR Copilot": what happens in the session that is shown, and every failure whole. Its grammar
 *  is in syntaxes/. */
export class SessionLog extends Owner {
  private readonly channel = this.own(vscode.window.createOutputChannel('MLR Copilot', 'mlr-log'));

  event(event: SessionEvent): void {
    for (const line of linesOf(event)) this.channel.appendLine(line);
  }

  say(text: string): void {
    this.channel.appendLine(`${clock(new Date())} notice ${text}`);
  }

  failure(error: unknown): void {
    this.channel.appendLine(`${clock(new Date())} failed ${wholeOf(error)}`);
  }

  show(): void {
    this.channel.show(true);
  }
}

function clock(time: Date): string {
  return time.toISOString().slice(11, 19);
}

function wholeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\ncaused by ${wholeOf(error.cause)}`;
}
