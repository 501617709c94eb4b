import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

const running = new Set<ChildProcess>();
let listening = false;

/**
 * Starts a process in a group of its own, and makes sure that the whole group ends with this
 * process, however it ends: normally, by an error, or by Ctrl-C.
 */
export function spawnGroup(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  listenOnce();
  const child = spawn(command, args, { ...options, detached: true });
  running.add(child);
  child.once('exit', () => killGroup(child));
  return child;
}

/** Ends a process and everything it started in its group. */
export function killGroup(child: ChildProcess): void {
  running.delete(child);
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: nobody is left in the group, which is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function listenOnce(): void {
  if (listening) return;
  listening = true;
  process.on('exit', () => {
    for (const child of running) killGroup(child);
  });
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  process.once('SIGHUP', () => process.exit(129));
}
