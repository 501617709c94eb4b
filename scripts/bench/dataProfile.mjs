import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs the command line and says on standard error how much memory it held at most. */
const WATCHED = `process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS));
process.argv.splice(1, 1);
await import(process.argv[1]);
`;

const PEER = `import csv, sys
rows = 0
with open(sys.argv[1], newline="") as file:
    for row in csv.reader(file):
        rows += 1
print(rows)`;

/**
 * What `mlr data` takes for a table of 2 GB (quick: 100 MB): time beside a bare loop of Python's csv module, which
 * counts its rows and nothing else, and the most memory it held.
 * @param {{ root: string, quick: boolean }} options
 * @returns {import('../bench.mjs').Figure}
 */
export function dataProfile({ root, quick }) {
  const place = mkdtempSync(join(tmpdir(), 'mlr-bench-'));
  try {
    const file = join(place, 'large.csv');
    const rows = writeTable(file, quick ? 1e8 : 2e9);
    const gigabytes = statSync(file).size / 1e9;
    const cli = join(root, 'dist', 'cli.mjs');
    const watched = join(place, 'watched.mjs');
    writeFileSync(watched, WATCHED);
    const own = timed(process.execPath, [watched, cli, 'data', file, '--json']);
    const peer = timed('python3', ['-c', PEER, file]);
    const profile = JSON.parse(own.stdout).files[0];
    if (profile.rows !== rows || Number(peer.stdout) !== rows + 1)
      throw new Error(`${rows} rows were written, ${profile.rows} profiled, ${peer.stdout} counted by Python`);
    const peak = Number(/peak (\d+)/.exec(own.stderr)?.[1]) / 1024;
    return {
      name: `mlr data on a table of ${gigabytes.toFixed(1)} GB`,
      unit: 's/GB',
      value: own.seconds / gigabytes,
      peer: { name: "Python's csv module, counting rows", value: peer.seconds / gigabytes },
      limit: { name: 'most memory held', unit: 'MiB', value: peak, most: 512 },
      detail: { rows, gigabytes, seconds: own.seconds, duplicates: profile.duplicates },
    };
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** @param {string} program @param {string[]} words */
function timed(program, words) {
  const began = performance.now();
  const { stdout, stderr, status } = spawnSync(program, words, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return { stdout, stderr, seconds: (performance.now() - began) / 1000 };
}

/** Every row differs from the others, which is the worst case for what counts repetitions.
 *  @param {string} file @param {number} bytes @returns {number} rows written */
function writeTable(file, bytes) {
  const out = openSync(file, 'w');
  let [rows, written] = [0, writeSync(out, 'id,text,label,x,n\n')];
  while (written < bytes) {
    let block = '';
    for (let i = 0; i < 20_000; i += 1, rows += 1) {
      const mixed = Math.imul(rows, 0x9e3779b1) >>> 0;
      block += `${rows},"a text, number ${mixed}, as long as a tweet may be",${'abc'.charAt(rows % 3)},${mixed / 2 ** 32},${mixed % 101}\n`;
    }
    written += writeSync(out, block);
  }
  closeSync(out);
  return rows;
}
