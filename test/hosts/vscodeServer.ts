import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { artifactsRoot } from './cacheFolder.ts';
import { HostError } from './hostError.ts';
import { killGroup, spawnGroup } from './processGroup.ts';
import { removeScratch, scratchFolder } from './scratchFolder.ts';
import type { VscodeHost } from './vscodeHost.ts';

export interface ServerOptions {
  /** The server's log goes to `.artifacts/<name>.log`. */
  readonly name: string;
  /** Added to the environment of the server and of its extension hosts. */
  readonly env?: Readonly<Record<string, string>>;
  /** Machine settings, as in settings.json. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Ask before trusting a folder, as a real editor does; the default is to trust. */
  readonly workspaceTrust?: boolean;
  /** Needed to run suites by URL and for `window.driver`; such a window shows no notification toasts. */
  readonly smokeTestDriver?: boolean;
  /** A folder of unpacked extensions, each in a folder of its own. */
  readonly extensionsFolder?: string;
}

/** A VS Code server on loopback with data of its own, gone without trace after `stop`. */
export interface VscodeServer {
  readonly host: VscodeHost;
  readonly port: number;
  readonly origin: string;
  readonly dataFolder: string;
  stop(): Promise<void>;
}

/** @throws HostError `server` when it does not answer within 60 s, with the end of its log */
export async function startServer(host: VscodeHost, options: ServerOptions): Promise<VscodeServer> {
  const dataFolder = await scratchFolder('mlr-vscode-');
  await writeSettings(dataFolder, options.settings ?? {});
  const port = await freePort();
  const child = spawnGroup(host.node, serverArguments(host, port, dataFolder, options), {
    cwd: dataFolder,
    env: serverEnvironment(dataFolder, options),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = keepLog(child, options.name);
  const server: VscodeServer = {
    host,
    port,
    origin: `http://127.0.0.1:${port}`,
    dataFolder,
    async stop() {
      killGroup(child);
      await removeScratch(dataFolder);
    },
  };
  try {
    await untilAnswering(server, child);
  } catch (error) {
    await server.stop();
    throw new HostError('server', `VS Code ${host.version} did not start:\n${log().slice(-2000)}`, {
      cause: error,
    });
  }
  return server;
}

function serverArguments(host: VscodeHost, port: number, dataFolder: string, options: ServerOptions): string[] {
  const extensions = options.extensionsFolder ?? join(dataFolder, 'extensions');
  const args = [join(host.root, 'out/server-main.js'), '--host', '127.0.0.1', '--port', `${port}`];
  args.push('--without-connection-token', '--accept-server-license-terms');
  args.push('--telemetry-level', 'off');
  if (options.smokeTestDriver) args.push('--enable-smoke-test-driver');
  args.push('--server-data-dir', dataFolder, '--extensions-dir', extensions);
  if (!options.workspaceTrust) args.push('--disable-workspace-trust');
  return args;
}

/** Keys and the outer editor's variables would make a test depend on who runs it; sockets and
 *  temporary files go where `stop` removes them. */
function serverEnvironment(dataFolder: string, options: ServerOptions): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|npm_|NODE_OPTIONS$)/.test(name) && !/(KEY|TOKEN|SECRET)/i.test(name),
  );
  const temporary = { TMPDIR: dataFolder, XDG_RUNTIME_DIR: dataFolder };
  return { ...Object.fromEntries(kept), ...temporary, ...options.env };
}

async function writeSettings(dataFolder: string, settings: Record<string, unknown>): Promise<void> {
  const quiet = {
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
    'update.mode': 'none',
    'extensions.ignoreRecommendations': true,
    'git.openRepositoryInParentFolders': 'never',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
  };
  for (const scope of ['Machine', 'User']) {
    await mkdir(join(dataFolder, 'data', scope), { recursive: true });
    const file = join(dataFolder, 'data', scope, 'settings.json');
    await writeFile(file, JSON.stringify({ ...quiet, ...settings }));
  }
}

function keepLog(child: ChildProcess, name: string): () => string {
  let tail = '';
  const folder = mkdir(join(artifactsRoot, 'logs'), { recursive: true });
  const file = folder.then(() => createWriteStream(join(artifactsRoot, 'logs', `${name}.log`)));
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-8000);
      void file.then((sink) => sink.write(chunk));
    });
  }
  return () => tail;
}

async function untilAnswering(server: VscodeServer, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with exit code ${child.exitCode}`);
    try {
      if ((await fetch(`${server.origin}/version`)).ok) return;
    } catch (error) {
      // Refused until it listens.
      if (Date.now() > deadline) throw error;
    }
    if (Date.now() > deadline) throw new Error('no answer for 60 s');
    await sleep(100);
  }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address && typeof address === 'object') done(address.port);
        else fail(new HostError('server', 'the system gave no free port'));
      });
    });
  });
}
