import * as vscode from 'vscode';
import { type BranchPoint, branchPoints } from '../domain/branchPoint.ts';
import { sessionOf } from './sessionCommands.ts';
import type { Surface } from './surface.ts';
import { SurfaceError } from './surfaceError.ts';

/** Begins a session from a decision of another, and puts it into the chat. The decision comes with the subject, or is
 *  chosen from a list.
 *  @throws SurfaceError `gone` where nothing was decided that another session could begin from */
export async function branchSession(surface: Surface, subject: unknown): Promise<void> {
  const session = await sessionOf(surface, subject);
  const chosen = namedIn(subject) ?? (await chooseDecision(session.head.title, branchPoints(session.events)));
  if (!chosen) return;
  const branch = await session.branch(chosen.gate, chosen.keepAnswer);
  await surface.show(session.connection.folder, branch);
  await surface.chat.reveal();
}

interface Chosen {
  readonly gate: string;
  readonly keepAnswer: boolean;
}

function namedIn(subject: unknown): Chosen | undefined {
  const { gate, keepAnswer } = (subject ?? {}) as Partial<Record<keyof Chosen, unknown>>;
  return typeof gate === 'string' && typeof keepAnswer === 'boolean' ? { gate, keepAnswer } : undefined;
}

async function chooseDecision(title: string, points: readonly BranchPoint[]): Promise<Chosen | undefined> {
  if (points.length === 0) {
    throw new SurfaceError('gone', `In “${title}” nothing was decided yet that another session could begin from.`);
  }
  const entries = points.flatMap((point) => entriesOf(point));
  const placeHolder = 'From which decision shall a new session begin? The one before stays as it is.';
  return vscode.window.showQuickPick(entries, { title: 'Branch Session', placeHolder, matchOnDetail: true });
}

function entriesOf({ gate, answer }: BranchPoint) {
  const label = gate.options.find(({ choice }) => choice === answer.choice)?.label ?? answer.choice;
  const anew = {
    ...{ label: `$(debug-restart) Decide anew: ${gate.question}`, detail: `It was answered: ${label}` },
    ...{ gate: gate.id, keepAnswer: false },
  };
  const kept = {
    ...{ label: `$(git-branch) Go on from: ${label}`, detail: 'What follows is done again.' },
    ...{ gate: gate.id, keepAnswer: true },
  };
  return answer.choice === 'stop' ? [anew] : [anew, kept];
}
