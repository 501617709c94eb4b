import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { ContainerPlace } from '../../domain/run.ts';
import { RunError, systemCode } from '../runError.ts';
import { ask, findEngine, findImage } from './engine.ts';

/** The dev container of a workspace, and what its image is made with. */
export interface DevContainer {
  /** The workspace folder, absolute. */
  readonly workspace: string;
  /** The same within its repository; '' at the top. */
  readonly below: string;
  /** Its configuration, relative to the workspace; devcontainer.json in its usual places where it is not given. */
  readonly config?: string;
  readonly engine?: ContainerPlace['engine'];
  /** Writes what the commands of the configuration may see: the repository without hidden files. */
  readonly fill: (folder: string) => Promise<void>;
  /** Is told before the image is made, which may take minutes. */
  readonly making: (image: string) => Promise<void>;
  readonly signal: AbortSignal;
}

const PLACES = ['.devcontainer/devcontainer.json', '.devcontainer.json'];

/** What a change of means another image: what `postCreateCommand` mostly installs from. */
const DEPENDENCIES = [
  ...['requirements.txt', 'requirements-dev.txt', 'pyproject.toml', 'setup.py', 'setup.cfg', 'environment.yml'],
  ...['environment.yaml', 'poetry.lock', 'uv.lock', 'Pipfile', 'Pipfile.lock', 'pixi.lock', 'conda-lock.yml'],
];

const Configuration = z.looseObject({
  initializeCommand: z.unknown().optional(),
  dockerComposeFile: z.unknown().optional(),
  configFilePath: z.unknown().optional(),
});
const Up = z.looseObject({
  outcome: z.string(),
  containerId: z.string().optional(),
  message: z.string().optional(),
  description: z.string().optional(),
});

/**
 * The image of a workspace's dev container, with what its own commands installed. It is made once for each state of the
 * configuration and the files that name dependencies: the dev container is put up from a copy of the workspace by
 * @devcontainers/cli, kept as an image and taken down. Runs then have containers of their own, so that none meets what
 * another left, or the files that VS Code's own dev container shows.
 * @throws RunError `confinement` with the way out; the signal's reason
 */
export async function devContainerImage(wanted: DevContainer): Promise<ContainerPlace> {
  const config = configOf(wanted);
  const engine = wanted.engine ?? (await findEngine());
  const said = await devcontainer(['read-configuration', ...around(wanted.workspace, config, engine)], wanted.signal);
  const { configuration } = parseLast(z.looseObject({ configuration: Configuration }), said, config);
  refuseUnsupported(configuration, config);
  const image = `localhost/mlr-devcontainer:${stateOf(wanted.workspace, config, configuration)}`;
  const found = await findImage({ image, engine }).catch(() => null);
  if (found !== null) return found;
  await wanted.making(image);
  const scratch = await realpath(await mkdtemp(join(tmpdir(), 'mlr-devcontainer-')));
  try {
    const folder = join(scratch, 'workspace');
    await mkdir(folder);
    await wanted.fill(folder);
    await build(wanted, { config, engine, image, folder: join(folder, wanted.below) });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return await findImage({ image, engine });
}

async function build(
  wanted: DevContainer,
  to: { config: string; engine: ContainerPlace['engine']; image: string; folder: string },
): Promise<void> {
  const { engine, image, config, folder } = to;
  const label = `mlr.image=${image}`;
  const remove = async (): Promise<void> => {
    const { said } = await ask(engine, ['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${label}`]);
    for (const id of said.split('\n').filter((line) => /^[0-9a-f]{64}$/.test(line)))
      await ask(engine, ['rm', '--force', id]);
  };
  await remove();
  try {
    const own = join(wanted.workspace, config);
    const words = ['up', ...around(folder, config, engine, own), '--id-label', label, '--skip-post-attach'];
    const up = parseLast(Up, await devcontainer(words, wanted.signal), config);
    if (up.outcome !== 'success' || up.containerId === undefined) {
      const why = [up.description, up.message].filter(Boolean).join(' ');
      throw refusal(`the dev container of ${config} could not be made: ${why || 'its command line does not say why'}`);
    }
    const kept = await ask(engine, ['commit', up.containerId, image]);
    if (!kept.ok) throw refusal(`the dev container of ${config} could not be kept as an image: ${kept.said}`);
  } finally {
    await remove();
  }
}

function configOf({ workspace, config }: DevContainer): string {
  const found = (config === undefined ? PLACES : [config]).find((path) => existsSync(join(workspace, path)));
  if (found !== undefined) return found;
  const where = config ?? PLACES.join(' or ');
  throw refusal(`there is no ${where} here; write one, or name an image: {container: {image: …}}`);
}

function around(folder: string, config: string, engine: string, file = join(folder, config)): string[] {
  return [
    ...['--workspace-folder', folder, '--mount-workspace-git-root', 'false'],
    ...['--config', file, '--docker-path', engine],
  ];
}

/** A command that runs on this machine itself is not run for a measurement; several containers are no image. */
function refuseUnsupported(
  { initializeCommand, dockerComposeFile }: z.infer<typeof Configuration>,
  config: string,
): void {
  const key = initializeCommand !== undefined ? 'initializeCommand' : dockerComposeFile && 'dockerComposeFile';
  if (!key) return;
  const why = key === 'initializeCommand' ? 'runs on this machine itself' : 'starts containers beside the one';
  throw refusal(
    `\`${String(key)}\` of ${config} ${why}, which is not done for a measurement; make the image yourself and name it: {container: {image: …}}`,
  );
}

/** Of the configuration, what lies beside it, and what the workspace says it needs. */
function stateOf(workspace: string, config: string, configuration: z.infer<typeof Configuration>): string {
  const { configFilePath: _place, ...content } = configuration;
  const hash = createHash('sha256').update(JSON.stringify(content));
  const folder = dirname(config);
  const beside =
    folder === '.'
      ? []
      : readdirSync(join(workspace, folder))
          .sort()
          .map((name) => join(folder, name));
  for (const path of [...beside, ...DEPENDENCIES]) {
    const file = join(workspace, path);
    if (statSync(file, { throwIfNoEntry: false })?.isFile()) hash.update(path).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}

/** What the program prints, even where it fails: it tells why as JSON on standard output. */
async function devcontainer(words: readonly string[], signal: AbortSignal): Promise<string> {
  return await new Promise((resolve, reject) => {
    execFile('devcontainer', [...words], { signal, maxBuffer: 1 << 26 }, (error, stdout) => {
      if (signal.aborted) reject(signal.reason);
      else if (systemCode(error) === 'ENOENT') {
        reject(refusal('the program devcontainer is not installed: npm install --global @devcontainers/cli'));
      } else resolve(stdout);
    });
  });
}

function parseLast<T>(shape: z.ZodType<T>, said: string, config: string): T {
  const last = said.trim().split('\n').at(-1) ?? '';
  try {
    return shape.parse(JSON.parse(last));
  } catch (error) {
    throw new RunError(
      'confinement',
      `mlr.yaml \`environment\`: ${config} cannot be read by the program devcontainer.`,
      {
        cause: error,
      },
    );
  }
}

function refusal(why: string): RunError {
  return new RunError('confinement', `mlr.yaml \`environment\`: ${why}.`);
}
