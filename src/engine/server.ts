import { createServer, type Server, type Socket } from 'node:net';
import {
  createMessageConnection,
  type MessageConnection,
  ResponseError,
  SocketMessageReader,
  SocketMessageWriter,
} from 'vscode-jsonrpc/node';
import type { ProxySettings } from '../domain/proxySettings.ts';
import type { EngineApi } from './api.ts';
import { described } from './errors.ts';
import { Lending } from './lending.ts';
import * as protocol from './protocol.ts';

/** Code of every error that is a sentence for people, in the range JSON-RPC leaves to applications. */
const FAILED = 1;

/** An engine's door: surfaces come and go over a local socket, the engine works on. */
export class EngineServer {
  private readonly server: Server;
  private readonly surfaces = new Set<MessageConnection>();
  /** The models that attached surfaces lend. */
  readonly lender = new Lending(this.surfaces);
  /** When the last surface left; undefined while one is there. */
  private emptySince: number | undefined = performance.now();

  private constructor(server: Server) {
    this.server = server;
  }

  /** @param socket path of the socket; the folder must be its owner's alone */
  static async listen(engine: EngineApi, socket: string): Promise<EngineServer> {
    const server = createServer();
    const door = new EngineServer(server);
    server.on('connection', (stream) => door.welcome(engine, stream));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socket, resolve);
    });
    return door;
  }

  /** Milliseconds since the last surface left; 0 while one is attached. */
  get emptyFor(): number {
    return this.emptySince === undefined ? 0 : performance.now() - this.emptySince;
  }

  /** Asks the attached surfaces for a key, newest first. */
  async secret(name: string): Promise<string | null> {
    for (const surface of [...this.surfaces].reverse()) {
      const key = await surface.sendRequest(protocol.askSecret, { name });
      if (key !== null) return key;
    }
    return null;
  }

  /** Asks the attached surfaces what their settings say of proxies, newest first. */
  async proxies(): Promise<ProxySettings | null> {
    for (const surface of [...this.surfaces].reverse()) {
      const said = await surface.sendRequest(protocol.askProxies, null);
      if (said !== null) return said;
    }
    return null;
  }

  close(): void {
    for (const surface of this.surfaces) surface.dispose();
    this.server.close();
  }

  private welcome(engine: EngineApi, stream: Socket): void {
    const surface = createMessageConnection(new SocketMessageReader(stream), new SocketMessageWriter(stream));
    const ends = [
      engine.onEvent((session, event) => void surface.sendNotification(protocol.sessionEvent, { session, event })),
      engine.onDelta(
        (session, call, text) => void surface.sendNotification(protocol.sessionDelta, { session, call, text }),
      ),
    ];
    this.surfaces.add(surface);
    this.emptySince = undefined;
    surface.onClose(() => {
      for (const end of ends) end();
      this.surfaces.delete(surface);
      if (this.surfaces.size === 0) this.emptySince = performance.now();
    });
    answerRequests(engine, surface);
    this.lender.hear(surface);
    surface.listen();
  }
}

function answerRequests(engine: EngineApi, surface: MessageConnection): void {
  surface.onRequest(protocol.hello, () => engine.info);
  surface.onRequest(protocol.readPaper, ({ paper, ...how }) => told(engine.readPaper(paper, how)));
  surface.onRequest(protocol.findPapers, (p) => told(engine.findPapers(p)));
  surface.onRequest(protocol.findOnHub, (p) => told(engine.findOnHub(p)));
  surface.onRequest(protocol.listCode, ({ paper, ...how }) => told(engine.listCode(paper, how)));
  surface.onRequest(protocol.fetchCode, (p) => told(engine.fetchCode(p)));
  surface.onRequest(protocol.checkContract, (p) => told(engine.checkContract(p.text)));
  surface.onRequest(protocol.hintContract, (p) => told(engine.hintContract(p)));
  surface.onRequest(protocol.initContract, () => told(engine.initContract()));
  surface.onRequest(protocol.mapWorkspace, (p) => told(engine.mapWorkspace(p)));
  surface.onRequest(protocol.searchWorkspace, (p) => told(engine.searchWorkspace(p)));
  surface.onRequest(protocol.takeUpFiles, (p) => done(engine.takeUpFiles(p.paths)));
  surface.onRequest(protocol.listSessions, () => told(engine.list()));
  surface.onRequest(protocol.searchSessions, (p) => told(engine.searchSessions(p.words)));
  surface.onRequest(protocol.startSession, (p) => told(engine.start(p)));
  surface.onRequest(protocol.resumeSession, (p) => told(engine.resume(p)));
  surface.onRequest(protocol.branchSession, (p) => told(engine.branch(p)));
  surface.onRequest(protocol.attachSession, (p) => told(engine.attach(p.session)));
  surface.onRequest(protocol.say, (p) => done(engine.say(p.session, p.text)));
  surface.onRequest(protocol.pauseSession, (p) => done(engine.pause(p.session, p.by)));
  surface.onRequest(protocol.stopSession, (p) => done(engine.stop(p.session, p.by)));
  surface.onRequest(protocol.answerGate, (p) => done(engine.answer(p.session, p.gate, p.answer, p.by)));
  surface.onRequest(protocol.acceptDoubt, (p) => told(engine.acceptDoubt(p.session, p.check, p.reason, p.by)));
  surface.onRequest(protocol.showChanges, (p) => told(engine.showChanges(p.session, p.changes)));
  surface.onRequest(protocol.lookAtRuns, (p) => told(engine.lookAtRuns(p.runs)));
  surface.onRequest(protocol.undoAdoption, (p) => done(engine.undoAdoption(p.session, p.by)));
  surface.onRequest(protocol.stopRun, (p) => done(engine.stopRun(p.run, p.by)));
}

/** Turns an error into one that keeps its sentence and reason across the socket. */
async function told<T>(work: Promise<T>): Promise<T | ResponseError<protocol.Failure>> {
  try {
    return await work;
  } catch (error) {
    const { message, reason } = described(error);
    return new ResponseError(FAILED, message, { reason });
  }
}

async function done(work: Promise<void>): Promise<null | ResponseError<protocol.Failure>> {
  const outcome = await told(work);
  return outcome instanceof ResponseError ? outcome : null;
}
