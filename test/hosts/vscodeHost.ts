import { existsSync } from 'node:fs';
import { chmod, cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cachedFolder } from './cacheFolder.ts';
import { HostError } from './hostError.ts';
import { npmInstall } from './npmInstall.ts';

/** A VS Code server (workbench, extension host, terminal) that runs on its own Node. */
export interface VscodeHost {
  readonly version: HostVersion;
  /** The Node binary this version was made for. */
  readonly node: string;
  /** `lib/vscode` inside code-server: the unmodified server lives there. */
  readonly root: string;
}

/** The newest VS Code we can have, and the oldest that `engines.vscode` promises. */
export const hostVersions = ['1.139', '1.104'] as const;
export type HostVersion = (typeof hostVersions)[number];
export const newestHost: HostVersion = '1.139';

const pins: Record<HostVersion, { node: string; codeServer: string }> = {
  '1.139': { node: '24.21.0', codeServer: '4.139.1' },
  '1.104': { node: '22.23.3', codeServer: '4.104.0' },
};

/**
 * Makes sure the given VS Code is in `.cache/host-<version>`; everything comes from npm.
 * @throws HostError `install` when npm fails, `platform` where no such host exists
 */
export async function vscodeHost(version: HostVersion): Promise<VscodeHost> {
  // The old release lacks two prebuilt parts, which are taken from the newest one.
  const donor = version === newestHost ? undefined : await vscodeHost(newestHost);
  const folder = await cachedFolder(`host-${version}`, `VS Code ${version}`, (partial) =>
    install(partial, version, donor),
  );
  return hostIn(folder, version);
}

function hostIn(folder: string, version: HostVersion): VscodeHost {
  const exe = process.platform === 'win32' ? 'node.exe' : 'node';
  return {
    version,
    node: join(folder, 'node_modules', nodePackage(), 'bin', exe),
    root: join(folder, 'node_modules/code-server/lib/vscode'),
  };
}

async function install(folder: string, version: HostVersion, donor?: VscodeHost): Promise<void> {
  const pin = pins[version];
  await npmInstall(folder, [`${nodePackage()}@${pin.node}`, `code-server@${pin.codeServer}`]);
  const host = hostIn(folder, version);
  await npmInstall(host.root, ['--omit=dev'], dirname(host.node));
  if (donor) await copyPrebuilt(donor, host);
  for (const needed of [host.node, join(host.root, 'out/server-main.js')]) {
    if (!existsSync(needed)) {
      throw new HostError('install', `VS Code ${version}: npm did not bring ${needed}.`);
    }
  }
}

async function copyPrebuilt(from: VscodeHost, to: VscodeHost): Promise<void> {
  await cp(join(from.root, 'node_modules/node-pty'), join(to.root, 'node_modules/node-pty'), {
    recursive: true,
  });
  const rg = join(to.root, 'node_modules/@vscode/ripgrep/bin/rg');
  await mkdir(dirname(rg), { recursive: true });
  const platform = `${process.platform}-${process.arch}`;
  await cp(join(from.root, 'node_modules/@vscode/ripgrep-universal/bin', platform, 'rg'), rg);
  await chmod(rg, 0o755);
}

function nodePackage(): string {
  const known = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];
  const platform = `${process.platform}-${process.arch}`;
  if (known.includes(platform)) return `node-${platform}`;
  throw new HostError(
    'platform',
    `The browser-based VS Code host is not available on ${platform}; run \`npm run test:electron\` instead.`,
  );
}
