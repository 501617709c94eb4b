import { expect, test } from 'vitest';
import type { ContainerPlace, RunSpec } from '../../../src/domain/run.ts';
import { containerArgv } from '../../../src/runs/container/containerArgv.ts';

const podman: ContainerPlace = { engine: 'podman', image: 'lab/train:1', id: 'sha256:0a1b' };
const docker: ContainerPlace = { ...podman, engine: 'docker' };
const paths = { tree: '/w/.mlr/runs/r/tree', out: '/w/.mlr/runs/r/out', home: '/w/.mlr/runs/r/home', tmp: '/tmp/r' };
const spec: RunSpec = {
  ...{ version: 1, id: 'r', session: 's', purpose: 'run', arm: null, seed: 7, argv: ['python3', 'train.py'] },
  ...{ source: '/w/.mlr/arm', mountAt: '/w', folder: 'deep', out: null, inputs: [], revealed: [], masked: [] },
  ...{ watched: [], env: {}, network: [], confinement: 'container', container: podman },
  limits: { wallSeconds: 20, memoryBytes: 2 ** 30, processes: 50, outputBytes: 2 ** 20 },
};

/** The words after a flag, wherever it stands. */
function given(words: readonly string[], flag: string): string[] {
  return words.flatMap((word, i) => (word === flag ? [words[i + 1] ?? ''] : []));
}

test('a container has no network unless the contract allows one', () => {
  expect(given(containerArgv(spec, podman, paths, {}), '--network')).toEqual(['none']);
  expect(given(containerArgv({ ...spec, network: ['pypi.org'] }, podman, paths, {}), '--network')).toEqual([]);
});

test('the image goes by its id, and its entry point is left out', () => {
  const words = containerArgv(spec, podman, paths, { MLR_SEED: '7' });
  expect(words.slice(-4)).toEqual(['--entrypoint', 'python3', 'sha256:0a1b', 'train.py']);
  expect(given(words, '--workdir')).toEqual(['/w/deep']);
  expect(given(words, '--env')).toEqual(['MLR_SEED=7']);
  expect(given(words, '--pull')).toEqual(['never']);
});

test('what docker writes belongs to the user, and a rootless podman maps its root to the user by itself', () => {
  expect(given(containerArgv(spec, docker, paths, {}, 1000), '--user')[0]).toMatch(/^1000:/);
  expect(given(containerArgv(spec, docker, paths, {}, 0), '--user')).toEqual([]);
  expect(given(containerArgv(spec, podman, paths, {}, 1000), '--user')).toEqual([]);
});

test('graphics cards are lent where the contract asks for them', () => {
  const lent = { ...spec, gpus: 2 };
  expect(given(containerArgv(lent, docker, paths, {}), '--gpus')).toEqual(['2']);
  expect(given(containerArgv(lent, podman, paths, {}), '--device')).toEqual(['nvidia.com/gpu=all']);
  expect(containerArgv(spec, docker, paths, {})).not.toContain('--gpus');
});

test('paths with commas, quotes and colons are one path', () => {
  const inputs = [{ from: '/data/a,b "c": d', as: 'rows' }];
  expect(given(containerArgv({ ...spec, inputs }, podman, paths, {}), '--mount')).toContain(
    'type=bind,"src=/data/a,b ""c"": d",dst=/w/deep/rows,ro=true',
  );
});
