import * as vscode from 'vscode';
import { ExperimentLedger, type RunEntry } from './experimentLedger.ts';
import { runName } from './experimentWords.ts';
import { PERSON } from './person.ts';
import { RunTerminal } from './runTerminal.ts';
import type { Surface } from './surface.ts';
import { SurfaceError } from './surfaceError.ts';
import { RunNode } from './treeNodes.ts';

interface Followed {
  folder: vscode.WorkspaceFolder;
  run: Pick<RunEntry, 'id' | 'purpose' | 'arm' | 'seed'>;
}

/** Shows what a run prints in the integrated terminal, from its beginning and as it comes.
 *  @param subject a run of the tree, or the id of one of the session in the chat; else a list is shown
 *  @throws SurfaceError `gone` */
export async function followRun(surface: Surface, subject: unknown): Promise<void> {
  const followed = await runOf(surface, subject);
  if (followed) showRun(surface, followed);
}

export function showRun(surface: Surface, { folder, run }: Followed): void {
  const name = `MLR ${runName(run)}`;
  const open = vscode.window.terminals.find((terminal) => terminal.name === name && isOf(terminal, run.id));
  if (open) {
    open.show(true);
    return;
  }
  const pty = new RunTerminal({
    run: run.id,
    workspace: folder.uri.fsPath,
    program: surface.context.asAbsolutePath('dist/cli.mjs'),
    stop: async () => {
      const { engine } = await surface.engines.of(folder);
      await (await engine()).stopRun(run.id, PERSON);
    },
  });
  vscode.window.createTerminal({ name, pty, iconPath: new vscode.ThemeIcon('beaker') }).show(true);
}

async function runOf(surface: Surface, subject: unknown): Promise<Followed | undefined> {
  if (subject instanceof RunNode) return { folder: subject.session.folder, run: subject.run };
  await surface.showNewest();
  const session = surface.shownSession;
  const { folder } = session.connection;
  const ledger = new ExperimentLedger();
  for (const event of session.events) ledger.take(event);
  const runs = ledger.all;
  if (typeof subject === 'string') {
    const run = runs.find((one) => one.id === subject);
    if (!run) throw new SurfaceError('gone', `“${session.head.title}” has no run ${subject}.`);
    return { folder, run };
  }
  if (runs.length === 0) throw new SurfaceError('gone', `“${session.head.title}” has started no run yet.`);
  const entries = runs.toReversed().map((run) => ({ label: runName(run), description: run.state, run }));
  const picked = await vscode.window.showQuickPick(entries, { placeHolder: 'Which run shall be followed?' });
  return picked && { folder, run: picked.run };
}

function isOf(terminal: vscode.Terminal, run: string): boolean {
  const { creationOptions } = terminal;
  return 'pty' in creationOptions && creationOptions.pty instanceof RunTerminal && creationOptions.pty.run === run;
}
