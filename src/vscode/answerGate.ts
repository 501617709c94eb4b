import * as vscode from 'vscode';
import type { Gate, GateAnswer } from '../domain/gate.ts';
import type { FollowedSession } from './followedSession.ts';
import type { Surface } from './surface.ts';
import { SurfaceError } from './surfaceError.ts';

/** Lets the person answer, in a native list, what the session waits for. */
export async function answerOpenGate(surface: Surface): Promise<void> {
  await surface.showNewest();
  const session = surface.shownSession;
  const [gate] = session.openGates;
  if (!gate) throw new SurfaceError('no-session', `“${session.head.title}” waits for no decision.`);
  await answerGate(session, gate, undefined);
}

/** @param choice what was chosen already; undefined asks. Leaving the list leaves the gate open. */
export async function answerGate(session: FollowedSession, gate: Gate, choice: string | undefined): Promise<void> {
  const answer = await completed(gate, choice ?? (await chosen(gate)));
  if (answer) await session.answer(gate.id, answer);
}

async function chosen(gate: Gate): Promise<string | undefined> {
  const entries = gate.options.map((option) => ({ label: option.label, choice: option.choice }));
  const picked = await vscode.window.showQuickPick(entries, { title: gate.question, placeHolder: gate.question });
  return picked?.choice;
}

/** Asking for something else takes words that say what. */
async function completed(gate: Gate, choice: string | undefined): Promise<GateAnswer | undefined> {
  if (choice !== 'revise') return choice === undefined ? undefined : { choice };
  const comment = await vscode.window.showInputBox({ title: gate.question, prompt: 'What should be different?' });
  return comment === undefined || comment.trim() === '' ? undefined : { choice, comment: comment.trim() };
}
