import { connect, type Socket } from 'node:net';
import {
  createMessageConnection,
  type MessageConnection,
  type RequestParam,
  type RequestType,
  ResponseError,
  SocketMessageReader,
  SocketMessageWriter,
} from 'vscode-jsonrpc/node';
import type { SessionEvent } from '../domain/event.ts';
import type { Lender } from '../domain/lentModel.ts';
import type { ProxySettings } from '../domain/proxySettings.ts';
import type { EngineApi } from './api.ts';
import { EngineError } from './errors.ts';
import * as protocol from './protocol.ts';

export interface Surface {
  name: string;
  version: string;
  /** A key by name from where the surface keeps its secrets. */
  secret(name: string): Promise<string | null>;
  /** What its settings say of proxies; null, or no such method, where they say nothing. */
  proxies?(): ProxySettings | null;
  /** The models it lends; absent where it has none. */
  lender?: Lender;
}

/** An engine in another process. */
export class RemoteEngine implements EngineApi {
  readonly info: protocol.EngineInfo;
  private readonly connection: MessageConnection;
  /** Rejects when the engine goes away: the connection itself leaves open requests waiting for ever. */
  private readonly gone: Promise<never>;
  private readonly eventListeners = new Set<(session: string, event: SessionEvent) => void>();
  private readonly deltaListeners = new Set<(session: string, call: string, text: string) => void>();

  private constructor(connection: MessageConnection, gone: Promise<never>, info: protocol.EngineInfo) {
    this.connection = connection;
    this.gone = gone;
    this.info = info;
    connection.onNotification(protocol.sessionEvent, ({ session, event }) => {
      for (const listener of this.eventListeners) listener(session, event);
    });
    connection.onNotification(protocol.sessionDelta, ({ session, call, text }) => {
      for (const listener of this.deltaListeners) listener(session, call, text);
    });
  }

  /** @throws EngineError `unreachable` when nobody listens there */
  static async connect(socket: string, surface: Surface): Promise<RemoteEngine> {
    const stream = await open(socket);
    const connection = createMessageConnection(new SocketMessageReader(stream), new SocketMessageWriter(stream));
    connection.onRequest(protocol.askSecret, ({ name }) => surface.secret(name));
    connection.onRequest(protocol.askProxies, () => surface.proxies?.() ?? null);
    lend(connection, surface.lender);
    const gone = goneWith(connection);
    connection.listen();
    const greeting = { surface: surface.name, version: surface.version };
    // A process that is killed may still have been given the connection by the system.
    const info = await Promise.race([connection.sendRequest(protocol.hello, greeting), gone]);
    return new RemoteEngine(connection, gone, info);
  }

  onClose(listener: () => void): void {
    this.connection.onClose(listener);
  }

  dispose(): void {
    this.connection.end();
    this.connection.dispose();
  }

  readonly readPaper: EngineApi['readPaper'] = (paper, how) => this.ask(protocol.readPaper, { paper, ...how });
  readonly findPapers: EngineApi['findPapers'] = (asked) => this.ask(protocol.findPapers, asked);
  readonly findOnHub: EngineApi['findOnHub'] = (asked) => this.ask(protocol.findOnHub, asked);
  readonly listCode: EngineApi['listCode'] = (paper, how) => this.ask(protocol.listCode, { paper, ...how });
  readonly fetchCode: EngineApi['fetchCode'] = (asked) => this.ask(protocol.fetchCode, asked);
  readonly checkContract: EngineApi['checkContract'] = (text) => this.ask(protocol.checkContract, { text });
  readonly hintContract: EngineApi['hintContract'] = (at) => this.ask(protocol.hintContract, at);
  readonly initContract: EngineApi['initContract'] = () => this.ask(protocol.initContract, null);
  readonly searchWorkspace: EngineApi['searchWorkspace'] = (request) => this.ask(protocol.searchWorkspace, request);
  readonly mapWorkspace: EngineApi['mapWorkspace'] = (request) => this.ask(protocol.mapWorkspace, request);
  readonly list: EngineApi['list'] = () => this.ask(protocol.listSessions, null);
  readonly searchSessions: EngineApi['searchSessions'] = (words) => this.ask(protocol.searchSessions, { words });
  readonly start: EngineApi['start'] = (params) => this.ask(protocol.startSession, params);
  readonly resume: EngineApi['resume'] = (params) => this.ask(protocol.resumeSession, params);
  readonly branch: EngineApi['branch'] = (params) => this.ask(protocol.branchSession, params);
  readonly attach: EngineApi['attach'] = (session) => this.ask(protocol.attachSession, { session });
  readonly acceptDoubt: EngineApi['acceptDoubt'] = (session, check, reason, by) =>
    this.ask(protocol.acceptDoubt, { session, check, reason, by });
  readonly showChanges: EngineApi['showChanges'] = (session, changes) =>
    this.ask(protocol.showChanges, { session, changes });

