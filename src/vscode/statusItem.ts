import * as vscode from 'vscode';
import { progressOf, secondsLeft } from './experimentLedger.ts';
import { shortTime } from './figures.ts';
import { Owner } from './owner.ts';
import type { IndexedSession } from './sessionIndex.ts';
import type { Surface } from './surface.ts';
import { tellFailure } from './tellFailure.ts';

/** Time left is told anew this often. Milliseconds. */
const TICK = 5000;

/** The status bar says what is under way and how far it is; a click leads to the session, its tooltip is a menu. */
export class StatusItem extends Owner {
  private readonly surface: Surface;
  private readonly item: vscode.StatusBarItem;
  private readonly ticking: NodeJS.Timeout;

  constructor(surface: Surface) {
    super();
    this.surface = surface;
    this.item = this.own(vscode.window.createStatusBarItem('mlr.session', vscode.StatusBarAlignment.Left, 10));
    this.item.name = 'MLR Copilot Session';
    this.own(
      surface.index.onDidChange((sessions) => {
        if (sessions !== null) return this.update();
        surface.index.all().then(
          () => this.update(),
          (error: unknown) => tellFailure(error, surface.log),
        );
      }),
    );
    this.own(surface.onDidShow(() => this.update()));
    this.ticking = setInterval(() => this.update(), TICK);
    this.own({ dispose: () => clearInterval(this.ticking) });
  }

  private update(): void {
    const { shown, index } = this.surface;
    const [gate] = shown?.openGates ?? [];
    if (shown?.head.status === 'waiting' && gate) {
      this.item.text = '$(bell-dot) MLR: waits for you';
      this.item.tooltip = gate.question;
      this.item.command = 'mlr.answerGate';
      this.item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
      this.item.show();
      return;
    }
    const working = index.working();
    const first = working.find((session) => session.id === shown?.id) ?? working[0];
    if (!first) {
      this.item.hide();
      return;
    }
    const others = working.length > 1 ? ` (+${working.length - 1})` : '';
    this.item.text = `$(loading~spin) MLR: ${progressWords(first, Date.now())}${others}`;
    this.item.tooltip = menuOf(working, Date.now());
    this.item.command = { command: 'mlr.showSession', title: 'Show Session', arguments: [{ session: first.id }] };
    this.item.backgroundColor = undefined;
    this.item.show();
  }
}

/** How far a session is, in a few words: runs and time left where something is measured, else what it does.
 *  @param now milliseconds since 1970 */
export function progressWords({ head, ledger }: IndexedSession, now: number): string {
  const experiment = ledger?.experiments.findLast((one) => one.kind !== 'trials');
  if (!experiment || experiment.measurement || experiment.noise) return head.phase;
  const { done, planned } = progressOf(experiment);
  return `${done} of ${planned} runs${timeWords(secondsLeft(experiment, now))}`;
}

function timeWords(left: number | null): string {
  if (left === null) return '';
  return left < 1 ? ', almost done' : `, ${shortTime(Math.round(left))} left`;
}

function menuOf(sessions: readonly IndexedSession[], now: number): vscode.MarkdownString {
  const menu = new vscode.MarkdownString('', true);
  menu.isTrusted = { enabledCommands: ['mlr.showSession', 'mlr.showResults', 'mlr.stopWork', 'mlr.followRun'] };
  for (const session of sessions) {
    const link = (label: string, command: string): string =>
      `[${label}](command:${command}?${encodeURIComponent(JSON.stringify([{ session: session.id }]))})`;
    menu.appendMarkdown('**');
    menu.appendText(session.head.title);
    menu.appendMarkdown('**\n\n');
    menu.appendText(`${session.head.phase} · ${progressWords(session, now)}`);
    const links = [
      link('$(comment-discussion) Show session', 'mlr.showSession'),
      link('$(table) Results', 'mlr.showResults'),
      link('$(debug-stop) Stop…', 'mlr.stopWork'),
    ];
    menu.appendMarkdown(`\n\n${links.join(' &nbsp; ')}\n\n`);
  }
  return menu;
}
