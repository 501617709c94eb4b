import * as vscode from 'vscode';
import { progressOf } from './experimentLedger.ts';
import type { IndexedSession } from './sessionIndex.ts';
import { progressWords } from './statusItem.ts';
import { stopWork } from './stopWork.ts';
import type { Surface } from './surface.ts';

/** Shows how far a measurement is in a notification that can be cancelled; cancelling asks what shall be stopped, and
 *  where nothing is, the notification comes back. Ends with the measurement. */
export async function showProgress(surface: Surface, id: string): Promise<void> {
  const session = await surface.index.named(id);
  while (session && isUnderWay(session)) {
    const cancelled = await progressUntilEnd(surface, session);
    if (cancelled && isUnderWay(session)) await stopWork(surface, { session: id });
  }
}

function progressUntilEnd(surface: Surface, session: IndexedSession): Thenable<boolean> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Measuring ${session.head.title}`,
    cancellable: true,
  };
  return vscode.window.withProgress(options, (progress, cancellation) => {
    let told = 0;
    const tell = (): void => {
      const percent = percentOf(session);
      progress.report({ message: progressWords(session, Date.now()), increment: percent - told });
      told = percent;
    };
    tell();
    return new Promise<boolean>((resolve) => {
      const end = (cancelled: boolean): void => {
        listening.dispose();
        resolve(cancelled);
      };
      const listening = surface.index.onDidChange(() => (isUnderWay(session) ? tell() : end(false)));
      cancellation.onCancellationRequested(() => end(true));
    });
  });
}

function isUnderWay({ head }: IndexedSession): boolean {
  return head.status === 'working';
}

function percentOf({ ledger }: IndexedSession): number {
  const experiment = ledger?.experiments.at(-1);
  if (!experiment) return 0;
  const { done, planned } = progressOf(experiment);
  return planned === 0 ? 0 : Math.min((100 * done) / planned, 100);
}
