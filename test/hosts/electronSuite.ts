import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath, runTests } from '@vscode/test-electron';
import { bundleSuites } from './bundleSuites.ts';
import { cacheRoot } from './cacheFolder.ts';
import { exampleWorkspace } from './exampleWorkspace.ts';
import { HostError } from './hostError.ts';
import { modelProviderExtension } from './modelProvider.ts';
import { removeScratch, scratchFolder } from './scratchFolder.ts';
import { reportFile } from './testReport.ts';

/**
 * Runs test/in-host in a desktop VS Code.
 * @throws HostError `platform` where none can be downloaded, `package` when it refuses the .vsix
 */
export async function runElectronSuite(suite: string, vsix: string): Promise<void> {
  const vscodeExecutablePath = await desktop();
  const suites = await bundleSuites('in-host');
  const scratch = await scratchFolder('mlr-electron-');
  const provider = await modelProviderExtension();
  const workspace = await exampleWorkspace();
  try {
    await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: [await install(vscodeExecutablePath, scratch, vsix), provider],
      extensionTestsPath: suites,
      extensionTestsEnv: { MLR_TEST_SUITE: suite, MLR_TEST_REPORT: reportFile(suite) },
      launchArgs: [workspace, '--disable-workspace-trust', '--user-data-dir', join(scratch, 'data')],
    });
  } finally {
    await removeScratch(scratch);
    await removeScratch(workspace);
    await removeScratch(dirname(provider));
  }
}

async function desktop(): Promise<string> {
  try {
    return await downloadAndUnzipVSCode({ cachePath: join(cacheRoot, 'electron'), timeout: 30_000 });
  } catch (error) {
    throw new HostError(
      'platform',
      'A desktop VS Code could not be downloaded here; `npm test` runs the same suites in a VS Code from npm.',
      { cause: error },
    );
  }
}

async function install(executable: string, scratch: string, vsix: string): Promise<string> {
  const [cli, ...args] = resolveCliArgsFromVSCodeExecutablePath(executable);
  const extensions = join(scratch, 'extensions');
  if (!cli) throw new HostError('platform', `${executable} has no command line beside it.`);
  args.push('--install-extension', vsix, '--extensions-dir', extensions);
  spawnSync(cli, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  const folders = await readdir(extensions, { withFileTypes: true });
  const name = folders.find((entry) => entry.isDirectory() && !entry.name.startsWith('.'))?.name;
  if (!name) throw new HostError('package', `The desktop VS Code did not install ${vsix}.`);
  return join(extensions, name);
}
