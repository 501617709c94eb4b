import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const MIB = 2 ** 20;

/**
 * What it takes to run and follow a program that prints a gigabyte: the supervisor that keeps its output and a follower
 * that reads along, each a process. The peer copies the same bytes into a file with `cat`. Growth is that of the resident set of
 * whichever grew more, over what it was before the first byte.
 * @param {{ root: string, quick: boolean }} options
 * @returns {import('../bench.mjs').Figure}
 */
export function following({ root, quick }) {
  const bytes = (quick ? 256 : 1024) * MIB;
  const place = mkdtempSync(join(tmpdir(), 'mlr-bench-'));
  try {
    const bundle = join(place, 'runs.mjs');
    const sources = ['followRun', 'lock', 'lostRun', 'runFolder', 'supervise'].map((name) => `src/runs/${name}.ts`);
    const contents = sources.map((file) => `export * from ${JSON.stringify(join(root, file))};`).join('\n');
    const stdin = { contents, resolveDir: root, loader: /** @type {const} */ ('ts') };
    buildSync({ stdin, outfile: bundle, bundle: true, platform: 'node', format: 'esm', target: 'node20' });
    const child = [join(root, 'scripts/bench/followChild.mjs'), bundle];
    const rounds = Array.from({ length: quick ? 1 : 3 }, (_, i) => oneRound(child, join(place, String(i)), bytes));
    const least = rounds.reduce((a, b) => (b.seconds / b.bare < a.seconds / a.bare ? b : a));
    const growth = Math.max(...rounds.flatMap(({ supervisor, follower }) => [supervisor, follower]));
    return {
      name: `running and following ${bytes / MIB} MiB of output`,
      unit: 's',
      value: least.seconds,
      peer: { name: 'cat into a file', value: least.bare },
      limit: { name: 'growth of memory', unit: 'MiB', value: growth / MIB, most: 64 },
      detail: { bytes, rounds },
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** @param {string[]} child @param {string} place @param {number} bytes */
function oneRound(child, place, bytes) {
  mkdirSync(place);
  const printing = [
    '/bin/sh',
    '-c',
    `yes 'epoch 1 loss 0.25 accuracy 0.75 of a run that prints much' | head -c ${bytes}`,
  ];
  const before = bare(place, printing);
  const { status, stdout, stderr } = spawnSync(process.execPath, [...child, place, JSON.stringify(printing)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`bench: following failed: ${stderr || stdout}`);
  /** @type {{ seconds: number, heard: number, supervisor: number, follower: number }} */
  const said = JSON.parse(stdout);
  return { ...said, bare: (before + bare(place, printing)) / 2 };
}

/** @param {string} place @param {string[]} printing @returns {number} seconds */
function bare(place, printing) {
  const began = performance.now();
  const { status } = spawnSync('/bin/sh', ['-c', `"$@" | cat > '${join(place, 'copy')}'`, 'sh', ...printing]);
  if (status !== 0) throw new Error('bench: cat failed');
  const seconds = (performance.now() - began) / 1000;
  rmSync(join(place, 'copy'));
  return seconds;
}
