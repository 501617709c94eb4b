import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { RunSpec } from '../domain/run.ts';
import { confinedArgv, homeInside, type RunPaths } from './confinement.ts';
import { startContained } from './container/startContained.ts';
import { listPids } from './processTable.ts';
import { runEnvironment } from './runEnvironment.ts';
import { RunError } from './runError.ts';
import { outInside, runFolder } from './runFolder.ts';
import { GUARD_MARK, RUN_MARK, RunProcesses } from './runProcesses.ts';
import { become, SpareShell } from './spareShell.ts';
import { type RunExit, type StartedRun, signalOf } from './startedRun.ts';

/** How a run is started. */
export interface Starting {
  /** Lines of sh, run first by the process that becomes the run. */
  readonly prelude?: string;
  /** Where there is a shell that a confined run can become. */
  readonly shells?: SpareShell;
}

/**
 * Starts the command of a run that is laid out.
 * @throws RunError `spec` when the command does not exist, `confinement` for a level that this version does not know.
 */
export function startRun(
  spec: RunSpec,
  paths: RunPaths,
  workspace: string,
  { prelude = ':', shells = new SpareShell() }: Starting = {},
): StartedRun {
  if (spec.confinement === 'bwrap') return startConfined(spec, paths, workspace, { prelude, shells });
  if (spec.confinement === 'none') return startFree(spec, paths, workspace, prelude);
  if (spec.container !== undefined) return startContained(spec, spec.container, paths, workspace);
  throw new RunError(
    'confinement',
    `Runs cannot be confined by "${spec.confinement}" here; use bwrap, container or none.`,
  );
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
  const others = listPids();
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
  const processes = new RunProcesses({ id: spec.id, root: child.pid ?? 0, tree: paths.tree, others });
  return started(child, cwd, processes, (code, signal) => ({ exit: code, signal, notStarted: null }));
}

function startConfined(
  spec: RunSpec,
  paths: RunPaths,
  workspace: string,
  { prelude, shells }: Required<Starting>,
): StartedRun {
  const places = { top: spec.mountAt, out: outInside(spec, workspace), home: homeInside(), tmp: '/tmp' };
  const env = runEnvironment(spec, places, process.env);
  const [program = 'bwrap', ...words] = confinedArgv(spec, paths, env);
  const others = listPids();
  const argv = [program, '--json-status-fd', '3', ...words];
  const child = shells.take();
  become(child, { cwd: runFolder(workspace, spec.id), env, prelude: `${NO_CORES}\n${prelude}`, argv });
  const processes = new RunProcesses({ id: spec.id, root: child.pid ?? 0, tree: null, others });
  let status = '';
  const statusPipe = child.stdio[3];
  if (statusPipe && 'setEncoding' in statusPipe) statusPipe.on('data', (text) => (status += String(text)));
  return started(child, join(spec.mountAt, spec.folder), processes, (code, signal) => {
    // bubblewrap reports an exit code only for a command that it could start.
    if (code !== null && !status.includes('"exit-code"')) {
      return { exit: null, signal: null, notStarted: `the sandbox could not start "${spec.argv[0]}"` };
    }
    const inner = signalOf(code);
    return { exit: inner ? null : code, signal: inner ?? signal, notStarted: null };
  });
}

function started(
  child: ChildProcess,
  cwd: string,
  processes: RunProcesses,
  toExit: (code: number | null, signal: NodeJS.Signals | null) => RunExit,
): StartedRun {
  const { pid, stdout, stderr } = child;
  if (!stdout || !stderr) throw new RunError('spec', 'A run was started without pipes for its output.');
  const exited = new Promise<RunExit>((settle) => {
    child.once('error', (error) => settle({ exit: null, signal: null, notStarted: error.message }));
    child.once('exit', (code, signal) => settle(toExit(code, signal)));
  });
  return { pid: pid ?? 0, cwd, stdout, stderr, processes, exited };
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
