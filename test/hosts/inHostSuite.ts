import { dirname } from 'node:path';
import { bundleSuites } from './bundleSuites.ts';
import { launchChromium } from './chromium.ts';
import { exampleWorkspace } from './exampleWorkspace.ts';
import { runInExtensionHost } from './extensionHostRun.ts';
import { installExtension } from './installedExtension.ts';
import { modelProviderExtension } from './modelProvider.ts';
import { removeScratch } from './scratchFolder.ts';
import { reportFile } from './testReport.ts';
import { type HostVersion, vscodeHost } from './vscodeHost.ts';
import { startServer } from './vscodeServer.ts';

/** Runs test/in-host in the extension host of a real VS Code, on the extension from the .vsix. */
export async function runInHostSuite(suite: string, version: HostVersion, vsix: string): Promise<void> {
  const host = await vscodeHost(version);
  const suites = await bundleSuites('in-host');
  const extension = await installExtension(host, vsix);
  const provider = await modelProviderExtension();
  const workspace = await exampleWorkspace();
  try {
    const env = { MLR_TEST_SUITE: suite, MLR_TEST_REPORT: reportFile(suite) };
    const { extensionsFolder } = extension;
    const server = await startServer(host, { name: suite, env, smokeTestDriver: true, extensionsFolder });
    try {
      const browser = await launchChromium();
      try {
        await runInExtensionHost(server, browser, {
          extension: provider,
          suites,
          workspace,
          timeoutMilliseconds: 600_000,
          print,
        });
      } finally {
        await browser.close();
      }
    } finally {
      await server.stop();
    }
  } finally {
    await extension.remove();
    await removeScratch(workspace);
    await removeScratch(dirname(provider));
  }
}

/** Two native parts are left out on purpose (no compiler is asked for), and the host says so each time. */
function print(line: string): void {
  if (!line.includes('Could not locate the bindings file')) process.stdout.write(`  ${line}\n`);
}
