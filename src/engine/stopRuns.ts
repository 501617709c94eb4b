import { hasEnded } from '../domain/run.ts';
import { readRecord, runFolder, sessionFolder } from '../runs/runFolder.ts';
import { RunQueue } from '../runs/runQueue.ts';
import { SessionError } from '../session/errors.ts';

/** Where runs are, and what starts the supervisor of a session: its folder follows the words. */
interface Supervised {
  workspace: string;
  supervisorArgv: readonly string[];
}

/** Asks for the end of one run, which comes within seconds.
 *  @throws SessionError `bad-input` where there is no such run, or it has ended */
export async function stopRun(where: Supervised, run: string, by: string): Promise<void> {
  const { workspace } = where;
  const record = await readRecord(runFolder(workspace, run));
  if (record === null) {
    throw new SessionError(
      'bad-input',
      `"${run}" names neither a session nor a run of ${workspace}; mlr sessions lists the sessions.`,
    );
  }
  if (hasEnded(record)) throw new SessionError('bad-input', `Run ${run} is ${record.state}: there is nothing to stop.`);
  await queueOf(where, record.session).stop(run, by);
}

/** Ends the runs of a session that nobody works on: whoever did may have been killed, and left its supervisor. */
export async function stopLeftRuns(where: Supervised, session: string, by: string): Promise<void> {
  await queueOf(where, session).stopAll(by);
}

function queueOf({ workspace, supervisorArgv }: Supervised, session: string): RunQueue {
  const words = [...supervisorArgv, sessionFolder(workspace, session)];
  return new RunQueue({ workspace, session, supervisorArgv: words });
}
