import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerPlace, RunSpec } from '../../domain/run.ts';
import { maskedPlaces, placeOf, type RunPaths } from '../confinement.ts';
import { mostTasks } from '../taskBound.ts';

/** Where a run in a container has its home: in memory of nobody else's. */
export const CONTAINER_HOME = '/tmp/home';

/** The container's name, by which whoever clears up finds it. */
export function containerName(run: string): string {
  return `mlr-${run}`;
}

/**
 * The words that run a command in a container of its own: of the machine it sees the run's copy of the arm at the
 * repository's own place, the inputs read-only and its private folders, and nothing else. The image's entry point is
 * left out: what the contract says is what runs.
 * @param uid of this process; undefined where the system has none
 */
export function containerArgv(
  spec: RunSpec,
  place: ContainerPlace,
  paths: RunPaths,
  env: Readonly<Record<string, string>>,
  uid = process.getuid?.(),
): string[] {
  const folder = join(spec.mountAt, spec.folder);
  const [command = '', ...words] = spec.argv;
  return [
    ...[place.engine, 'run', '--name', containerName(spec.id), '--pull', 'never'],
    ...confining(spec, place, uid),
    ...mount(paths.tmp, '/tmp'),
    ...mount(paths.tree, spec.mountAt),
    ...spec.inputs.flatMap((input) => mount(input.from, placeOf(input, folder), true)),
    ...spec.inputs.flatMap((input) => maskedWithin(spec, input, paths.home)),
    ...spec.revealed.flatMap((file) => mount(file.from, placeOf(file, folder), true)),
    ...mount(paths.out, join(folder, '.mlr-out'), spec.out?.readOnly ?? false),
    // Cards that are lent have other numbers inside.
    ...Object.entries(env)
      .filter(([name]) => name !== 'CUDA_VISIBLE_DEVICES')
      .flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...['--workdir', folder, '--entrypoint', command, place.id, ...words],
  ];
}

function confining({ limits, network, gpus, env }: RunSpec, { engine }: ContainerPlace, uid?: number): string[] {
  const memory = String(Math.ceil(limits.memoryBytes));
  return [
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    // Where SELinux labels files it would refuse the run its own folders.
    ...['--security-opt', 'label=disable'],
    ...(network.length === 0 ? ['--network', 'none'] : []),
    ...['--memory', memory, '--memory-swap', memory, '--shm-size', memory, '--pids-limit', String(mostTasks(limits))],
    ...['--stop-timeout', '0'],
    ...graphics(engine, gpus, env.CUDA_VISIBLE_DEVICES?.split(',')),
    // A rootless podman's root is this user; docker's root would leave files that this user cannot remove.
    ...(engine === 'docker' && uid !== undefined && uid !== 0 ? ['--user', `${uid}:${process.getgid?.() ?? uid}`] : []),
    ...(engine === 'podman' ? ['--http-proxy=false', '--env-host=false'] : []),
  ];
}

/** @param lent the cards that are lent to the run, where the machine says which there are */
function graphics(engine: ContainerPlace['engine'], gpus = 0, lent?: readonly string[]): string[] {
  if (gpus === 0) return [];
  if (engine === 'podman') return (lent ?? ['all']).flatMap((name) => ['--device', `nvidia.com/gpu=${name}`]);
  // The engine splits its value at commas, unless they are in quotes.
  return ['--gpus', lent === undefined ? String(gpus) : `"device=${lent.join(',')}"`];
}

/** By an empty folder and an empty file: an engine's folder in memory may begin with a copy of what it covers.
 *  @param empty a folder in which there is nothing */
function maskedWithin(spec: RunSpec, input: RunSpec['inputs'][number], empty: string): string[] {
  const folder = join(spec.mountAt, spec.folder);
  return maskedPlaces(input, spec.masked, folder).flatMap(({ from, at }) => {
    if (!existsSync(from)) return [];
    return mount(statSync(from).isDirectory() ? empty : '/dev/null', at, true);
  });
}

/** In the long form, so that a path may hold colons; the engines' own notation doubles quotes in it. */
function mount(from: string, at: string, readOnly = false): string[] {
  const fields = ['type=bind', `src=${from}`, `dst=${at}`, ...(readOnly ? ['ro=true'] : [])];
  return ['--mount', fields.map(field).join(',')];
}

function field(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
