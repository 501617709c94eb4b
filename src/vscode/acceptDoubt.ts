import * as vscode from 'vscode';
import type { Check, Measurement } from '../domain/evidence.ts';
import { PERSON } from './person.ts';
import { pickSession, subjectSession } from './sessionCommands.ts';
import type { IndexedSession } from './sessionIndex.ts';
import type { Surface } from './surface.ts';
import { SurfaceError } from './surfaceError.ts';

/** Lets a person accept a doubt with a reason, having seen the verdict; the report says that it was afterwards.
 *  @param subject a session, and the check's name where a card was pressed
 *  @throws SurfaceError `gone` where there is no doubt to accept */
export async function acceptDoubt(surface: Surface, subject: unknown): Promise<void> {
  const session = (await subjectSession(surface, subject)) ?? (await pickSession(surface));
  if (!session) return;
  const named = (subject as { check?: unknown } | undefined)?.check;
  const check = typeof named === 'string' ? named : await pickDoubt(surface, session);
  if (check === undefined) return;
  const reason = await vscode.window.showInputBox({
    title: `Accept ${check}`,
    prompt: 'Why is this doubt none? The reason is printed in the report, as accepted after seeing the result.',
    placeHolder: 'deterministic learner',
    validateInput: (text) => (text.trim() === '' ? 'An acceptance needs a reason.' : undefined),
  });
  if (reason === undefined) return;
  const { engine } = await surface.engines.of(session.folder);
  const { verdict } = await (await engine()).acceptDoubt(session.id, check, reason.trim(), PERSON);
  await surface.show(session.folder, session.id);
  void vscode.window.showInformationMessage(`${check} is accepted; the verdict is now ${verdict}.`);
}

/** The doubts of a measurement that nobody has accepted yet, by name. */
function openDoubts({ checks, registration }: Measurement): Check[] {
  const open = checks.filter(({ name, kind, passed, acceptedAfter }) => {
    const accepted = acceptedAfter !== undefined || registration.accepted[name] !== undefined;
    return kind === 'doubt' && passed === false && !accepted;
  });
  return [...new Map(open.map((check) => [check.name, check])).values()];
}

async function pickDoubt(surface: Surface, session: IndexedSession): Promise<string | undefined> {
  const { experiments } = await surface.index.experimentsOf(session);
  const measurement = experiments.findLast((one) => one.measurement)?.measurement;
  const doubts = measurement ? openDoubts(measurement) : [];
  if (doubts.length === 0) {
    throw new SurfaceError('gone', `“${session.head.title}” has no open doubt, so there is nothing to accept.`);
  }
  const entries = doubts.map((check) => ({ label: check.name, detail: check.detail }));
  const picked = await vscode.window.showQuickPick(entries, {
    title: `Accept a doubt of ${session.head.title}`,
    placeHolder: 'Which doubt is none?',
  });
  return picked?.label;
}
