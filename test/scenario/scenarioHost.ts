import { readdir, readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../hosts/chromium.ts';
import { HostError } from '../hosts/hostError.ts';
import { type InstalledExtension, installExtension } from '../hosts/installedExtension.ts';
import { removeScratch } from '../hosts/scratchFolder.ts';
import { newestHost, vscodeHost } from '../hosts/vscodeHost.ts';
import { type ServerOptions, startServer, type VscodeServer } from '../hosts/vscodeServer.ts';
import { Workbench } from './workbench.ts';

export type ScenarioHostOptions = Omit<ServerOptions, 'extensionsFolder'>;

/** The newest VS Code with our extension installed from its .vsix, and a browser to use it. */
export class ScenarioHost {
  readonly server: VscodeServer;
  browser: Browser;
  readonly extension: InstalledExtension;

  private constructor(server: VscodeServer, browser: Browser, extension: InstalledExtension) {
    this.server = server;
    this.browser = browser;
    this.extension = extension;
  }

  /** @throws HostError when a part does not start; the parts that did are stopped */
  static async start(options: ScenarioHostOptions): Promise<ScenarioHost> {
    const host = await vscodeHost(newestHost);
    const extension = await installExtension(host, packedExtension());
    try {
      const server = await startServer(host, { ...options, extensionsFolder: extension.extensionsFolder });
      try {
        return new ScenarioHost(server, await launchChromium(), extension);
      } catch (error) {
        await server.stop();
        throw error;
      }
    } catch (error) {
      await extension.remove();
      throw error;
    }
  }

  /** Opens a window on a folder, in a browser profile of its own. */
  async open(folder: string, size = { width: 1440, height: 900 }): Promise<Workbench> {
    const page = await this.browser.newPage({ viewport: size, colorScheme: 'dark' });
    // A busy machine is slow, not wrong.
    page.setDefaultTimeout(60_000);
    await page.goto(`${this.server.origin}/?${new URLSearchParams({ folder })}`);
    const workbench = new Workbench(page);
    await workbench.restored();
    return workbench;
  }

  /** Ends the browser the way a crash does, its windows saying nothing, and starts another. */
  async crashBrowser(): Promise<void> {
    const gone = new Promise((resolve) => this.browser.once('disconnected', resolve));
    const session = await this.browser.newBrowserCDPSession();
    // Whoever crashes does not answer.
    session.send('Browser.crash').catch(() => 'gone');
    await gone;
    this.browser = await launchChromium();
  }

  /** The process that runs the extensions of the window that was opened last. */
  async extensionHost(): Promise<number> {
    const found: number[] = [];
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const [words, environment] = await Promise.all(
        ['cmdline', 'environ'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
      );
      const isOurs = environment?.includes(`TMPDIR=${this.server.dataFolder}\0`);
      if (isOurs && words?.includes('--type=extensionHost')) found.push(Number(pid));
    }
    const newest = found.sort((a, b) => a - b).at(-1);
    if (newest === undefined) throw new HostError('server', 'no extension host runs');
    return newest;
  }

  /** For a suite's `teardown`: keeps what every window showed when a test failed. */
  async keepFailure(test: Mocha.Test | undefined): Promise<void> {
    if (test?.state !== 'failed') return;
    const pages = this.browser.contexts().flatMap((context) => context.pages());
    const name = test.fullTitle().replaceAll(/[^\w]+/g, '-');
    for (const [nth, page] of pages.entries()) await new Workbench(page).screenshot(`failed-${name}-${nth}`);
  }

  async stop(...folders: readonly string[]): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await this.extension.remove();
    for (const folder of folders) await removeScratch(folder);
  }
}

function packedExtension(): string {
  const vsix = process.env.MLR_TEST_VSIX;
  if (vsix) return vsix;
  throw new HostError('package', 'MLR_TEST_VSIX does not name the packed extension; start by `npm test -- scenario`.');
}
