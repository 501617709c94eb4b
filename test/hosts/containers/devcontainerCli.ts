import { join } from 'node:path';
import { cachedFolder } from '../cacheFolder.ts';
import { npmInstall } from '../npmInstall.ts';

const VERSION = '0.89.0';

/** The folder with the program `devcontainer`, installed once. @throws HostError `install` */
export async function devcontainerCli(): Promise<string> {
  const name = `devcontainers-cli-${VERSION}`;
  const folder = await cachedFolder(name, `@devcontainers/cli ${VERSION}`, (partial) =>
    npmInstall(partial, [`@devcontainers/cli@${VERSION}`]),
  );
  return join(folder, 'node_modules', '.bin');
}
