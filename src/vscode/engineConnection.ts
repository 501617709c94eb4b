import { realpath } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { SessionEvent } from '../domain/event.ts';
import { version } from '../domain/version.ts';
import { RemoteEngine, type Surface } from '../engine/client.ts';
import { EngineError } from '../engine/errors.ts';
import { socketPath } from '../engine/socketPath.ts';
import { lastWordsOf, startEngine } from './engineProcess.ts';
import { editorModels } from './lentModels.ts';
import { Owner } from './owner.ts';
import { proxySettings } from './settings.ts';
import { SurfaceError } from './surfaceError.ts';

/** An engine that has just been started may need this long to listen. Milliseconds. */
const START_LIMIT = 10_000;
const RETRY_EVERY = 100;

interface ConnectionOptions {
  /** The engine's bundle. */
  program: string;
  secret(name: string): Promise<string | null>;
  say(text: string): void;
  onEvent(session: string, event: SessionEvent): void;
}

/** A workspace folder's engine: found if one serves the folder already, else started. */
export class EngineConnection extends Owner {
  readonly folder: vscode.WorkspaceFolder;
  private readonly options: ConnectionOptions;
  private readonly workspace: string;
  private readonly socket: string;
  private readonly lost = this.own(new vscode.EventEmitter<void>());
  private current: Promise<RemoteEngine> | undefined;
  /** Sessions that have moved since this window listens. */
  private readonly moving = new Set<string>();

  /** The engine ended or was ended; asking for it again starts another. */
  readonly onDidLose = this.lost.event;

  private constructor(folder: vscode.WorkspaceFolder, workspace: string, socket: string, options: ConnectionOptions) {
    super();
    this.folder = folder;
    this.workspace = workspace;
    this.socket = socket;
    this.options = options;
  }

  static async to(folder: vscode.WorkspaceFolder, options: ConnectionOptions): Promise<EngineConnection> {
    const workspace = await realpath(folder.uri.fsPath);
    return new EngineConnection(folder, workspace, await socketPath(workspace), options);
  }

  /** Whether a process works on a session, this engine or a command line. */
  async isHeld(session: string): Promise<boolean> {
    const sessions = await (await this.engine()).list();
    return sessions.find(({ id }) => id === session)?.held ?? false;
  }

  /** Whether what happens in a session is told by the engine. */
  tellsOf(session: string): boolean {
    return this.moving.has(session);
  }

  /** @throws SurfaceError `engine` when none listens and none can be started */
  readonly engine = (): Promise<RemoteEngine> => {
    this.current ??= this.connect().catch((error: unknown) => {
      this.current = undefined;
      throw error;
    });
    return this.current;
  };

  /** The engine where this window has reached it, undefined where nobody has asked for it yet: none is started. */
  get reached(): Promise<RemoteEngine> | undefined {
    return this.current;
  }

  private async connect(): Promise<RemoteEngine> {
    const engine = (await this.knock()) ?? (await this.start());
    engine.onEvent((session, event) => {
      this.moving.add(session);
      this.options.onEvent(session, event);
    });
    engine.onClose(() => {
      this.current = undefined;
      this.moving.clear();
      if (!this.isDisposed) this.lost.fire();
    });
    this.own(engine);
    if (engine.info.version !== version) {
      this.options.say(`The engine of ${this.workspace} is version ${engine.info.version}, this extension ${version}.`);
    }
    return engine;
  }

  private async start(): Promise<RemoteEngine> {
    await startEngine(this.options.program, this.workspace);
    for (const deadline = performance.now() + START_LIMIT; performance.now() < deadline; ) {
      const engine = await this.knock();
      if (engine) return engine;
      await sleep(RETRY_EVERY);
    }
    const words = await lastWordsOf(this.workspace);
    const said = words === '' ? '' : ` It said last: ${words}`;
    throw new SurfaceError(
      'engine',
      `The engine did not start within ${START_LIMIT / 1000} s; see .mlr/engine.log.${said}`,
    );
  }

  /** The engine that listens, or nothing. */
  private async knock(): Promise<RemoteEngine | undefined> {
    try {
      return await RemoteEngine.connect(this.socket, this.surface());
    } catch (error) {
      if (error instanceof EngineError && error.reason === 'unreachable') return undefined;
      throw error;
    }
  }

  private surface(): Surface {
    return {
      name: 'vscode',
      version,
      secret: (name) => this.options.secret(name),
      proxies: proxySettings,
      lender: editorModels,
    };
  }
}
