import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import type { RunSpec } from '../domain/run.ts';
import { RUN_MARK } from './runProcesses.ts';

/** Variables that say how to compute, and nothing about who computes. */
const ALLOWED = new Set([
  ...['PATH', 'LANG', 'LANGUAGE', 'TZ', 'SHELL', 'TERM', 'PYTHONPATH', 'VIRTUAL_ENV', 'CONDA_PREFIX'],
  ...['LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'NVIDIA_VISIBLE_DEVICES', 'PYENV_VERSION', 'JAVA_HOME'],
]);
const ALLOWED_FAMILIES = ['LC_', 'CUDA_', 'OMP_', 'MKL_', 'OPENBLAS_', 'ROCR_', 'HIP_'];
const SOUNDS_SECRET = /KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH/i;

const PYTHON_HABITS = {
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONUNBUFFERED: '1',
  // A crash below Python, and the time limit, leave the calls that were open in the output.
  PYTHONFAULTHANDLER: '1',
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a run lives, as it will see it. */
export interface RunPlaces {
  /** Top of the run's copy of the arm. */
  top: string;
  out: string;
  home: string;
  tmp: string;
}

/** What of this machine's environment a run may have: an allow-list, so that no key ever reaches it. */
export function allowedEnvironment(from: Environment): Record<string, string> {
  const isAllowed = (name: string) =>
    ALLOWED.has(name) || (ALLOWED_FAMILIES.some((family) => name.startsWith(family)) && !SOUNDS_SECRET.test(name));
  return Object.fromEntries(
    Object.entries(from).flatMap(([name, value]) => (value !== undefined && isAllowed(name) ? [[name, value]] : [])),
  );
}

/** A supervisor's own environment: the runs' allow-list, and what a program needs to find itself. */
export function supervisorEnvironment(from: Environment): Record<string, string> {
  const engine = [
    'XDG_RUNTIME_DIR',
    'CONTAINERS_CONF',
    'CONTAINER_HOST',
    'DOCKER_HOST',
    'DOCKER_CONTEXT',
    'DOCKER_CONFIG',
  ];
  // Where the cluster is, who pays there by default, and what its modules are found by.
  const cluster = ['SLURM_CONF', 'SLURM_CLUSTERS', 'SBATCH_ACCOUNT', 'SBATCH_PARTITION', 'SBATCH_QOS', 'MODULEPATH'];
  const own = ['HOME', 'USER', 'LOGNAME', 'TMPDIR', 'ELECTRON_RUN_AS_NODE', 'PYTHONUSERBASE', ...engine, ...cluster];
  const kept = own.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]]));
  return { ...allowedEnvironment(from), ...Object.fromEntries(kept) };
}

/** The whole environment of a run; `spec.env` has the last word, except over what finds and ends the run. */
export function runEnvironment(spec: RunSpec, places: RunPlaces, from: Environment): Record<string, string> {
  const allowed = { ...allowedEnvironment(from), ...spec.env };
  const pythonPath = spec.confinement === 'none' ? armFirst(spec, places, allowed.PYTHONPATH) : allowed.PYTHONPATH;
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    ...PYTHON_HABITS,
    ...userPackages(from),
    ...allowed,
    ...(pythonPath ? { PYTHONPATH: pythonPath } : {}),
    ...ownEnvironment(spec, places),
  };
}

/** What a run is told of itself. */
function ownEnvironment(spec: RunSpec, { home, tmp, out }: Omit<RunPlaces, 'top'>): Record<string, string> {
  return {
    HOME: home,
    TMPDIR: tmp,
    ...(spec.seed === null ? {} : { MLR_SEED: String(spec.seed) }),
    MLR_OUT: out,
    [RUN_MARK]: spec.id,
  };
}

/** The whole environment of a run in a container, beside what its image says. */
export function containedEnvironment(spec: RunSpec, places: Omit<RunPlaces, 'top'>): Record<string, string> {
  return { ...PYTHON_HABITS, ...spec.env, ...ownEnvironment(spec, places) };
}

/** Without mounts Python must find the arm's modules before an editable install of the original. */
function armFirst(spec: RunSpec, places: RunPlaces, inherited: string | undefined): string {
  const folder = join(places.top, spec.folder);
  const roots = [folder, join(folder, 'src'), places.top, join(places.top, 'src')].filter((path) => existsSync(path));
  const mapped = (inherited ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((path) => intoArm(path, spec, places));
  return [...new Set([...roots, ...mapped])].join(delimiter);
}

function intoArm(path: string, spec: RunSpec, places: RunPlaces): string {
  const below = relative(spec.mountAt, path);
  return below.startsWith('..') || below === path ? path : join(places.top, below);
}

/** HOME is private, so `pip install --user` packages are pointed at, where there are any. */
function userPackages(from: Environment): Record<string, string> {
  const base = from.PYTHONUSERBASE ?? join(homedir(), '.local');
  const lib = join(base, 'lib');
  const has = existsSync(lib) && readdirSync(lib).some((name) => name.startsWith('python'));
  return has ? { PYTHONUSERBASE: base } : {};
}
