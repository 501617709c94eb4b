import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { probeConfinement } from '../../../src/runs/confinement.ts';
import { tinyWorkspace } from '../session/tinyWorkspace.ts';

const mlr = fileURLToPath(new URL('../../../dist/cli.mjs', import.meta.url));
/** Inside of it nothing can make a namespace, as in many containers. */
const BARE = ['bwrap', '--dev-bind', '/', '/', '--unshare-user', '--disable-userns', '--cap-drop', 'ALL', '--'];
const { level } = await probeConfinement();

let workspace: string;
beforeEach(() => {
  workspace = tinyWorkspace(0);
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

async function bare(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const [program = 'bwrap', ...options] = [...BARE, process.execPath, mlr, ...words];
  return await promisify(execFile)(program, options, { cwd: workspace }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      out: error.stdout,
      err: error.stderr,
    }),
  );
}

test('this machine can be looked at as one without namespaces, or the reason is told', () => {
  if (level !== 'bwrap') process.stderr.write('not run: a machine without namespaces (it needs bubblewrap)\n');
  if (process.env.MLR_REQUIRE === 'all') expect(level).toBe('bwrap');
});

describe.runIf(level === 'bwrap')('where no namespace can be made', () => {
  const words = ['measure', '--baseline', 'main', '--variant', 'better', '--policy', 'autopilot', '--json'];

  test('nobody measures unconfined without having said so', async () => {
    const { code, err } = await bare(...words);
    expect(code).toBe(2);
    expect(err).toContain('--unconfined');
  });

  test('a measurement that may go unconfined does, leaves nothing running, and its report says so first', async () => {
    const { code, out } = await bare(...words, '--unconfined');
    expect(code).toBe(0);
    const { verdict, report } = JSON.parse(out);
    expect(verdict).toBe('supported');
    expect(readFileSync(report, 'utf8').split('\n').slice(0, 8).join('\n')).toMatch(
      /not confined|unconfined|without confinement/i,
    );
  });
});
