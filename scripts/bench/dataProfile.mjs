import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs the command line and says on standard error how much memory it held at most. */
const WATCHED = `process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS));
process.argv.splice(1, 1);
await import(process.argv[1]);
`;

/** What is written: a row of each format, told from its number. @type {Record<string, { head: string, row: (row: number, mixed: number) => string }>} */
const FORMATS = {
  csv: {
    head: 'id,text,label,x,n\n',
    row: (row, mixed) => `${row},"${textOf(mixed)}",${labelOf(row)},${mixed / 2 ** 32},${mixed % 101}\n`,
  },
  jsonl: {
    head: '',
    row: (row, mixed) =>
      `{"id": ${row}, "text": "${textOf(mixed)}", "label": "${labelOf(row)}", "x": ${mixed / 2 ** 32}, "n": ${mixed % 101}}\n`,
  },
};

/**
 * What `mlr data` takes for a table of 2 GB (quick: 100 MB), as CSV and as JSON lines: time beside `cksum`, which reads
 * and sums up the bytes and nothing else, and the most memory it held.
 * @param {{ root: string, quick: boolean }} options
 * @returns {import('../bench.mjs').Figure[]}
 */
export function dataProfile({ root, quick }) {
  return Object.keys(FORMATS).map((format) => profiled(root, format, quick ? 1e8 : 2e9));
}

/** @param {string} root @param {string} format @param {number} bytes @returns {import('../bench.mjs').Figure} */
function profiled(root, format, bytes) {
  const place = mkdtempSync(join(tmpdir(), 'mlr-bench-'));
  try {
    const file = join(place, `large.${format}`);
    const rows = writeTable(file, format, bytes);
    const gigabytes = statSync(file).size / 1e9;
    const cli = join(root, 'dist', 'cli.mjs');
    const watched = join(place, 'watched.mjs');
    writeFileSync(watched, WATCHED);
    const own = timed(process.execPath, [watched, cli, 'data', file, '--json']);
    const peer = timed('cksum', [file]);
    const profile = JSON.parse(own.stdout).files[0];
    if (profile.rows !== rows) throw new Error(`${rows} rows were written, ${profile.rows} profiled`);
    const peak = Number(/peak (\d+)/.exec(own.stderr)?.[1]) / 1024;
    const speed = (gigabytes * 1000) / own.seconds;
    return {
      name: `mlr data on ${gigabytes.toFixed(1)} GB of ${format}, ${speed.toFixed(0)} MB a second`,
      unit: 's/GB',
      value: own.seconds / gigabytes,
      peer: { name: 'cksum', value: peer.seconds / gigabytes },
      limit: { name: 'most memory held', unit: 'MiB', value: peak, most: 512 },
      detail: { rows, gigabytes, seconds: own.seconds, speed, duplicates: profile.duplicates },
    };
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** @param {number} mixed */
function textOf(mixed) {
  return `a text, number ${mixed}, as long as a tweet may be`;
}

/** @param {number} row */
function labelOf(row) {
  return 'abc'.charAt(row % 3);
}

/** @param {string} program @param {string[]} words */
function timed(program, words) {
  const began = performance.now();
  const { stdout, stderr, status } = spawnSync(program, words, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return { stdout, stderr, seconds: (performance.now() - began) / 1000 };
}

/** Every row differs from the others, which is the worst case for what counts repetitions.
 *  @param {string} file @param {string} format @param {number} bytes @returns {number} rows written */
function writeTable(file, format, bytes) {
  const { head, row } = FORMATS[format] ?? { head: '', row: () => '' };
  const out = openSync(file, 'w');
  let [rows, written] = [0, writeSync(out, head)];
  while (written < bytes) {
    let block = '';
    for (let i = 0; i < 20_000; i += 1, rows += 1) block += row(rows, Math.imul(rows, 0x9e3779b1) >>> 0);
    written += writeSync(out, block);
  }
  closeSync(out);
  return rows;
}
