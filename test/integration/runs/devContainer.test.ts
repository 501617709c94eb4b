import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DevContainer, devContainerImage } from '../../../src/runs/container/devContainer.ts';
import { devcontainerCli } from '../../hosts/containers/devcontainerCli.ts';
import { testImage } from '../../hosts/containers/testImage.ts';

const container = await testImage();

/** A dev container of a research workspace, with comments and a command that installs something. */
const CONFIGURATION = `// What the lab trains with
{
  "image": "localhost/mlr-test:latest", // made from this machine
  "runArgs": ["--network=none"],
  "remoteUser": "root",
  "updateRemoteUserUID": false,
  "containerEnv": { "LAB_MODE": "on" },
  "postCreateCommand": "cat requirements.txt > /installed && ls -A data >> /installed",
}`;

describe.runIf(typeof container !== 'string')('the image of a dev container', { timeout: 300_000 }, () => {
  const path = process.env.PATH;
  const images = new Set<string>();
  let workspace: string;
  let made: string[];

  beforeAll(async () => {
    process.env.PATH = [await devcontainerCli(), path].join(delimiter);
  });
  afterAll(() => {
    process.env.PATH = path;
    for (const id of images) execFileSync('podman', ['rmi', '--force', id], { stdio: 'ignore' });
  });
  beforeEach(() => {
    workspace = realpathSync(mkdtempSync(join(tmpdir(), 'mlr-dev-test-')));
    made = [];
    put(workspace, '.devcontainer/devcontainer.json', CONFIGURATION);
    put(workspace, 'requirements.txt', 'numpy\n');
  });
  afterEach(() => rmSync(workspace, { recursive: true, force: true }));

  function put(folder: string, name: string, text: string): void {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }

  async function image(changes: Partial<DevContainer> = {}) {
    const place = await devContainerImage({
      workspace,
      below: '',
      fill: async (folder) => {
        put(folder, 'requirements.txt', 'numpy\n');
        put(folder, 'data/train.csv', '1');
      },
      making: async (name) => {
        made.push(name);
      },
      signal: new AbortController().signal,
      ...changes,
    });
    images.add(place.id);
    return place;
  }

  function inside(id: string, ...argv: string[]): string {
    return execFileSync(
      'podman',
      ['run', '--rm', '--network', 'none', '--entrypoint', argv[0] ?? '', id, ...argv.slice(1)],
      {
        encoding: 'utf8',
      },
    );
  }

  test('holds what its commands installed, and only what they were shown; it is made once for each state', async () => {
    const first = await image();
    expect(first.image).toMatch(/^localhost\/mlr-devcontainer:[0-9a-f]{16}$/);
    expect(inside(first.id, 'cat', '/installed')).toBe('numpy\ntrain.csv\n');
    expect(inside(first.id, 'env')).toContain('LAB_MODE=on');
    expect(await image()).toEqual(first);
    expect(made).toEqual([first.image]);
    expect(
      execFileSync('podman', ['ps', '--all', '--quiet', '--filter', `label=mlr.image=${first.image}`], {
        encoding: 'utf8',
      }),
    ).toBe('');
    put(workspace, 'requirements.txt', 'numpy\nscipy\n');
    expect((await image()).image).not.toBe(first.image);
    expect(made).toHaveLength(2);
  });

  test.each([
    [
      'a command that fails',
      CONFIGURATION.replace('cat requirements', 'exit 3; cat requirements'),
      /could not be made: postCreateCommand from devcontainer\.json failed/,
    ],
    [
      'a command for the machine itself',
      CONFIGURATION.replace('{', '{ "initializeCommand": "touch here",'),
      /`initializeCommand` of \.devcontainer\/devcontainer\.json runs on this machine itself/,
    ],
    [
      'several containers',
      '{"dockerComposeFile": "compose.yml", "service": "app"}',
      /`dockerComposeFile` of .* starts containers beside the one/,
    ],
    ['no JSON at all', 'image: x', /cannot be read by the program devcontainer|could not be made/],
  ])('%s is told in one sentence, and leaves no container', async (_what, configuration, sentence) => {
    put(workspace, '.devcontainer/devcontainer.json', configuration);
    await expect(image()).rejects.toThrow(sentence);
    await expect(image()).rejects.toThrow(/^mlr\.yaml `environment`: [^\n]*\.$/);
    expect(
      execFileSync('podman', ['ps', '--all', '--quiet', '--filter', 'label=mlr.image'], { encoding: 'utf8' }),
    ).toBe('');
  });

  test('a workspace without one is told where it would lie', async () => {
    rmSync(join(workspace, '.devcontainer'), { recursive: true });
    await expect(image()).rejects.toThrow(
      'there is no .devcontainer/devcontainer.json or .devcontainer.json here; write one, or name an image: {container: {image: …}}.',
    );
  });

  test('a machine without the program is told how to get it', async () => {
    const before = process.env.PATH;
    process.env.PATH = path;
    try {
      await expect(image({ engine: 'podman' })).rejects.toThrow('npm install --global @devcontainers/cli');
    } finally {
      process.env.PATH = before;
    }
  });
});

test('where no engine is, this suite says so', () => {
  if (typeof container === 'string') process.stderr.write(`not run: dev containers (${container})\n`);
  if (process.env.MLR_REQUIRE === 'all') expect(container).toMatchObject({ image: 'localhost/mlr-test:latest' });
  expect(container).not.toBe('');
});
