/**
 * One measurement of the index in a process of its own, told by its arguments: the bundle, the tree, the threads.
 * Prints one JSON object: seconds, milliseconds, bytes.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const [bundle = '', tree = '', threads = '1'] = process.argv.slice(2);
const { searchIndex, WorkspaceIndex } = await import(bundle);
const QUESTIONS = ['read the header of an array file', 'unknown distribution', 'decode', 'solve a linear system'];

const folder = join(tree, '.mlr', 'index');
const index = await WorkspaceIndex.open(tree, { folder, threads: Number(threads) });
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const cold = await index.update();
delay.disable();
const warm = await index.update();
await edited('first');
const edit = await edited('second');
const searches = QUESTIONS.map((question) => {
  const began = performance.now();
  searchIndex(index.store, question);
  return performance.now() - began;
});
index.close();
process.stdout.write(
  JSON.stringify({
    ...{ files: cold.files, symbols: cold.symbols, cold: cold.seconds, warm: warm.seconds, edit: edit.seconds },
    search: Math.max(...searches),
    blocked: delay.max / 1e6,
    memory: process.resourceUsage().maxRSS * 1024,
  }),
);

/** The first edit loads the grammar into this thread, as the first edit of a session does.
 *  @param {string} name */
async function edited(name) {
  appendFileSync(join(tree, 'copy-0', 'edited.py'), `def ${name}():\n    return 1\n`);
  return await index.update();
}