  readonly lookAtRuns: EngineApi['lookAtRuns'] = (runs) => this.ask(protocol.lookAtRuns, { runs });

  async takeUpFiles(paths: readonly string[]): Promise<void> {
    await this.ask(protocol.takeUpFiles, { paths });
  }

  async say(session: string, text: string): Promise<void> {
    await this.ask(protocol.say, { session, text });
  }

  async pause(session: string, by: string): Promise<void> {
    await this.ask(protocol.pauseSession, { session, by });
  }

  async stop(session: string, by: string): Promise<void> {
    await this.ask(protocol.stopSession, { session, by });
  }

  async answer(...[session, gate, answer, by]: Parameters<EngineApi['answer']>): Promise<void> {
    await this.ask(protocol.answerGate, { session, gate, answer, by });
  }

  async undoAdoption(session: string, by: string): Promise<void> {
    await this.ask(protocol.undoAdoption, { session, by });
  }

  async stopRun(run: string, by: string): Promise<void> {
    await this.ask(protocol.stopRun, { run, by });
  }

  onEvent(listener: (session: string, event: SessionEvent) => void): () => void {
    this.eventListeners.add(listener);
    return () => this.eventListeners.delete(listener);
  }

  onDelta(listener: (session: string, call: string, text: string) => void): () => void {
    this.deltaListeners.add(listener);
    return () => this.deltaListeners.delete(listener);
  }

  private async ask<P, R>(type: RequestType<P, R, protocol.Failure>, params: RequestParam<P>): Promise<R> {
    try {
      return await Promise.race([this.connection.sendRequest(type, params), this.gone]);
    } catch (error) {
      if (error instanceof EngineError) throw error;
      const reason = error instanceof ResponseError ? (error.data as protocol.Failure | undefined)?.reason : undefined;
      throw new EngineError(reason ?? 'unreachable', (error as Error).message, { cause: error });
    }
  }
}

function goneWith(connection: MessageConnection): Promise<never> {
  const gone = new Promise<never>((_, reject) => {
    connection.onClose(() => reject(new EngineError('gone', 'The engine went away before it answered; try again.')));
  });
  // Between requests nobody waits for it.
  gone.catch(() => undefined);
  return gone;
}

function lend(connection: MessageConnection, lender: Lender | undefined): void {
  connection.onRequest(protocol.listLentModels, async () => (await lender?.models()) ?? []);
  connection.onRequest(protocol.askLentModel, async ({ ask, request }, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    const say = (text: string) => void connection.sendNotification(protocol.lentText, { ask, text });
    return (await lender?.ask(request, say, stop.signal)) ?? { kind: 'none', why: 'nobody', said: '' };
  });
}

function open(socket: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const stream = connect(socket, () => resolve(stream));
    stream.once('error', (cause) => {
      reject(
        new EngineError('unreachable', `No engine answers at ${socket}; it will be started when it is needed.`, {
          cause,
        }),
      );
    });
  });
}
