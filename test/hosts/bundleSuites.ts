import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { cacheRoot, projectRoot } from './cacheFolder.ts';
import { HostError } from './hostError.ts';

/**
 * Bundles every `*.test.ts` of a folder under test/ into one CommonJS module that exports
 * `run(): Promise<void>`, which is what an extension host calls, in a browser or on a desktop.
 * Adding a file to the folder is all that is needed to add a suite.
 * @returns the path of the module
 * @throws HostError `suite` when the folder holds no suite
 */
export async function bundleSuites(folder: 'in-host' | 'scenario'): Promise<string> {
  const source = join(projectRoot, 'test', folder);
  const only = process.env.MLR_TEST_ONLY ?? '';
  const files = (await readdir(source)).filter((name) => name.endsWith('.test.ts') && name.includes(only)).sort();
  if (files.length === 0) throw new HostError('suite', `test/${folder} holds no *${only}*.test.ts file.`);
  const outfile = join(cacheRoot, 'suites', `${folder}.cjs`);
  await build({
    stdin: { contents: entry(files), resolveDir: source, sourcefile: `${folder}.ts`, loader: 'ts' },
    absWorkingDir: projectRoot,
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: 'inline',
    logLevel: 'error',
    external: ['vscode', 'playwright-core', 'axe-core', 'esbuild', '@vscode/test-electron'],
  });
  return outfile;
}

function entry(files: readonly string[]): string {
  const topics = files.map((name) => `["${name}", () => import("./${name}")]`);
  return `
    import { runMocha } from "../hosts/mochaSuites.ts";
    export async function run() {
      const report = process.env.MLR_TEST_REPORT;
      const suite = process.env.MLR_TEST_SUITE;
      if (!report || !suite) throw new Error("MLR_TEST_REPORT and MLR_TEST_SUITE are not set");
      const timeoutMilliseconds = Number(process.env.MLR_TEST_TIMEOUT ?? 180_000);
      const failed = await runMocha({ suite, report, timeoutMilliseconds, topics: [${topics.join(',')}] });
      if (failed > 0) throw new Error(failed + " failed");
    }`;
}
