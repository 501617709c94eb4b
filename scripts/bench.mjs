/**
 * Prints what the product costs, each figure beside a peer that was measured in the same run:
 *
 *   npm run bench [-- --quick] [-- --files N]... [-- NAME...]     NAME: overhead, queued, following, dataProfile,
 *                                                              reading, editor, indexing (of N files, 1000)
 *
 * Writes .artifacts/bench/<NAME>.json. Ends with 1 where a figure is beyond its limit, so let the machine be quiet.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { dataProfile } from './bench/dataProfile.mjs';
import { editor } from './bench/editor.mjs';
import { following } from './bench/following.mjs';
import { indexing, indexTable } from './bench/indexing.mjs';
import { overhead, queued } from './bench/overhead.mjs';
import { reading } from './bench/reading.mjs';

/**
 * @typedef {object} Figure
 * @property {string} name
 * @property {string} unit
 * @property {number} value
 * @property {{ name: string, value: number }} peer measured in the same run
 * @property {{ name: string, unit?: string, value: number, most: number }} [limit] what may not be exceeded
 * @property {object} detail kept in the JSON alone
 */

/** To add a figure, add a line. @type {Record<string, (options: { root: string, quick: boolean, files: number[] }) => Figure | Figure[]>} */
const benches = { overhead, queued, following, dataProfile, reading, editor, indexing };

/** What is shown besides. @type {Record<string, (figures: readonly Figure[]) => string>} */
const tables = { indexing: indexTable };

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, files: { type: 'string', multiple: true, default: ['1000'] } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(`bench: there is no ${unknown.join(', ')}; choose from ${Object.keys(benches).join(', ')}\n`);
  process.exit(2);
}

const files = values.files.map(Number);
const wrong = values.files.find((_, i) => !Number.isInteger(files[i]) || (files[i] ?? 0) < 1);
if (wrong !== undefined) {
  process.stderr.write(`bench: --files: expected a whole number of files, found ${wrong}\n`);
  process.exit(2);
}

const folder = join(root, '.artifacts', 'bench');
mkdirSync(folder, { recursive: true });
/** @type {Figure[]} */
const figures = [];
/** @type {string[]} */
const shown = [];
for (const [name, bench] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const found = [bench({ root, quick: values.quick, files })].flat();
  figures.push(...found);
  const table = tables[name];
  if (table) shown.push(table(found));
  const machine = { node: process.version, processors: availableParallelism(), processor: cpus()[0]?.model };
  const measured = found.map((figure) => ({ ...figure, ratio: figure.value / figure.peer.value }));
  const record = { figures: measured, quick: values.quick, machine };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(record, null, 2)}\n`);
}
process.stdout.write(`${[...figures.map(row), ...shown].join('\n')}\n`);
process.exit(figures.some(isBeyond) ? 1 : 0);

/** @param {Figure} figure */
function row({ name, unit, value, peer, limit }) {
  const lines = [
    `${name}: ${value.toFixed(1)} ${unit}`,
    `  ${(value / peer.value).toFixed(2)} times ${peer.name}: ${peer.value.toFixed(1)} ${unit}`,
  ];
  if (limit) {
    const state = limit.value <= limit.most ? 'within' : 'BEYOND';
    lines.push(`  ${limit.name}: ${limit.value.toFixed(2)} ${limit.unit ?? unit}, ${state} the limit of ${limit.most}`);
  }
  return lines.join('\n');
}

/** @param {Figure} figure */
function isBeyond({ limit }) {
  return limit !== undefined && limit.value > limit.most;
}
