import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from './cacheFolder.ts';
import { scratchFolder } from './scratchFolder.ts';

/** Another extension, which offers a language model to the editor as Copilot and others do: test/in-host/modelProvider.ts.
 *  The caller removes the folder with `removeScratch`.
 *  @returns its folder, to be loaded beside the extension under test */
export async function modelProviderExtension(): Promise<string> {
  const folder = join(await scratchFolder('mlr-provider-'), 'model-provider');
  await mkdir(folder);
  await build({
    entryPoints: [join(projectRoot, 'test/in-host/modelProvider.ts')],
    outfile: join(folder, 'extension.cjs'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
    external: ['vscode'],
  });
  const manifest = {
    name: 'model-provider',
    publisher: 'mlr-test',
    version: '0.0.1',
    engines: { vscode: '^1.104.0' },
    main: './extension.cjs',
    extensionKind: ['workspace'],
    activationEvents: ['onStartupFinished'],
    contributes: { languageModelChatProviders: [{ vendor: 'mlr-test', displayName: 'Test' }] },
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}
