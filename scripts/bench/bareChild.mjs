/** The loop that the index is measured by: reads every file that it is named on standard input, parses it as Python with
 *  web-tree-sitter, runs one query. Prints the seconds, those of the processor, and how much was captured. Arguments: the
 *  grammar, the query, and in how many threads (each takes its share of the files). */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Language, Parser, Query } from 'web-tree-sitter';

if (isMainThread) {
  const [grammar = '', query = '', threads = '1'] = process.argv.slice(2);
  const files = readFileSync(0, 'utf8').split('\n').filter(Boolean);
  const loop = threads === '1' ? await loaded(grammar, query) : null;
  const began = performance.now();
  const before = process.cpuUsage();
  const captures = loop ? loop(files) : await shared(Number(threads), { grammar, query, files });
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(JSON.stringify({ seconds, processor: (user + system) / 1e6, captures }));
} else {
  const loop = await loaded(workerData.grammar, workerData.query);
  parentPort?.postMessage(loop(workerData.files));
}

/** @param {string} grammar @param {string} query */
async function loaded(grammar, query) {
  await Parser.init();
  const python = await Language.load(grammar);
  const parser = new Parser();
  parser.setLanguage(python);
  const definitions = new Query(python, readFileSync(query, 'utf8'));
  return (/** @type {string[]} */ files) => {
    let captures = 0;
    for (const file of files) {
      const parsed = parser.parse(readFileSync(file, 'utf8'));
      if (parsed === null) throw new Error(`bench: ${file} could not be parsed`);
      captures += definitions.captures(parsed.rootNode).length;
      parsed.delete();
    }
    return captures;
  };
}

/** @param {number} threads @param {{ grammar: string, query: string, files: string[] }} work */
async function shared(threads, { grammar, query, files }) {
  const counts = Array.from({ length: threads }, (_, thread) => {
    const own = files.filter((_, i) => i % threads === thread);
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { grammar, query, files: own } });
    return new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}
