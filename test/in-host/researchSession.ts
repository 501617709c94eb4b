import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { NewEvent } from '../../src/domain/event.ts';
import { EventLog } from '../../src/session/log.ts';

const sessionId = '20260412-1015-a1b2c3';
export const before = 'print("epoch 1 loss 0.5")\n';
export const after = 'print("epoch 1 loss 0.4")\n';

/** The open folder, as a researcher's: a repository, and a session in it that waits for an answer about a change. */
export async function waitingSession(): Promise<string> {
  const folder = openFolder();
  git('init', '--quiet', '--initial-branch=main');
  await writeFile(join(folder, 'train.py'), before);
  git('add', 'train.py');
  // Another suite may have begun here before.
  git('commit', '--quiet', '--allow-empty', '--message', 'Begin');
  const base = git('rev-parse', 'HEAD');
  await writeFile(join(folder, 'train.py'), after);
  git('add', 'train.py');
  const tree = git('write-tree');
  git('reset', '--quiet', '--hard');
  const log = await EventLog.open(join(folder, '.mlr', 'sessions', sessionId));
  for (const event of events(folder, base, tree)) await log.append(event);
  return folder;
}

/** Ends the engine that serves the open folder: it would outlive the editor. The session is stopped first, or another
 *  engine would go on with it. */
export async function endEngine(): Promise<void> {
  await vscode.commands.executeCommand('mlr.stop');
  const lock: { pid: number } = JSON.parse(await readFile(join(openFolder(), '.mlr', 'engine.lock'), 'utf8'));
  process.kill(lock.pid, 'SIGTERM');
}

/** Git in the open folder, as somebody whom no configuration knows. */
export function git(...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: openFolder(), encoding: 'utf8' }).trim();
}

export function openFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('no folder is open');
  return folder.uri.fsPath;
}

function events(workspace: string, base: string, tree: string): NewEvent[] {
  const lines = [`-${before.trimEnd()}`, `+${after.trimEnd()}`];
  const hunk = { id: 'h1', oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines, decision: 'open' as const };
  const blob = { before: 'a'.repeat(40), after: 'b'.repeat(40) };
  const file = { path: 'train.py', kind: 'modified' as const, binary: false, ...blob, hunks: [hunk] };
  const model = { baseUrl: null, model: null, replay: null, record: null, firstTokenSeconds: null, retries: null };
  return [
    {
      type: 'session.started',
      format: 1,
      session: sessionId,
      version: '0.1.0',
      workspace,
      assignment: { kind: 'research', paper: join(workspace, 'paper.md'), ideaFile: null },
      policy: 'review',
      unconfined: false,
      budgetTokens: null,
      model,
    },
    {
      type: 'changes.proposed',
      call: 'experiment',
      changes: { id: 'changes-1', title: 'Lose less', base, tree, files: [file] },
      summary: 'It loses less.',
      by: 'experiment',
      of: 'variant',
    },
    {
      type: 'gate.opened',
      gate: {
        id: 'reviewChanges-experiment',
        kind: 'reviewChanges',
        question: 'Accept these changes?',
        detail: '',
        options: [
          { choice: 'accept', label: 'Accept' },
          { choice: 'revise', label: 'Ask for other changes' },
        ],
      },
      waitsFor: 'person',
    },
  ];
}
