import path from 'node:path';
import { runSupervisor } from '../runs/supervisorMain.ts';

/*
 * The process that owns one session's runs, until there is nothing left to run. A bundle of its own: every experiment
 * waits for its start, and it needs a tenth of what the engine's bundle holds.
 */

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write('usage: supervisor SESSION_FOLDER\n');
  process.exitCode = 2;
} else {
  await runSupervisor(path.resolve(folder), path.resolve(folder, '..', '..', '..'));
}
