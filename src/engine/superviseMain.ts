import path from 'node:path';
import { answerProbe } from '../runs/slurm/probe.ts';
import { runJob } from '../runs/slurm/runJob.ts';
import { runSupervisor } from '../runs/supervisorMain.ts';

/*
 * The process that owns one session's runs, until there is nothing left to run; on a node of a cluster, what a job there
 * does. A bundle of its own: every experiment waits for its start, and it needs a tenth of what the engine's bundle holds.
 */

const [first, second] = process.argv.slice(2);
if (first === '--job' && second !== undefined) await runJob(path.resolve(second));
else if (first === '--probe' && second !== undefined) await answerProbe(path.resolve(second));
else if (first !== undefined) {
  const jobArgv = [process.execPath, process.argv[1] ?? '', '--job'];
  await runSupervisor(path.resolve(first), path.resolve(first, '..', '..', '..'), { jobArgv });
} else {
  process.stderr.write('usage: supervisor SESSION_FOLDER\n');
  process.exitCode = 2;
}
