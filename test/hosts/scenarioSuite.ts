import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundleSuites } from './bundleSuites.ts';
import { artifactsRoot } from './cacheFolder.ts';
import { installChromium } from './chromium.ts';
import { reportFile } from './testReport.ts';
import { newestHost, vscodeHost } from './vscodeHost.ts';

/** Runs test/scenario in this process: it drives a workbench in a browser from outside. */
export async function runScenarioSuite(suite: string, vsix: string): Promise<void> {
  // Here, and not under the time limit of the first test.
  await vscodeHost(newestHost);
  await installChromium();
  // What is kept there must be from this run.
  if (!process.env.MLR_TEST_ONLY) await rm(join(artifactsRoot, 'screenshots'), { recursive: true, force: true });
  const suites = await bundleSuites('scenario');
  Object.assign(process.env, {
    MLR_TEST_SUITE: suite,
    MLR_TEST_REPORT: reportFile(suite),
    MLR_TEST_VSIX: vsix,
    MLR_TEST_TIMEOUT: '240000',
  });
  const bundle: { run(): Promise<void> } = createRequire(import.meta.url)(suites);
  await bundle.run();
}
