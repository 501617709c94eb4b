import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { RunFailure } from '../../../src/domain/run.ts';
import { probeConfinement } from '../../../src/runs/confinement.ts';
import { testImage } from '../../hosts/containers/testImage.ts';
import { CONTAINER } from './superviseAttempt.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const corpus = here('../../corpora/escapes');
const attempts = z
  .array(z.object({ name: z.string(), does: z.string(), must: z.literal('stopped') }))
  .parse(JSON.parse(readFileSync(join(corpus, 'escape.json'), 'utf8')));
const Seen = z.object({
  begun: z.boolean(),
  ways: z.array(z.string()),
  state: z.string(),
  failure: z.string().nullable(),
  confinement: z.string(),
  output: z.string(),
});

/** Attempts that end their run, and as what: a limit that was never reached would stop nothing. */
const endedAs: Readonly<Record<string, RunFailure>> = {
  ...{ fork_bomb: 'processes', memory_bomb: 'memory', outlive_wall: 'wall', link_out: 'output' },
};

const probed = await probeConfinement();
const container = await testImage();

/** How runs are confined here, and what tells `superviseAttempt.ts` of it. */
const levels = [
  ...(probed.level === 'bwrap' ? [{ level: 'bwrap', env: {} }] : []),
  ...(typeof container === 'string' ? [] : [{ level: 'container', env: { [CONTAINER]: JSON.stringify(container) } }]),
];

test('this machine confines runs, or the suite of escapes says why not', () => {
  if (probed.level !== 'bwrap') process.stderr.write(`not run: ${attempts.length} escapes (${probed.detail})\n`);
  if (typeof container === 'string') process.stderr.write(`not run: escapes from containers (${container})\n`);
  if (process.env.MLR_REQUIRE === 'all') expect(levels.map(({ level }) => level)).toEqual(['bwrap', 'container']);
  expect(attempts.length).toBeGreaterThanOrEqual(32);
});

describe.each(levels)('a run confined by $level', ({ level, env }) => {
  let top: string;
  let supervisor: string[];
  beforeAll(async () => {
    // Temporary folders are a run's own anyway, so there an attempt would be stopped by where it was made.
    const openPlace = process.getuid?.() === 0 ? '/opt' : homedir();
    top = await realpath(await mkdtemp(join(openPlace, 'mlr-escapes-')));
    supervisor = [process.execPath, await bundle(top)];
  });
  afterAll(async () => {
    await rm(top, { recursive: true, force: true });
  });

  describe.concurrent('is stopped when it', () => {
    for (const { name, does } of attempts) {
      test(`${does} (${name})`, async ({ expect }) => {
        const words = [here('escapeArena.py'), corpus, join(top, name), name, ...supervisor];
        const around = { maxBuffer: 2 ** 26, env: { ...process.env, ...env } };
        const { stdout } = await promisify(execFile)('/usr/bin/python3', words, around);
        const seen = Seen.parse(JSON.parse(stdout));
        expect(seen, seen.output).toMatchObject({ begun: true, ways: [], confinement: level });
        if (endedAs[name]) expect(seen, seen.output).toMatchObject({ state: 'failed', failure: endedAs[name] });
      });
    }
  });
});

/** The supervisor as a program of its own, which an attempt may try to kill. */
async function bundle(folder: string): Promise<string> {
  const outfile = join(folder, 'supervise.mjs');
  const contents = `import { superviseAttempt } from ${JSON.stringify(here('superviseAttempt.ts'))};
    await superviseAttempt(JSON.parse(process.argv[2]));
    process.exit(0);`;
  const stdin = { contents, resolveDir: folder, loader: 'ts' as const };
  await build({ stdin, outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20' });
  return outfile;
}
