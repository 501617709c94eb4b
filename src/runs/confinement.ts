import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Binding, ConfinementLevel, RunSpec } from '../domain/run.ts';
import { isInside } from './armPaths.ts';
import { otherGitPlaces } from './gitPlaces.ts';
import { interpreterPaths } from './interpreterPaths.ts';
import { machineSockets } from './machineSockets.ts';
import { memoryFolder } from './memoryFolders.ts';
import { systemCode } from './runError.ts';

/** Where the private parts of a run are on this machine. */
export interface RunPaths {
  /** The run's own copy of the arm. */
  tree: string;
  out: string;
  home: string;
  tmp: string;
}

/** What a run on `HOME` sees as its home when nothing better can be had. */
const PLAIN_HOME = '/tmp/home';

/**
 * The strongest confinement of this machine, found by running `true` through it with the options that runs get.
 * `detail` is one sentence: what was found, or why there is none.
 */
export async function probeConfinement(): Promise<{ level: ConfinementLevel; detail: string }> {
  if (process.platform !== 'linux') {
    return { level: 'none', detail: 'Runs are confined by bubblewrap, which exists on Linux only.' };
  }
  const scratch = await mkdtemp(join(tmpdir(), 'mlr-probe-'));
  try {
    const paths = { tree: scratch, out: join(scratch, 'out'), home: join(scratch, 'home'), tmp: join(scratch, 'tmp') };
    for (const folder of [paths.out, paths.home, paths.tmp]) await mkdir(folder);
    const [program = 'bwrap', ...words] = confinedArgv(probeSpec(scratch), paths, { PATH: process.env.PATH ?? '' });
    await promisify(execFile)(program, words, { timeout: 10_000, env: { PATH: process.env.PATH ?? '' } });
    return { level: 'bwrap', detail: 'bubblewrap confines runs: own copy of the code, read-only machine, no network.' };
  } catch (error) {
    return { level: 'none', detail: whyNot(error) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What a confined run sees as HOME. */
export function homeInside(): string {
  return homedir() === '/' ? PLAIN_HOME : homedir();
}

/**
 * The words that start a run through bubblewrap: the machine read-only, homes, sockets and temporary files of others
 * out of sight, the repository replaced by the run's copy of the arm, processes and network of its own.
 * Later mounts cover earlier ones, so the order is the rule.
 */
export function confinedArgv(spec: RunSpec, paths: RunPaths, env: Readonly<Record<string, string>>): string[] {
  const folder = join(spec.mountAt, spec.folder);
  const hidden = hiddenFolders();
  const programs = interpreterPaths(spec.argv[0] ?? '', env, [...hidden, '/tmp', '/run', spec.mountAt]);
  const inside = (path: string) => isInside(spec.mountAt, path);
  const masked = [...spec.masked, ...socketsInSight([...hidden, '/tmp', '/var/tmp', '/run', '/dev', '/proc'])];
  return [
    'bwrap',
    ...namespaces(spec),
    ...['--ro-bind', '/', '/', ...devices(spec), '--proc', '/proc', ...kernelSettings()],
    ...['/tmp', '/var/tmp'].filter(isFolder).flatMap((place) => ['--bind', paths.tmp, place]),
    ...socketFolders(spec),
    ...hidden.flatMap((place) => memoryFolder(place)),
    ...(homedir() === '/' ? [] : ['--bind', paths.home, homeInside()]),
    ...systemSecrets().flatMap(mask),
    ...programs.filter((path) => !inside(path)).flatMap((path) => ['--ro-bind', path, path]),
    ...[...otherGitPlaces(spec.mountAt), ...masked.filter((path) => !inside(path))].flatMap(mask),
    ...['--bind', paths.tree, spec.mountAt],
    ...programs.filter(inside).flatMap((path) => ['--ro-bind', path, path]),
    ...(spec.writable ?? []).flatMap((path) => ['--bind', path, path]),
    ...spec.inputs.flatMap((input) => ['--ro-bind', input.from, placeOf(input, folder)]),
    ...spec.inputs.flatMap((input) => maskedWithin(input, masked, folder)),
    ...spec.revealed.flatMap((file) => ['--ro-bind', file.from, placeOf(file, folder)]),
    ...[spec.out?.readOnly ? '--ro-bind' : '--bind', paths.out, join(folder, '.mlr-out')],
    ...['--chdir', folder, '--', ...spec.argv],
  ];
}

/** What bubblewrap says of a path that it cannot cover: before it makes a mount point, and when it mounts. */
const UNCOVERED = /^bwrap: Can't (?:mkdir parents for |mkdir |create file at |bind mount .+ on \/newroot)(\/.+?): /;

/** Whether bubblewrap's last words say that a path which it was to cover has gone since: a socket that was closed, say. */
export function lacksCovered(said: string): boolean {
  const path = UNCOVERED.exec(said)?.[1];
  return path !== undefined && !existsSync(path);
}

/** Where the run sees a binding; an absolute place is taken as it is. */
export function placeOf(binding: Binding, folder: string): string {
  return binding.as.startsWith('/') ? binding.as : join(folder, binding.as);
}

/** Masked paths that a binding would show again, by the place where the run would see them. */
export function maskedPlaces(
  input: Binding,
  masked: readonly string[],
  folder: string,
): { from: string; at: string }[] {
  const place = placeOf(input, folder);
  return masked.flatMap((path) => {
    if (isInside(input.from, path)) return [{ from: path, at: join(place, path.slice(input.from.length)) }];
    // The arm's copy is seen at the repository's own place, so a path below that names what the binding holds there.
    if (isInside(place, path)) return [{ from: join(input.from, path.slice(place.length)), at: path }];
    return [];
  });
}

function maskedWithin(input: Binding, masked: readonly string[], folder: string): string[] {
  return maskedPlaces(input, masked, folder).flatMap(({ from, at }) => {
    if (!existsSync(from)) return [];
    return isFolder(from) ? memoryFolder(at) : ['--ro-bind', '/dev/null', at];
  });
}

function namespaces(spec: RunSpec): string[] {
  return [
    ...['--die-with-parent', '--new-session', '--unshare-pid', '--unshare-ipc', '--unshare-cgroup-try'],
    // The host's name stays (no --unshare-uts): a torchrun rendezvous asks for it.
    ...(spec.network.length === 0 ? ['--unshare-net'] : []),
    // Without this, root remounts the machine writable.
    ...(process.getuid?.() === 0 ? ['--cap-drop', 'ALL'] : []),
  ];
}

/**
 * Root may write kernel settings without any capability, and one of them (core_pattern) starts a program of its choice
 * outside the sandbox. bubblewrap covers /proc/sys only where it may itself write to that folder, so not here.
 */
function kernelSettings(): string[] {
  const places = ['sys', 'sysrq-trigger', 'bus', 'irq', 'fs', 'acpi', 'scsi', 'mtrr'].map((name) => `/proc/${name}`);
  return places.filter((path) => existsSync(path)).flatMap((path) => ['--ro-bind', path, path]);
}

/** Nothing may be put beside the devices, which are in memory; shared memory may be as large as the run's memory. */
function devices(spec: RunSpec): string[] {
  const shared = ['--perms', '1777', ...memoryFolder('/dev/shm', spec.limits.memoryBytes)];
  return ['--dev', '/dev', ...gpuDevices(), ...shared, '--remount-ro', '/dev'];
}

/** `--dev` shows none of the graphics cards. */
function gpuDevices(): string[] {
  const names = readdirSync('/dev').filter((name) => /^nvidia|^kfd$|^dri$|^accel$/.test(name));
  return names.flatMap((name) => ['--dev-bind-try', `/dev/${name}`, `/dev/${name}`]);
}

/** /run holds the sockets of container engines and key rings: whoever reaches one of them is out. */
function socketFolders(spec: RunSpec): string[] {
  if (!isFolder('/run')) return [];
  const kept = ['/run/opengl-driver', '/run/current-system', '/run/nvidia-persistenced', '/run/nvidia-topologyd'];
  const names = spec.network.length > 0 ? ['/run/systemd/resolve', '/run/resolvconf', '/run/NetworkManager'] : [];
  return [
    ...memoryFolder('/run'),
    ...[...kept, ...names].filter(isFolder).flatMap((path) => ['--ro-bind', path, path]),
  ];
}

/** Sockets that no cover hides. */
function socketsInSight(covered: readonly string[]): string[] {
  return machineSockets().filter((path) => !covered.some((place) => isInside(place, path)));
}

function hiddenFolders(): string[] {
  return [...new Set(['/home', '/root', homedir()])].filter((path) => path !== '/' && isFolder(path));
}

/** What only root could read, and a run as root would. */
function systemSecrets(): string[] {
  const files = ['/etc/shadow', '/etc/gshadow', '/etc/shadow-', '/etc/gshadow-', '/etc/krb5.keytab', '/etc/sudoers'];
  return [...files, '/etc/ssh', '/etc/sudoers.d', '/var/spool', '/var/backups'].filter((path) => existsSync(path));
}

function mask(path: string): string[] {
  if (isFolder(path)) return memoryFolder(path);
  return existsSync(path) ? ['--ro-bind', '/dev/null', path] : [];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function whyNot(error: unknown): string {
  if (systemCode(error) === 'ENOENT')
    return 'bubblewrap is not installed; on Debian or Ubuntu: apt install bubblewrap.';
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n')[0] : '';
  return `bubblewrap is installed, but this machine refuses it: ${said || String(error)}.`;
}

function probeSpec(mountAt: string): RunSpec {
  const nothing = { arm: null, seed: null, out: null, inputs: [], revealed: [], masked: [], watched: [], network: [] };
  const limits = { wallSeconds: 10, memoryBytes: 2 ** 30, processes: 10, outputBytes: 2 ** 20 };
  const names = { version: 1 as const, id: 'probe', session: 'probe', purpose: 'command' as const };
  return {
    ...{ ...nothing, ...names, limits, mountAt, source: mountAt, folder: '', env: {} },
    ...{ argv: ['true'], confinement: 'bwrap' },
  };
}
