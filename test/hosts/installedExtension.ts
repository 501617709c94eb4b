import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HostError } from './hostError.ts';
import { removeScratch, scratchFolder } from './scratchFolder.ts';
import type { VscodeHost } from './vscodeHost.ts';

/** The extension as a user has it: unpacked from the .vsix by VS Code itself. */
export interface InstalledExtension {
  /** To be given to the server as its `extensionsFolder`. */
  readonly extensionsFolder: string;
  /** The unpacked extension. */
  readonly folder: string;
  remove(): Promise<void>;
}

/** @throws HostError `package` when the host refuses the file, for instance as too new for it */
export async function installExtension(host: VscodeHost, vsix: string): Promise<InstalledExtension> {
  const scratch = await scratchFolder('mlr-extensions-');
  const extensionsFolder = join(scratch, 'extensions');
  const remove = (): Promise<void> => removeScratch(scratch);
  const args = [join(host.root, 'out/server-main.js'), '--accept-server-license-terms'];
  args.push('--install-extension', vsix, '--extensions-dir', extensionsFolder);
  args.push('--server-data-dir', join(scratch, 'data'));
  try {
    await promisify(execFile)(host.node, args);
    const folders = await readdir(extensionsFolder, { withFileTypes: true });
    const name = folders.find((entry) => entry.isDirectory() && !entry.name.startsWith('.'))?.name;
    if (!name) throw new Error('no extension folder was made');
    return { extensionsFolder, folder: join(extensionsFolder, name), remove };
  } catch (error) {
    await remove();
    throw new HostError('package', `VS Code ${host.version} did not install ${vsix}.`, { cause: error });
  }
}
