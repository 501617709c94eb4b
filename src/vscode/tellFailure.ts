import * as vscode from 'vscode';
import type { SessionLog } from './sessionLog.ts';
import { SurfaceError } from './surfaceError.ts';

/** Everything to the log, one sentence to the person, with a button where there is a way out. */
export function tellFailure(error: unknown, log: SessionLog | undefined): void {
  log?.failure(error);
  const message = error instanceof Error ? error.message : String(error);
  const wayOut = error instanceof SurfaceError ? error.wayOut : undefined;
  const showLog = log ? 'Show Log' : undefined;
  const buttons = [wayOut?.label, showLog].filter((label) => label !== undefined);
  vscode.window.showErrorMessage(message, ...buttons).then(
    (pressed) => {
      if (pressed !== undefined && pressed === wayOut?.label) void vscode.commands.executeCommand(wayOut.command);
      else if (pressed === showLog) log?.show();
    },
    (refused: unknown) => log?.failure(refused),
  );
}
