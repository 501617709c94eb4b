import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { probeConfinement } from '../../../src/runs/confinement.ts';
import { mlr } from '../cli/commandLine.ts';
import { tinyWorkspace } from './tinyWorkspace.ts';

const cli = path.join(import.meta.dirname, '..', '..', '..', 'dist', 'cli.mjs');
const measure = ['measure', '--baseline', 'main', '--variant', 'better', '--unconfined', '--policy', 'autopilot'];
const probed = await probeConfinement();

let workspace: string;
beforeEach(() => {
  workspace = tinyWorkspace(0.05);
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

test('two measurements at once in one workspace end both, as two tries with seeds of their own', async () => {
  const both = await Promise.all(
    [0, 1].map(() => mlr([...measure, '--all-seeds', '--json', '--workspace', workspace], { cwd: workspace })),
  );
  const [one, other] = both.map(({ code, out, err }) => {
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    return JSON.parse(out);
  });
  expect([one.tried, other.tried].sort()).toEqual([1, 2]);
  for (const { baseline } of [one, other]) expect(baseline.values).not.toContain(null);
  const seeds = [...one.registration.seeds, ...other.registration.seeds];
  expect(new Set(seeds).size).toBe(seeds.length);
  expect(one.session).not.toBe(other.session);
});

// Without bubblewrap nobody but root can make a small disk.
describe.runIf(probed.level === 'bwrap')('a disk that is full', () => {
  test('is named, and with room the session goes on to its verdict', async () => {
    const script = `
cp -r "$1" /mnt/w && cd /mnt/w
free=$(df -B1 --output=avail /mnt | tail -1)
head -c $((free - 300000)) /dev/zero >/mnt/ballast
"$2" "$3" ${measure.join(' ')} --json >"$1/full.json"; echo $? >"$1/full.code"
rm /mnt/ballast
"$2" "$3" resume "$(ls .mlr/sessions)" --json >"$1/resumed.json"`;
    const disk = ['--dev-bind', '/', '/', '--unshare-pid', '--proc', '/proc', '--die-with-parent', '--size', '8000000'];
    const words = [...disk, '--tmpfs', '/mnt', '--', 'sh', '-c', script, 'sh', workspace, process.execPath, cli];
    await promisify(execFile)('bwrap', words, { env: { ...process.env, NO_COLOR: '1' } });

    expect(read('full.code').trim()).toBe('1');
    const { error } = JSON.parse(read('full.json'));
    expect(error).toMatchObject({
      reason: 'disk',
      message: expect.stringMatching(/^The disk that holds \/mnt\/w\S* is full; make room/),
    });
    expect(JSON.parse(read('resumed.json'))).toMatchObject({ verdict: 'supported', tried: 1 });
  });
});

function read(name: string): string {
  return readFileSync(path.join(workspace, name), 'utf8');
}
