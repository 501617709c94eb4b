import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** Larger files than the index takes; links and caches are no sources either. Bytes. */
const LARGEST = 1_400_000;
/** A tree of very many files is made of the smaller ones, so that it is measured within minutes. Bytes. */
const LARGEST_TREE = 250_000_000;
/** The bare loop takes as long for each megabyte of a tree, so of a large one it runs over so much. Bytes. */
const LARGEST_SHARE = 60_000_000;

/**
 * What it costs to index trees of Python files: cold with one and two threads beside a bare loop that reads, parses and
 * runs the same query, and warm beside Universal Ctags where it is installed. A tree holds copies of the sources of
 * Python's own library in as many folders as it takes; each copy ends with a comment of its own, so that no content
 * comes twice, but its definitions do.
 * @param {{ root: string, quick: boolean, files: number[] }} options how many files each tree has
 * @returns {import('../bench.mjs').Figure[]}
 */
export function indexing({ root, quick, files }) {
  return (quick ? [200] : files).flatMap((count) => indexingOf(root, count));
}

/** The same as a table, a line for each tree. @param {readonly import('../bench.mjs').Figure[]} figures */
export function indexTable(figures) {
  const trees = new Map(figures.map(({ detail }) => [/** @type {Detail} */ (detail).files, detail]));
  const rows = [...trees.values()].map((detail) => rowOf(/** @type {Detail} */ (detail)));
  const columns = Object.keys(rows[0] ?? {});
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---:')), ...rows.map((row) => line(Object.values(row)))].join('\n');
}

/** @param {Detail} detail @returns {Record<string, string>} */
function rowOf({ files, megabytes, bare, bareTwo, one, two, ctags }) {
  const speed = (/** @type {number} */ seconds) =>
    `${(files / seconds).toFixed(0)}, ${(megabytes / seconds).toFixed(1)}`;
  return {
    'files (MB)': `${files} (${megabytes.toFixed(0)})`,
    'bare loop, 1 and 2 threads: files, MB a second': `${speed(bare.seconds)}; ${speed(bareTwo.seconds)}`,
    'index cold, 1 thread': `${speed(one.cold)} (${(bare.seconds / one.cold).toFixed(2)} of the loop)`,
    '2 threads': `${speed(two.cold)} (${(bare.seconds / two.cold).toFixed(2)})`,
    'warm, s': two.warm.toFixed(2),
    'ctags cold, s': ctags === null ? 'not installed' : ctags.toFixed(2),
    'memory, MB': (Math.max(one.memory, two.memory) / 1e6).toFixed(0),
    'edit, ms': two.edit.toFixed(1),
    'search p95, ms': two.search.toFixed(0),
    'event loop blocked at most, ms (with waiting for a processor; at work)': `${two.blocked.toFixed(0)} (${two.delayed.toFixed(0)}; ${two.worked.toFixed(0)})`,
  };
}

/** @param {string} root @param {number} count */
function indexingOf(root, count) {
  const place = mkdtempSync(join(tmpdir(), 'mlr-bench-index-'));
  try {
    const paths = plant(place, count);
    const bytes = paths.map((path) => statSync(path).size);
    const megabytes = sumOf(bytes) / 1e6;
    const bundle = bundled(root);
    const share = Math.min(1, LARGEST_SHARE / sumOf(bytes));
    const bare = bareLoop(root, paths, share, 1);
    const bareTwo = bareLoop(root, paths, share, 2);
    const one = indexed(root, place, bundle, 1);
    const two = indexed(root, place, bundle, 2);
    const ctags = tagged(place);
    return figures({ files: count, megabytes, bare, bareTwo, one, two, ctags });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** @typedef {{ files: number, symbols: number, cold: number, warm: number, processor: number, edit: number, search: number, slowest: number, delayed: number, blocked: number, worked: number, memory: number }} Measured */
/** @typedef {{ seconds: number, processor: number }} Bare */

/** @typedef {{ files: number, megabytes: number, bare: Bare, bareTwo: Bare, one: Measured, two: Measured, ctags: number | null }} Detail */

/** @param {Detail} detail */
function figures(detail) {
  const { files, megabytes, bare, one, two, ctags } = detail;
  const loop = { name: 'the bare loop', value: bare.seconds };
  const cold = (/** @type {string} */ threads, /** @type {Measured} */ run, /** @type {number} */ least) => ({
    ...{ name: `index of ${files} files (${megabytes.toFixed(0)} MB), cold, ${threads}`, unit: 's', value: run.cold },
    peer: loop,
    limit: {
      name: 'of the bare loop',
      unit: 'times',
      value: run.cold / bare.seconds,
      most: Number((1 / least).toFixed(2)),
    },
    detail,
  });
  const bounded = (
    /** @type {string} */ name,
    /** @type {string} */ unit,
    /** @type {number} */ value,
    /** @type {number} */ most,
  ) => ({
    ...{ name, unit, value, detail },
    peer: { name: 'the limit', value: most },
    limit: { name, value, most },
  });
  const warmPeer =
    ctags === null
      ? { name: 'the bare loop (ctags is not installed)', value: bare.seconds }
      : { name: 'ctags, cold', value: ctags };
  return [
    cold('one thread', one, 0.9),
    cold('two threads', two, 1.7),
    {
      name: 'index, warm',
      unit: 's',
      value: two.warm,
      peer: warmPeer,
      limit: { name: 'of it', unit: 'times', value: two.warm / warmPeer.value, most: 1 },
      detail,
    },
    bounded('index, memory at most', 'MB', Math.max(one.memory, two.memory) / 1e6, 400),
    bounded('index, the edit of a file (median)', 'ms', two.edit, 10),
    bounded('index, a search (19 of 20 take less)', 'ms', two.search, 50),
    bounded('index, event loop blocked at most', 'ms', two.blocked, 50),
  ];
}

/** @param {string} place @param {number} count @returns {string[]} */
function plant(place, count) {
  const library = run('python3', ['-c', 'import sysconfig; print(sysconfig.get_path("stdlib"))'], '').trim();
  const sources = smallEnough(pythonIn(library), count);
  const paths = [];
  for (let i = 0; i < count; i += 1) {
    const source = sources[i % sources.length] ?? '';
    const copy = Math.floor(i / sources.length);
    const folder = join(place, `copy-${copy}`, `part-${(i % sources.length) % 50}`);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `m${i}.py`);
    writeFileSync(path, Buffer.concat([readFileSync(source), Buffer.from(`\n# file ${i} of the bench\n`)]));
    paths.push(path);
  }
  return paths;
}

/** Those of the sources, smallest first, of which so many copies fit into a tree; all where they do.
 *  @param {string[]} sources @param {number} count */
function smallEnough(sources, count) {
  const sizes = new Map(sources.map((source) => [source, statSync(source).size]));
  const mean = (/** @type {string[]} */ some) =>
    some.reduce((sum, one) => sum + (sizes.get(one) ?? 0), 0) / Math.max(1, some.length);
  const sorted = [...sources].sort((a, b) => (sizes.get(a) ?? 0) - (sizes.get(b) ?? 0));
  while (sorted.length > 1 && mean(sorted) * count > LARGEST_TREE) sorted.pop();
  return sorted.length === sources.length ? sources : sorted;
}

/** @param {string} folder @returns {string[]} */
function pythonIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /packages|__pycache__/.test(entry.name) ? [] : pythonIn(path);
    return entry.isFile() && entry.name.endsWith('.py') && statSync(path).size < LARGEST ? [path] : [];
  });
}

