import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, release } from 'node:os';
import { basename, delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import type { ContainerPlace, RunSpec } from '../domain/run.ts';
import { supervisorEnvironment } from './runEnvironment.ts';
import { lockIn, readIfThere } from './runFolder.ts';

const PACKAGES = ['numpy', 'scipy', 'pandas', 'scikit-learn', 'torch', 'tensorflow', 'jax', 'transformers', 'datasets'];

const PROBE = `
import json, platform, sys
found = {"python": platform.python_version(), "pythonPath": sys.executable, "platform": platform.platform()}
try:
    from importlib import metadata
except ImportError:
    metadata = None
for name in sys.argv[1:] if metadata else []:
    try:
        found["package:" + name] = metadata.version(name)
    except metadata.PackageNotFoundError:
        pass
print(json.dumps(found))
`;

/** A container that lives for one question. */
const LOOK_INTO = ['run', '--rm', '--pull', 'never', '--network', 'none', '--entrypoint', 'python3'];

const known = new Map<string, Promise<Record<string, string>>>();

/**
 * What a run was computed with: Python's version and platform, processors, versions of the packages that matter most.
 * Read once a process for each interpreter; one that does not answer is named as unknown, never an error.
 * @param python path or name of an interpreter of this machine, never one that an arm brings
 */
export function environmentFingerprint(python: string): Promise<Record<string, string>> {
  const found = known.get(python) ?? ask(python, ['-I', '-c', PROBE, ...PACKAGES], '/nonexistent');
  known.set(python, found);
  return found;
}

/** The fingerprint for a run's interpreter: its own command when that is a Python of this machine, else python3. */
export function fingerprintFor(spec: RunSpec): Promise<Record<string, string>> {
  if (spec.container !== undefined) return imageFingerprint(spec.container);
  const command = spec.argv[0] ?? '';
  const isOfMachine = /^python[\d.]*$/.test(basename(command)) && (isAbsolute(command) || !command.includes('/'));
  const python = onPath(isOfMachine ? command : 'python3', spec.env.PATH ?? process.env.PATH ?? '');
  return withLock(environmentFingerprint(python), spec.env.VIRTUAL_ENV);
}

/** With the hash of what is installed, where the tool made the environment. */
async function withLock(
  fingerprint: Promise<Record<string, string>>,
  environment: string | undefined,
): Promise<Record<string, string>> {
  const installed = environment === undefined ? null : await readIfThere(lockIn(environment));
  if (installed === null) return await fingerprint;
  return { ...(await fingerprint), lock: createHash('sha256').update(installed).digest('hex') };
}

/** The same of an image, by its own python3, with the image's name and id. */
export async function imageFingerprint({ engine, image, id }: ContainerPlace): Promise<Record<string, string>> {
  const found = known.get(id) ?? ask(engine, [...LOOK_INTO, id, '-I', '-c', PROBE, ...PACKAGES]);
  known.set(id, found);
  return { ...(await found), container: engine, image, imageId: id };
}

/** A program as a run will find it: a virtual environment stands first on the PATH that it is given.
 *  @returns its path, or its name where it is nowhere */
export function onPath(command: string, path: string): string {
  if (isAbsolute(command)) return command;
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.map((folder) => join(folder, command)).find((file) => existsSync(file)) ?? command;
}

async function ask(
  program: string,
  words: readonly string[],
  home = process.env.HOME,
): Promise<Record<string, string>> {
  const machine = {
    system: `${platform()} ${release()} ${arch()}`,
    processors: String(availableParallelism()),
    processor: cpus()[0]?.model ?? 'unknown',
  };
  try {
    const env = { ...supervisorEnvironment(process.env), HOME: home };
    const { stdout } = await promisify(execFile)(program, [...words], { timeout: 15_000, env });
    return { ...machine, ...Object.fromEntries(Object.entries(JSON.parse(stdout)).map(([k, v]) => [k, String(v)])) };
  } catch {
    return { ...machine, python: 'unknown' };
  }
}
