import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Measurement } from '../../../src/domain/evidence.ts';
import { testImage } from '../../hosts/containers/testImage.ts';
import { setEnvironment, tinyWorkspace } from '../session/tinyWorkspace.ts';
import { mlr, type Said } from './commandLine.ts';

const container = await testImage();

describe.runIf(typeof container !== 'string')('mlr measure in a container', { timeout: 300_000 }, () => {
  let workspace: string;
  beforeEach(() => {
    workspace = tinyWorkspace(0);
  });
  afterEach(() => rmSync(workspace, { recursive: true, force: true }));

  const measure = (...words: string[]): Promise<Said> =>
    mlr(['measure', '--baseline', 'main', '--policy', 'autopilot', ...words], { cwd: workspace });

  test('comes to a verdict, and the report names the image by its content', async () => {
    setEnvironment(workspace, 'environment: {container: {image: "localhost/mlr-test:latest"}}');
    const said = await measure('--variant', 'better', '--json');
    const measured = JSON.parse(said.out) as Measurement & { report: string };
    expect([said.code, measured.verdict]).toEqual([0, 'supported']);
    const report = readFileSync(measured.report, 'utf8');
    expect(report).toContain('Runs were confined (container).');
    expect(report).toContain(typeof container === 'string' ? '' : container.id);
    const runs = path.join(workspace, '.mlr', 'runs');
    const levels = readdirSync(runs).map(
      (id) => JSON.parse(readFileSync(path.join(runs, id, 'run.json'), 'utf8')).confinement,
    );
    expect(new Set(levels)).toEqual(new Set(['container']));
    expect((await mlr(['verify', measured.session], { cwd: workspace })).code).toBe(0);
  });

  test('says in one sentence that the image is not there, before anything is run', async () => {
    setEnvironment(workspace, 'environment: {container: {image: localhost/nowhere}}');
    const said = await measure('--variant', 'better');
    expect([said.code, said.out]).toEqual([2, '']);
    expect(said.err).toMatch(/has no image localhost\/nowhere on this machine; fetch it with `(podman|docker) pull/);
  });

  test('says where in the contract a container is not named rightly', async () => {
    setEnvironment(workspace, 'environment: {container: {imag: localhost/mlr-test}}');
    const said = await measure('--variant', 'better');
    expect(said.code).toBe(2);
    expect(said.err).toMatch(/mlr\.yaml:\d+:\d+ `environment\.container\.imag`: .*image/);
  });

  test('says that a container brings its own interpreter', async () => {
    setEnvironment(workspace, 'environment: {container: {image: localhost/mlr-test}}\npython: .venv');
    const said = await measure('--variant', 'better');
    expect(said.code).toBe(2);
    expect(said.err).toContain('`python`: a container brings its own interpreter; leave this key out.');
  });
});

test('where no engine is, this suite says so', () => {
  if (typeof container === 'string') process.stderr.write(`not run: measuring in containers (${container})\n`);
  if (process.env.MLR_REQUIRE === 'all') expect(container).toMatchObject({ image: 'localhost/mlr-test:latest' });
  expect(container).not.toBe('');
});
