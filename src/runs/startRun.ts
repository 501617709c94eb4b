import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { RunSpec } from '../domain/run.ts';
import { confinedArgv, homeInside, type RunPaths } from './confinement.ts';
import { runEnvironment } from './runEnvironment.ts';
import { RunError } from './runError.ts';
import { outInside, runFolder } from './runFolder.ts';
import { GUARD_MARK, RUN_MARK } from './runProcesses.ts';

/** How a run ended by itself. */
export interface RunExit {
  exit: number | null;
  signal: NodeJS.Signals | null;
  /** Why its command never ran; null when it did. */
  notStarted: string | null;
}

export interface StartedRun {
  pid: number;
  /** As the run sees it. */
  cwd: string;
  stdout: Readable;
  stderr: Readable;
  exited: Promise<RunExit>;
}

/** Signals by number, for what a shell or bubblewrap reports as 128 + number. */
const SIGNALS: Readonly<Record<number, NodeJS.Signals>> = {
  ...{ 1: 'SIGHUP', 2: 'SIGINT', 3: 'SIGQUIT', 4: 'SIGILL', 6: 'SIGABRT', 7: 'SIGBUS', 8: 'SIGFPE', 9: 'SIGKILL' },
  ...{ 11: 'SIGSEGV', 13: 'SIGPIPE', 14: 'SIGALRM', 15: 'SIGTERM' },
};

/**
 * Starts the command of a run that is laid out.
 * @param prelude lines of sh, run first by the process that becomes the run
 * @throws RunError `spec` when the command does not exist, `confinement` for a level that this version does not know.
 */
export function startRun(spec: RunSpec, paths: RunPaths, workspace: string, prelude = ':'): StartedRun {
  if (spec.confinement === 'bwrap') return startConfined(spec, paths, workspace, prelude);
  if (spec.confinement === 'none') return startFree(spec, paths, workspace, prelude);
  throw new RunError('confinement', `Runs cannot be confined by "${spec.confinement}" here; use bwrap or none.`);
}

/** What ends an unconfined run when its supervisor dies: a pipe that the supervisor alone holds open ends. */
const GUARDED = `
guard() {
  trap '' TERM INT HUP
  exec >/dev/null 2>&1
  read -r _ <&3
  round=0
  while [ "$round" -lt 100 ]; do
    found=
    for environ in /proc/[0-9]*/environ; do
      grep -q "${RUN_MARK}=$1" "$environ" || continue
      pid=\${environ#/proc/}
      kill -KILL "\${pid%/environ}" && found=1
    done
    [ -n "$found" ] || break
    round=$((round + 1))
  done
  kill -KILL -$$
}
( guard "$1" & )
unset ${GUARD_MARK}
${RUN_MARK}=$1
export ${RUN_MARK}
shift
exec 3<&-
`;

/** A crash leaves its open calls in the output, not gigabytes in the run's folder. */
const NO_CORES = 'ulimit -c 0 2>/dev/null';

function startFree(spec: RunSpec, paths: RunPaths, workspace: string, prelude: string): StartedRun {
  const places = { top: paths.tree, out: outInside(spec, workspace), home: paths.home, tmp: paths.tmp };
  const { [RUN_MARK]: _mark, ...env } = runEnvironment(spec, places, process.env);
  const cwd = join(paths.tree, spec.folder);
  requireProgram(spec.argv[0] ?? '', env.PATH ?? '', cwd);
  const child = spawn(
    '/bin/sh',
    ['-c', `${GUARDED}\n${NO_CORES}\n${prelude}\nexec "$@"`, 'mlr-guard', spec.id, ...spec.argv],
    {
      cwd,
      env: { ...env, [GUARD_MARK]: spec.id },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    },
  );
  return started(child, cwd, (code, signal) => ({ exit: code, signal, notStarted: null }));
}

function startConfined(spec: RunSpec, paths: RunPaths, workspace: string, prelude: string): StartedRun {
  const places = { top: spec.mountAt, out: outInside(spec, workspace), home: homeInside(), tmp: '/tmp' };
  const env = runEnvironment(spec, places, process.env);
  const [program = 'bwrap', ...words] = confinedArgv(spec, paths, env);
  const sandboxed = [program, '--json-status-fd', '3', ...words];
  const child = spawn('/bin/sh', ['-c', `${NO_CORES}\n${prelude}\nexec "$@"`, 'mlr-run', ...sandboxed], {
    cwd: runFolder(workspace, spec.id),
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  let status = '';
  const statusPipe = child.stdio[3];
  if (statusPipe && 'setEncoding' in statusPipe) statusPipe.on('data', (text) => (status += String(text)));
  return started(child, join(spec.mountAt, spec.folder), (code, signal) => {
    // bubblewrap reports an exit code only for a command that it could start.
    if (code !== null && !status.includes('"exit-code"')) {
      return { exit: null, signal: null, notStarted: `the sandbox could not start "${spec.argv[0]}"` };
    }
    const inner = code !== null && code > 128 ? SIGNALS[code - 128] : undefined;
    return { exit: inner ? null : code, signal: inner ?? signal, notStarted: null };
  });
}

function started(
  child: ChildProcess,
  cwd: string,
  toExit: (code: number | null, signal: NodeJS.Signals | null) => RunExit,
): StartedRun {
  const { pid, stdout, stderr } = child;
  if (!stdout || !stderr) throw new RunError('spec', 'A run was started without pipes for its output.');
  const exited = new Promise<RunExit>((settle) => {
    child.once('error', (error) => settle({ exit: null, signal: null, notStarted: error.message }));
    child.once('exit', (code, signal) => settle(toExit(code, signal)));
  });
  return { pid: pid ?? 0, cwd, stdout, stderr, exited };
}

function requireProgram(command: string, path: string, cwd: string): void {
  const places = command.includes('/')
    ? [resolve(cwd, command)]
    : path.split(delimiter).map((folder) => join(isAbsolute(folder) ? folder : join(cwd, folder), command));
  if (!places.some(isProgram)) {
    throw new RunError('spec', `The command "${command}" was not found; check \`run\` in mlr.yaml and PATH.`);
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
