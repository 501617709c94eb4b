/**
 * Supervises one run in a process of its own and has it followed by another, told by its arguments: the bundle of
 * `src/runs`, a folder to work in, and the words of the run. Prints one JSON object: seconds until both are done, how many
 * bytes the follower got, and by how many bytes the resident set of each grew.
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { growth } from './growth.mjs';

const [bundle = '', place = '', words = '[]'] = process.argv.slice(2);
const { common, supervise, supervisorLock, takeLock, writeRecord, writeSpec } = await import(bundle);

const top = join(place, 'workspace');
const folder = join(top, '.mlr/runs/printing');
for (const made of [folder, join(place, 'arm'), join(top, '.mlr/sessions/s')]) mkdirSync(made, { recursive: true });
const spec = {
  ...{ version: 1, id: 'printing', session: 's', purpose: 'run', arm: null, seed: 1, argv: JSON.parse(words) },
  ...{ source: join(place, 'arm'), mountAt: top, folder: '', out: null, inputs: [], revealed: [], masked: [] },
  ...{ watched: [], env: {}, network: [], confinement: 'none' },
  limits: { wallSeconds: 600, memoryBytes: 2 ** 30, processes: 50, outputBytes: 2 ** 31 },
};
await writeSpec(folder, spec);
await writeRecord(folder, { state: 'queued', ...common(spec, top) });
const lock = await takeLock(supervisorLock(join(top, '.mlr/sessions/s')));

const follower = spawn(process.execPath, [readerOf(import.meta.url), bundle, top, spec.id], { stdio: 'pipe' });
let heard = '';
follower.stdout.setEncoding('utf8').on('data', (text) => (heard += text));
follower.stderr.pipe(process.stderr);
const left = new Promise((resolve) => follower.once('close', resolve));
const grown = growth();
const began = performance.now();
const { state } = await supervise(spec, folder);
const own = grown();
await left;
const seconds = (performance.now() - began) / 1000;
await lock.release();
if (state !== 'finished') throw new Error(`the run is ${state}`);
process.stdout.write(JSON.stringify({ seconds, supervisor: own, ...JSON.parse(heard) }));

/** @param {string} url */
function readerOf(url) {
  return fileURLToPath(new URL('readerChild.mjs', url));
}
