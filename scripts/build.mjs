/**
 * Makes the bundles in dist/, copies the wasm files they load, and writes the JSON Schema of mlr.yaml.
 *
 *   node scripts/build.mjs [--minify] [--watch]
 *
 * Source maps are written beside the bundles; .vscodeignore keeps them out of the .vsix.
 * dist/ is overwritten, never emptied, so that an engine running from it does not lose its files.
 */

import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, context } from 'esbuild';
import { notices } from './notices.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** Bundled CommonJS packages call `require` for Node's own modules, and find their wasm files beside themselves; an ES
 *  module has neither of its own. */
const requireBanner = [
  'import { createRequire as __createRequire } from "node:module";',
  'const require = __createRequire(import.meta.url);',
  'const __filename = require("node:url").fileURLToPath(import.meta.url);',
  'const __dirname = require("node:path").dirname(__filename);',
].join(' ');

/** @type {import("esbuild").BuildOptions} */
const shared = {
  absWorkingDir: root,
  bundle: true,
  sourcemap: 'external',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  loader: { '.md': 'text', '.scm': 'text' },
  jsx: 'automatic',
  jsxImportSource: 'preact',
};

/** @type {import("esbuild").BuildOptions} */
const forNode = { ...shared, platform: 'node', target: 'node20', mainFields: ['module', 'main'] };

/** @type {import("esbuild").BuildOptions[]} */
const bundles = [
  {
    ...forNode,
    entryPoints: ['src/vscode/extension.ts'],
    outfile: 'dist/extension.cjs',
    format: 'cjs',
    external: ['vscode'],
  },
  // What the programs share stands once, in chunks beside them; what a command does not need is never loaded. The chunks
  // lie in dist/ itself, since packages find their wasm files beside the code.
  {
    ...forNode,
    entryPoints: [
      { in: 'src/cli/main.ts', out: 'cli' },
      { in: 'src/engine/main.ts', out: 'engine' },
      { in: 'src/engine/superviseMain.ts', out: 'supervisor' },
      { in: 'src/engine/readingWorker.ts', out: 'readingWorker' },
      { in: 'src/workspace/symbols/parseWorker.ts', out: 'parseWorker' },
    ],
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[hash]',
    splitting: true,
    format: 'esm',
    banner: { js: requireBanner },
  },
];

/** The pages, each with its style sheet beside it. @type {Record<string, string>} */
const pages = { chat: 'main.tsx', results: 'resultsMain.tsx', ideas: 'ideasMain.tsx', paper: 'paperMain.tsx' };
for (const [name, main] of Object.entries(pages)) {
  const entryPoints = [`src/webview/${main}`];
  bundles.push(
    { ...shared, platform: 'browser', target: 'es2022', entryPoints, outfile: `dist/${name}.js`, format: 'iife' },
    { ...shared, target: 'es2022', entryPoints: [`src/webview/${name}.css`], outfile: `dist/${name}.css` },
  );
}

/** What few messages need is fetched by the chat page when one does. */
for (const name of ['codePart', 'mathPart']) {
  const entryPoints = [`src/webview/${name}.ts`];
  bundles.push({
    ...shared,
    platform: 'browser',
    target: 'es2022',
    entryPoints,
    outfile: `dist/${name}.js`,
    format: 'iife',
  });
}

const wasmFiles = [
  'node_modules/web-tree-sitter/web-tree-sitter.wasm',
  'node_modules/tree-sitter-python/tree-sitter-python.wasm',
  'node_modules/tree-sitter-javascript/tree-sitter-javascript.wasm',
  'node_modules/tree-sitter-typescript/tree-sitter-typescript.wasm',
  'node_modules/tree-sitter-typescript/tree-sitter-tsx.wasm',
  'node_modules/tree-sitter-cuda/tree-sitter-cuda.wasm',
  'node_modules/tree-sitter-bash/tree-sitter-bash.wasm',
  'node_modules/@davisvaughan/tree-sitter-r/tree-sitter-r.wasm',
  'node_modules/tree-sitter-julia/tree-sitter-julia.wasm',
  'node_modules/tree-sitter-json/tree-sitter-json.wasm',
  'node_modules/@tree-sitter-grammars/tree-sitter-yaml/tree-sitter-yaml.wasm',
  'node_modules/@tree-sitter-grammars/tree-sitter-toml/tree-sitter-toml.wasm',
];

const { values: options } = parseArgs({
  options: { minify: { type: 'boolean', default: false }, watch: { type: 'boolean', default: false } },
});

const entries = bundles.flatMap(({ entryPoints }) =>
  entryPoints.map((one) => (typeof one === 'string' ? one : one.in)),
);
const missing = entries.filter((entry) => !existsSync(join(root, entry)));
if (missing.length > 0) {
  process.stderr.write(`build: no such entry point: ${missing.join(', ')}\n`);
  process.exit(1);
}

const started = performance.now();
await mkdir(dist, { recursive: true });

if (options.watch) await watch();
else {
  try {
    await buildOnce();
  } catch (error) {
    // esbuild has printed where and why; anything else is a defect of this script.
    if (!(error instanceof Error && 'errors' in error && Array.isArray(error.errors))) throw error;
    process.stderr.write(`build: failed with ${error.errors.length} errors, see above\n`);
    process.exit(1);
  }
}

async function buildOnce() {
  const results = await Promise.all(bundles.map((bundle) => build({ ...bundle, minify: options.minify })));
  await finish();
  const inputs = results.flatMap((result) => Object.keys(result.metafile?.inputs ?? {}));
  await writeFile(join(dist, 'NOTICES.txt'), await notices(root, [...inputs, ...wasmFiles]));
  const written = results.flatMap((result) => Object.keys(result.metafile?.outputs ?? {}));
  for (const file of written.filter((name) => /\.(cjs|mjs|js|css)$/.test(name)).sort()) {
    process.stdout.write(`${file.padEnd(24)} ${await kilobytes(join(root, file))}\n`);
  }
  for (const file of wasmFiles.map((name) => `dist/${basename(name)}`)) {
    process.stdout.write(`${file.padEnd(24)} ${await kilobytes(join(root, file))}\n`);
  }
  process.stdout.write(`built in ${((performance.now() - started) / 1000).toFixed(2)} s\n`);
}

async function watch() {
  const contexts = await Promise.all(bundles.map((bundle) => context({ ...bundle, logLevel: 'info' })));
  await Promise.all(contexts.map((one) => one.watch()));
  await finish();
}

async function finish() {
  await Promise.all(wasmFiles.map((file) => copyFile(join(root, file), join(dist, basename(file)))));
  await writeContractSchema();
  const cli = join(dist, 'cli.mjs');
  if (existsSync(cli)) await chmod(cli, 0o755);
}

/** The schema that editors check mlr.yaml with comes from the code that the tool checks it with. */
async function writeContractSchema() {
  const { outputFiles } = await build({
    ...forNode,
    entryPoints: ['src/evidence/contractSchema.ts'],
    format: 'esm',
    sourcemap: false,
    write: false,
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? '').toString('base64');
  const { contractSchema } = await import(`data:text/javascript;base64,${code}`);
  await writeFile(join(dist, 'mlr.schema.json'), `${JSON.stringify(contractSchema(), null, 2)}\n`);
}

/** @param {string} file */
async function kilobytes(file) {
  return `${((await stat(file)).size / 1000).toFixed(1).padStart(8)} kB`;
}
