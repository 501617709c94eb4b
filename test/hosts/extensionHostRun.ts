import type { Browser } from 'playwright-core';
import { HostError } from './hostError.ts';
import type { VscodeServer } from './vscodeServer.ts';

export interface ExtensionHostRun {
  /** The unpacked extension that is loaded for the suites, besides those that the server has installed. */
  readonly extension: string;
  /** A CommonJS module exporting `run(): Promise<void>`. */
  readonly suites: string;
  /** The folder that is open in the workbench. */
  readonly workspace: string;
  readonly timeoutMilliseconds: number;
  /** Gets each line that the suites print. */
  readonly print: (line: string) => void;
}

/**
 * Opens the workbench in a browser and lets its extension host run the suites.
 * @returns the exit code, 0 when all of them passed
 * @throws HostError `suite` when the extension host gives no exit code in time
 */
export async function runInExtensionHost(
  server: VscodeServer,
  browser: Browser,
  run: ExtensionHostRun,
): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  let timer: NodeJS.Timeout | undefined;
  try {
    const exit = new Promise<number>((done, fail) => {
      const late = `The extension host of VS Code ${server.host.version} gave no result within ${run.timeoutMilliseconds / 1000} s.`;
      timer = setTimeout(() => fail(new HostError('suite', late)), run.timeoutMilliseconds);
      void page.exposeFunction('codeAutomationExit', (code: number) => done(code));
    });
    await page.exposeFunction('codeAutomationLog', (_type: string, args: readonly unknown[]) =>
      run.print(args.map(String).join(' ')),
    );
    await page.goto(suitesUrl(server, run));
    return await exit;
  } finally {
    clearTimeout(timer);
    await page.close();
  }
}

function suitesUrl(server: VscodeServer, run: ExtensionHostRun): string {
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${server.port}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(run.extension)],
    ['extensionTestsPath', remote(run.suites)],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ folder: run.workspace, payload: JSON.stringify(payload) });
  return `${server.origin}/?${query.toString()}`;
}