/** The index and its worker as the product bundles them, with the search beside it. @param {string} root */
function bundled(root) {
  const folder = join(root, '.artifacts', 'bench', 'build');
  const symbols = join(root, 'src', 'workspace', 'symbols');
  const banner =
    'import{createRequire as c}from"node:module";import{fileURLToPath as f}from"node:url";import{dirname as d}from"node:path";const require=c(import.meta.url),__filename=f(import.meta.url),__dirname=d(__filename);';
  const shared = /** @type {const} */ ({ bundle: true, platform: 'node', format: 'esm', loader: { '.scm': 'text' } });
  const external = ['web-tree-sitter'];
  const contents = "export * from './workspaceIndex.ts';export * from './searchIndex.ts';";
  const to = (/** @type {string} */ name) => ({
    ...shared,
    external,
    banner: { js: banner },
    outfile: join(folder, name),
  });
  buildSync({ ...to('index.mjs'), stdin: { contents, resolveDir: symbols, loader: 'ts' } });
  buildSync({ ...to('parseWorker.mjs'), entryPoints: [join(symbols, 'parseWorker.ts')] });
  return join(folder, 'index.mjs');
}

/** Over the first of the files, which are copies of the same sources as the rest, told for all of them.
 *  @param {string} root @param {string[]} paths @param {number} share of the files @param {number} threads @returns {Bare} */
function bareLoop(root, paths, share, threads) {
  const grammar = join(root, 'node_modules', 'tree-sitter-python', 'tree-sitter-python.wasm');
  const query = join(root, 'src', 'workspace', 'symbols', 'queries', 'python.scm');
  const script = join(root, 'scripts', 'bench', 'bareChild.mjs');
  const some = paths.slice(0, Math.ceil(share * paths.length));
  const { seconds, processor } = JSON.parse(
    run(process.execPath, [script, grammar, query, String(threads)], some.join('\n')),
  );
  return { seconds: seconds / share, processor: processor / share };
}

/** @param {number[]} values */
function sumOf(values) {
  return values.reduce((sum, value) => sum + value, 0);
}

/** @param {string} root @param {string} place @param {string} bundle @param {number} threads @returns {Measured} */
function indexed(root, place, bundle, threads) {
  rmSync(join(place, '.mlr'), { recursive: true, force: true });
  const child = join(root, 'scripts', 'bench', 'indexChild.mjs');
  const questions = join(root, 'test', 'integration', 'workspace', 'questions.json');
  return JSON.parse(run(process.execPath, [child, bundle, place, String(threads), questions], ''));
}

/** @param {string} place @returns {number | null} seconds, null where it is not installed */
function tagged(place) {
  if (spawnSync('ctags', ['--version']).error) return null;
  const began = performance.now();
  run('ctags', ['-R', '--languages=Python', '-f', '/dev/null', place], '');
  return (performance.now() - began) / 1000;
}

/** @param {string} program @param {string[]} words @param {string} input */
function run(program, words, input) {
  const { status, stdout, stderr, error } = spawnSync(program, words, { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`bench: ${program} ${words[0]} failed: ${error?.message ?? stderr}`);
  return stdout;
}
