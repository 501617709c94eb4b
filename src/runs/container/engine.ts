import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ContainerPlace } from '../../domain/run.ts';
import { RunError, systemCode } from '../runError.ts';

type Engine = ContainerPlace['engine'];

const ENGINES = ['podman', 'docker'] as const satisfies readonly Engine[];
/** An engine that is there answers at once; one whose service hangs must not hang a session. Milliseconds. */
const PATIENCE = 20_000;

/**
 * The engine and the image that a contract names, the image by its id: a tag that moves during a session moves nothing.
 * @throws RunError `confinement` where no engine answers or the image is not on this machine
 */
export async function findImage({ image, engine }: { image: string; engine?: Engine }): Promise<ContainerPlace> {
  const wanted = engine === undefined ? ENGINES : [engine];
  const silent: string[] = [];
  for (const name of wanted) {
    const answer = await ask(name, ['image', 'inspect', '--format', '{{.Id}}', image]);
    if (answer.ok) return { engine: name, image, id: answer.said };
    const version = await ask(name, ['version', '--format', '{{.Server.Version}}']);
    if (version.ok) throw missing(name, image);
    silent.push(version.said);
  }
  throw noEngine(silent);
}

/** The first engine that answers.
 *  @throws RunError `confinement` */
export async function findEngine(): Promise<Engine> {
  const silent: string[] = [];
  for (const name of ENGINES) {
    const version = await ask(name, ['version', '--format', '{{.Server.Version}}']);
    if (version.ok) return name;
    silent.push(version.said);
  }
  throw noEngine(silent);
}

function noEngine(silent: readonly string[]): RunError {
  return new RunError(
    'confinement',
    `mlr.yaml \`environment\` asks for a container, and ${silent.join('; ')}. Install podman or docker and start its service, or set \`environment: local\`.`,
  );
}

/** Asks an engine something short. @returns what it printed, or in one phrase why it did not answer */
export async function ask(engine: Engine, words: readonly string[]): Promise<{ ok: boolean; said: string }> {
  try {
    const { stdout } = await promisify(execFile)(engine, [...words], { timeout: PATIENCE, maxBuffer: 1 << 20 });
    return { ok: true, said: stdout.trim() };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { ok: false, said: `${engine} is not installed` };
    const printed = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    const last = printed.split('\n').at(-1) ?? '';
    return { ok: false, said: `${engine} does not answer (${last || String(error)})` };
  }
}

/** Nothing is fetched behind a person's back: an image may be gigabytes, and what it is decides what is measured. */
function missing(engine: Engine, image: string): RunError {
  return new RunError(
    'confinement',
    `mlr.yaml \`environment\`: ${engine} has no image ${image} on this machine; fetch it with \`${engine} pull ${image}\`, or build it and name it as you did.`,
  );
}
