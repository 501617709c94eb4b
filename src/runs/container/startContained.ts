import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod';
import type { ContainerPlace, RunSpec } from '../../domain/run.ts';
import type { RunPaths } from '../confinement.ts';
import { containedEnvironment } from '../runEnvironment.ts';
import { RunError } from '../runError.ts';
import { outInside, runFolder } from '../runFolder.ts';
import { RUN_MARK } from '../runProcesses.ts';
import { type RunExit, type StartedRun, signalOf } from '../startedRun.ts';
import { CONTAINER_HOME, containerArgv, containerName } from './containerArgv.ts';
import { ContainerProcesses, removeContainer } from './containerProcesses.ts';
import { ask } from './engine.ts';

/**
 * The engine works on when whoever asked it is gone, so somebody must tell it: a pipe that the supervisor alone holds
 * open ends with it. A line in the pipe says that all is over.
 */
const GUARDED = `
engine=$1 name=$2
shift 2
guard() {
  trap '' TERM INT HUP
  read -r _ <&3 && exit
  "$engine" rm --force "$name"
}
guard >/dev/null 2>&1 &
exec 3<&-
exec "$@"
`;

/** Starts a run that is laid out in a container of its own. */
export function startContained(spec: RunSpec, place: ContainerPlace, paths: RunPaths, workspace: string): StartedRun {
  const places = { out: outInside(spec, workspace), home: CONTAINER_HOME, tmp: '/tmp' };
  const words = containerArgv(spec, place, paths, containedEnvironment(spec, places));
  const child = spawn('/bin/sh', ['-c', GUARDED, 'mlr-container', place.engine, containerName(spec.id), ...words], {
    cwd: runFolder(workspace, spec.id),
    // The run is found by this mark; the engine's client, which is none of its processes, must not be.
    env: { ...process.env, [RUN_MARK]: undefined },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const { pid, stdout, stderr } = child;
  if (!stdout || !stderr) throw new RunError('spec', 'A run was started without pipes for its output.');
  const guard = child.stdio[3];
  const exited = endOf(child, spec, place).finally(() => guard && 'end' in guard && guard.end('over\n'));
  const processes = new ContainerProcesses(spec.id, place, exited);
  return { pid: pid ?? 0, cwd: join(spec.mountAt, spec.folder), stdout, stderr, processes, exited };
}

/** What both engines tell of a container; one that never ran started in the year 1. */
const EngineState = z.object({
  StartedAt: z.string(),
  FinishedAt: z.string(),
  ExitCode: z.number(),
  OOMKilled: z.boolean(),
});

async function endOf(child: ChildProcess, spec: RunSpec, place: ContainerPlace): Promise<RunExit> {
  const end = await new Promise<{ code: number | null; error?: Error }>((settle) => {
    child.once('error', (error) => settle({ code: null, error }));
    child.once('exit', (code) => settle({ code }));
  });
  if (end.error) return { exit: null, signal: null, notStarted: end.error.message };
  const state = await stateOf(spec.id, place);
  await removeContainer(spec.id, place);
  // An engine's own failures end with 125 to 127, and so may a command: only a container that ran tells which.
  if (state === null || !state.ran) {
    return {
      exit: null,
      signal: null,
      notStarted: `${place.engine} could not start "${spec.argv[0]}" in ${place.image}`,
    };
  }
  const signal = signalOf(state.exit);
  return {
    exit: signal ? null : state.exit,
    signal: signal ?? null,
    notStarted: null,
    wallSeconds: state.seconds,
    ...((state.outOfMemory || signal === 'SIGKILL') && { overMemory: true }),
  };
}

async function stateOf(
  id: string,
  { engine }: ContainerPlace,
): Promise<{ ran: boolean; seconds: number; exit: number; outOfMemory: boolean } | null> {
  const { ok, said } = await ask(engine, ['container', 'inspect', '--format', '{{json .State}}', containerName(id)]);
  if (!ok) return null;
  const state = EngineState.parse(JSON.parse(said));
  return {
    ran: !state.StartedAt.startsWith('0001'),
    seconds: Math.max(0, (Date.parse(state.FinishedAt) - Date.parse(state.StartedAt)) / 1000),
    exit: state.ExitCode,
    outOfMemory: state.OOMKilled,
  };
}
