/**
 * One measurement of the index in a process of its own, told by its arguments: the bundle, the tree, the threads, and a
 * file of questions. Prints one JSON object: seconds, milliseconds, bytes.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stretches } from './stretches.mjs';

const [bundle = '', tree = '', threads = '1', asked = ''] = process.argv.slice(2);
const { searchIndex, WorkspaceIndex } = await import(bundle);
/** @type {{ question: string }[]} */
const questions = JSON.parse(readFileSync(asked, 'utf8'));

const folder = join(tree, '.mlr', 'index');
const index = await WorkspaceIndex.open(tree, { folder, threads: Number(threads) });
const longest = stretches();
const before = process.cpuUsage();
const cold = await index.update();
const { user, system } = process.cpuUsage(before);
const blocked = longest();
const warm = await index.update();
await edited('first');
const edits = [];
for (let i = 0; i < 9; i += 1) edits.push(await edited(`again_${i}`));
const searches = questions.map(({ question }) => {
  const began = performance.now();
  searchIndex(index.store, question);
  return performance.now() - began;
});
index.close();
process.stdout.write(
  JSON.stringify({
    ...{ files: cold.files, symbols: cold.symbols, cold: cold.seconds, warm: warm.seconds },
    processor: (user + system) / 1e6,
    edit: share(edits, 0.5),
    search: share(searches, 0.95),
    slowest: share(searches, 1),
    ...blocked,
    memory: process.resourceUsage().maxRSS * 1024,
  }),
);

/** The first edit loads the grammar into this thread, as the first edit of a session does.
 *  @param {string} name */
async function edited(name) {
  const path = 'copy-0/edited.py';
  appendFileSync(join(tree, path), `def ${name}():\n    return 1\n`);
  const began = performance.now();
  const { parsed } = await index.updateAt([path]);
  if (parsed !== 1) throw new Error(`bench: an edit of one file parsed ${parsed}`);
  return performance.now() - began;
}

/** @param {number[]} values @param {number} part */
function share(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? 0;
}
