/**
 * Builds and packs the extension:
 *
 *   node scripts/package.mjs [--out FILE]      (default: mlr-copilot-<version>.vsix)
 *
 * vsce prints what is inside; the last line is the size of the file.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createVSIX, listFiles } from '@vscode/vsce';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(await readFile(resolve(root, 'package.json'), 'utf8'));
const { values: options } = parseArgs({ options: { out: { type: 'string' } } });
const out = resolve(options.out ?? resolve(root, `${manifest.name}-${manifest.version}.vsix`));

const began = Date.now();
const built = spawnSync(process.execPath, [resolve(root, 'scripts/build.mjs'), '--minify'], { stdio: 'inherit' });
if (built.status !== 0) {
  process.stderr.write('package: the build failed, so there is nothing to pack\n');
  process.exit(1);
}

const ignoreFile = await onlyThisBuild(began);

// The bundles hold every dependency, so vsce must not look for production packages.
const quiet = { cwd: root, dependencies: false, ignoreFile };
const files = await listFiles(quiet);
// There is no public repository yet that the README's links to files could be rewritten to.
const repository = { allowMissingRepository: true, rewriteRelativeLinks: false };
await createVSIX({ ...quiet, ...repository, packagePath: out, skipLicense: true });

process.stdout.write(`${relative(root, out)}: ${files.length} files, ${kilobytes(await stat(out))}\n`);

/** Chunks of earlier builds stay in dist/ for programs that run from there; the package holds none of them.
 *  @param {number} since when the build began, in milliseconds
 *  @returns {Promise<string>} the file for vsce that says what goes in: there, what is let in always wins */
async function onlyThisBuild(since) {
  const dist = resolve(root, 'dist');
  const modules = (await readdir(dist)).filter((name) => name.endsWith('.mjs'));
  const times = await Promise.all(modules.map(async (name) => (await stat(resolve(dist, name))).mtimeMs));
  const fresh = modules.filter((_, i) => (times[i] ?? 0) >= since).map((name) => `!dist/${name}`);
  const own = await readFile(resolve(root, '.vscodeignore'), 'utf8');
  const list = resolve(root, '.cache', 'vscodeignore');
  await mkdir(resolve(root, '.cache'), { recursive: true });
  await writeFile(list, own.replace('!dist/*.mjs', fresh.join('\n')));
  return list;
}

/** @param {{ size: number }} file */
function kilobytes(file) {
  return `${(file.size / 1000).toFixed(1)} kB`;
}
