import * as vscode from 'vscode';
import { isLive, type RunEntry } from './experimentLedger.ts';
import { runName } from './experimentWords.ts';
import { PERSON } from './person.ts';
import { pickSession, subjectSession } from './sessionCommands.ts';
import type { IndexedSession } from './sessionIndex.ts';
import type { Surface } from './surface.ts';
import { SurfaceError } from './surfaceError.ts';
import { RunNode } from './treeNodes.ts';

interface Choice extends vscode.QuickPickItem {
  readonly stop: 'session' | 'pause' | RunEntry;
}

/** Lets the person choose what ends: the session, for now or for good, or only a run that is under way.
 *  @returns whether anything was stopped */
export async function stopWork(surface: Surface, subject: unknown): Promise<boolean> {
  const session = (await subjectSession(surface, subject)) ?? (await workingSession(surface));
  if (!session) return false;
  const { engine } = await surface.engines.of(session.folder);
  const picked = await vscode.window.showQuickPick(await choicesFor(surface, session), {
    title: `Stop: ${session.head.title}`,
    placeHolder: 'What shall be stopped?',
  });
  if (!picked) return false;
  if (picked.stop === 'session') await (await engine()).stop(session.id, PERSON);
  else if (picked.stop === 'pause') await (await engine()).pause(session.id, PERSON);
  else await (await engine()).stopRun(picked.stop.id, PERSON);
  return true;
}

/** Ends the run of a row of the tree; the session goes on.
 *  @throws SurfaceError `gone` */
export async function stopRun(surface: Surface, subject: unknown): Promise<void> {
  if (!(subject instanceof RunNode)) {
    await stopWork(surface, subject);
    return;
  }
  if (!isLive(subject.run)) throw new SurfaceError('gone', `The run ${runName(subject.run)} has ended already.`);
  const { engine } = await surface.engines.of(subject.session.folder);
  await (await engine()).stopRun(subject.run.id, PERSON);
}

async function choicesFor(surface: Surface, session: IndexedSession): Promise<Choice[]> {
  const { all } = await surface.index.experimentsOf(session);
  const again = 'a run that a person stops is repeated once, with its seed';
  return [
    {
      label: '$(debug-stop) Stop the session',
      description: 'what has ended is kept; it can be resumed',
      stop: 'session',
    },
    { label: '$(debug-pause) Pause the session', description: 'to go on later where it is', stop: 'pause' },
    ...all.filter(isLive).map((run) => ({
      label: `$(circle-slash) Stop only the run: ${runName(run)}`,
      description: again,
      stop: run,
    })),
  ];
}

/** The one session that works, or one of them; @throws SurfaceError `no-session` */
async function workingSession(surface: Surface): Promise<IndexedSession | undefined> {
  await surface.index.all();
  const working = surface.index.working();
  if (working.length === 0) throw new SurfaceError('no-session', 'Nothing is under way, so there is nothing to stop.');
  return working.length === 1 ? working[0] : pickSession(surface);
}
