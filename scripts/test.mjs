/**
 * Runs the tests and prints what their reports in .artifacts/reports say:
 *
 *   node scripts/test.mjs [--vsix FILE] [--only WORD] [SUITE...]     SUITE: unit, in-host (the default: these), scenario, check, integration, redteam, all, electron
 *
 * --vsix tests an extension packed before, without building anything.
 * --only keeps the files of in-host and scenario whose names hold the word.
 * The suites are listed in test/hosts/testRun.ts. Those that need a VS Code get the packed extension.
 */
import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options, positionals: asked } = parseArgs({
  options: { vsix: { type: 'string' }, only: { type: 'string' } },
  allowPositionals: true,
});
const vsix = options.vsix ? resolve(options.vsix) : join(root, '.cache', 'mlr-copilot.vsix');

process.env.MLR_PROJECT_ROOT = root;
if (options.only) process.env.MLR_TEST_ONLY = options.only;
await mkdir(join(root, '.cache'), { recursive: true });
const { choose, runTests, suiteNames } = await loadSuites();

const { groups, needsPackage, unknown } = choose(asked);
if (unknown.length > 0) {
  process.stderr.write(`test: there is no suite ${unknown.join(', ')}; choose from ${suiteNames.join(', ')}\n`);
  process.exit(2);
}

if (!options.vsix) {
  if (needsPackage) script('package.mjs', '--out', vsix);
  else script('build.mjs');
}
process.exit(await runTests(groups, vsix));

async function loadSuites() {
  const outfile = join(root, '.cache', 'suites', 'testRun.mjs');
  await build({
    entryPoints: [join(root, 'test/hosts/testRun.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  return import(pathToFileURL(outfile).href);
}

/** @param {string} name @param {string[]} args */
function script(name, ...args) {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', name), ...args], { stdio: 'inherit' });
  if (status === 0) return;
  process.stderr.write(`test: scripts/${name} failed, so nothing was tested\n`);
  process.exit(1);
}
