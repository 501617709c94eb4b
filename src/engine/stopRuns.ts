import { hasEnded } from '../domain/run.ts';
import { readRecord, requestStop, runFolder } from '../runs/runFolder.ts';
import { RunQueue } from '../runs/runQueue.ts';
import { SessionError } from '../session/errors.ts';

/** Asks for the end of one run, which comes within seconds.
 *  @throws SessionError `bad-input` where there is no such run, or it has ended */
export async function stopRun(workspace: string, run: string, by: string): Promise<void> {
  const record = await readRecord(runFolder(workspace, run));
  if (record === null) {
    throw new SessionError(
      'bad-input',
      `"${run}" names neither a session nor a run of ${workspace}; mlr sessions lists the sessions.`,
    );
  }
  if (hasEnded(record)) throw new SessionError('bad-input', `Run ${run} is ${record.state}: there is nothing to stop.`);
  await requestStop(workspace, run, by);
}

/** Ends the runs of a session that nobody works on: whoever did may have been killed, and left its supervisor. */
export async function stopLeftRuns(
  { workspace, supervisorArgv }: { workspace: string; supervisorArgv: string[] },
  session: string,
  by: string,
): Promise<void> {
  await new RunQueue({ workspace, session, supervisorArgv }).stopAll(by);
}
