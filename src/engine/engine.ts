import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { ChangeSet } from '../domain/change.ts';
import type { SessionEvent } from '../domain/event.ts';
import type { Measurement } from '../domain/evidence.ts';
import type { GateAnswer } from '../domain/gate.ts';
import type { Lender, LentAnswer } from '../domain/lentModel.ts';
import type { ProxySettings } from '../domain/proxySettings.ts';
import { version } from '../domain/version.ts';
import { type Lock, takeLock } from '../runs/lock.ts';
import { RunPulses } from '../runs/runPulses.ts';
import { acceptDoubt } from '../session/acceptPhase.ts';
import { undoAdoption } from '../session/adoptPhase.ts';
import { assertMeasurable } from '../session/beforeMeasuring.ts';
import { limitUsedUp } from '../session/budget.ts';
import { contractHint, contractProblems } from '../session/contractHelp.ts';
import { Interrupted, SessionError } from '../session/errors.ts';
import { writeFirstContract } from '../session/init/firstContract.ts';
import type { Ports } from '../session/ports.ts';
import { searchSessions } from '../session/searchSessions.ts';
import { Session } from '../session/session.ts';
import {
  findSession,
  listSessions,
  newSessionId,
  prepareStore,
  type SessionSummary,
  sessionFolder,
} from '../session/store.ts';
import { workOn } from '../session/work.ts';
import type { EngineApi } from './api.ts';
import { branched } from './branching.ts';
import { changedTexts } from './changedTexts.ts';
import { described } from './errors.ts';
import { type Asking, codeOfPaper, fetchCode, findOnHubFor, findPapersFor, readPaperFor } from './finding.ts';
import type { ChangedText, EngineInfo, ResumeParams, StartParams } from './protocol.ts';
import { ReadingThread } from './readingThread.ts';
import { resumedEvent } from './resumedEvent.ts';
import { stopLeftRuns, stopRun } from './stopRuns.ts';

interface Live {
  session: Session;
  lock: Lock;
  /** Settles when the session stops working: finished, failed, interrupted. Never rejects. */
  work: Promise<void>;
  working: boolean;
}

export interface EngineOptions {
  /** The workspace folder. */
  workspace: string;
  /** Where this engine can be reached; written into session locks so that others attach. Null in a command line. */
  socket: string | null;
  /** Starts the process that owns a session's runs: these words and the session's folder. */
  supervisorArgv: string[];
  /** A key by the name of its environment variable, or null. */
  secret(name: string): Promise<string | null>;
  /** The proxies that an attached surface's settings name; absent where none can be attached. */
  proxies?(): Promise<ProxySettings | null>;
  /** The editors that are attached; absent where none can be. */
  lender?: Lender;
}

/** What is answered for a lent model where no editor can be attached. */
export const NOBODY: LentAnswer = { kind: 'none', why: 'nobody', said: '' };
const NO_LENDER: Lender = { models: async () => [], ask: async () => NOBODY };

/** Drives the sessions of one workspace folder. Surfaces reach it through the protocol, or hold it themselves. */
export class Engine implements EngineApi {
  private readonly options: EngineOptions;
  private readonly reading: ReadingThread;
  private readonly closing = new AbortController();
  private readonly pulses: RunPulses;
  private readonly live = new Map<string, Live>();
  private readonly eventListeners = new Set<(session: string, event: SessionEvent) => void>();
  private readonly deltaListeners = new Set<(session: string, call: string, text: string) => void>();

  private constructor(options: EngineOptions) {
    this.options = options;
    this.reading = new ReadingThread(options.workspace);
    this.pulses = new RunPulses(options.workspace);
  }

  static async open(options: EngineOptions): Promise<Engine> {
    const workspace = await realpath(options.workspace).catch(() => {
      throw new SessionError(
        'bad-input',
        `${path.resolve(options.workspace)}: there is no such folder; name the workspace with --workspace.`,
      );
    });
    return new Engine({ ...options, workspace });
  }

  get info(): EngineInfo {
    return { version, workspace: this.options.workspace, pid: process.pid };
  }

  /** Whether a session is being worked on, so that the process must not end. */
  get busy(): boolean {
    return [...this.live.values()].some((live) => live.working && live.session.state.status !== 'waiting');
  }

  onEvent(listener: (session: string, event: SessionEvent) => void): () => void {
    this.eventListeners.add(listener);
    return () => this.eventListeners.delete(listener);
  }

  onDelta(listener: (session: string, call: string, text: string) => void): () => void {
    this.deltaListeners.add(listener);
    return () => this.deltaListeners.delete(listener);
  }

  readonly findPapers: EngineApi['findPapers'] = async (asked) => findPapersFor(await this.asking(), asked);
  readonly findOnHub: EngineApi['findOnHub'] = async (asked) => findOnHubFor(await this.asking(), asked);
  readonly readPaper: EngineApi['readPaper'] = async (paper, how) =>
    readPaperFor(await this.asking(), { paper, ...how });
  readonly listCode: EngineApi['listCode'] = async (paper, how) => codeOfPaper(await this.asking(), { paper, ...how });
  readonly fetchCode: EngineApi['fetchCode'] = async (asked) => fetchCode(await this.asking(), asked);
  readonly checkContract: EngineApi['checkContract'] = (text) => contractProblems(this.options.workspace, text);
  readonly hintContract: EngineApi['hintContract'] = (at) => contractHint(this.options.workspace, at);
  readonly initContract: EngineApi['initContract'] = () => writeFirstContract(this.options.workspace);

  readonly mapWorkspace: EngineApi['mapWorkspace'] = (request) => this.reading.map(request);
  readonly searchWorkspace: EngineApi['searchWorkspace'] = (request) => this.reading.search(request);

  readonly takeUpFiles: EngineApi['takeUpFiles'] = (paths) => this.reading.takeUp(paths);

  list(): Promise<SessionSummary[]> {
    return listSessions(this.options.workspace);
  }

  /** Begins a session and works on it; resolves once it stands in the log.
   *  @throws what is wrong with the assignment itself: no session is then begun */
  async start(params: StartParams): Promise<{ session: string }> {
    await assertMeasurable(this.options.workspace, params.assignment);
    await prepareStore(this.options.workspace);
    const id = newSessionId();
    const live = await this.hold(sessionFolder(this.options.workspace, id));
    await live.session.append({
      type: 'session.started',
      format: 1,
      session: id,
      version,
      workspace: this.options.workspace,
      ...params,
    });
    this.work(live, params.model);
    return { session: id };
  }

  /** Goes on with a session that was paused, stopped, failed or left by a crash. */
  async resume(params: ResumeParams): Promise<{ session: string }> {
    const folder = await findSession(this.options.workspace, params.session);
    const live = this.live.get(path.basename(folder)) ?? (await this.hold(folder));
    const { session } = live;
    if (live.working || session.state.status === 'finished') return { session: session.id };
    await live.work;
    session.revive();
    await session.append(resumedEvent(session.state, params));
    this.work(live, session.begun.model);
    return { session: session.id };
  }

  readonly searchSessions: EngineApi['searchSessions'] = (words) => searchSessions(this.options.workspace, words);
  readonly branch: EngineApi['branch'] = async (asked) => this.resume(await branched(this.options.workspace, asked));

  /** The events so far of a session, whether or not this engine works on it. */
  async attach(name: string): Promise<{ events: SessionEvent[] }> {
    const folder = await findSession(this.options.workspace, name);
    const live = this.live.get(path.basename(folder));
    if (live) return { events: [...live.session.log.events] };
    const { readLog } = await import('../session/log.ts');
    return { events: (await readLog(folder)).events };
  }

  async say(name: string, text: string): Promise<void> {
    const { session } = await this.held(name);
    await session.append({ type: 'feedback', text });
  }

  async pause(name: string, by: string): Promise<void> {
    await this.end(name, { type: 'session.paused', by });
  }

  async stop(name: string, by: string): Promise<void> {
    await this.end(name, { type: 'session.stopped', by });
  }

  async answer(name: string, gate: string, answer: GateAnswer, by: string): Promise<void> {
    const { session } = await this.held(name);
    await session.answer(gate, answer, by);
  }

  async acceptDoubt(name: string, check: string, reason: string, by: string): Promise<Measurement> {
    const { session } = await this.held(name);
    return await acceptDoubt(session, this.options.workspace, { check, reason, by });
  }

  readonly lookAtRuns: EngineApi['lookAtRuns'] = (runs) => this.pulses.of(runs);
  async undoAdoption(name: string, by: string): Promise<void> {
    const { session } = await this.held(name);
    await undoAdoption(session, this.options.workspace, by);
  }

  async stopRun(run: string, by: string): Promise<void> {
    await stopRun(this.options, run, by);
  }

  async showChanges(name: string, id: string): Promise<{ changes: ChangeSet; files: ChangedText[] }> {
    const { events } = await this.attach(name);
    return changedTexts(this.options.workspace, events, id);
  }

  /** Resolves when nothing of the session is under way: it ended, failed, or waits at a gate for ever. */
  async idle(name: string): Promise<Session> {
    const live = await this.held(name);
    await live.work;
    return live.session;
  }

  /** Lets go of every session: what is under way is interrupted, nothing is recorded as stopped by a person. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.reading.close();
    for (const live of this.live.values()) live.session.interrupt();
    for (const live of this.live.values()) {
      await live.work;
      await live.lock.release();
    }
    this.live.clear();
  }

  /** Ends with the engine. */
  private async asking(): Promise<Asking> {
    const { workspace, secret, proxies } = this.options;
    return { workspace, secret, proxies: (await proxies?.()) ?? null, signal: this.closing.signal };
  }

  private async held(name: string): Promise<Live> {
    const folder = await findSession(this.options.workspace, name);
    return this.live.get(path.basename(folder)) ?? (await this.hold(folder));
  }

  private async hold(folder: string): Promise<Live> {
    const lock = await takeLock(path.join(folder, 'lock'), { socket: this.options.socket });
    const session = await Session.open(folder).catch(async (error: unknown) => {
      await lock.release();
      throw error;
    });
    session.onEvent((event) => {
      if (event.type === 'adopted') void this.reading.takeUpAdopted(event.applied);
      if (event.type === 'adoption.undone') void this.reading.takeUpAdopted(event.restored);
      for (const listener of this.eventListeners) listener(session.id, event);
    });
    const live: Live = { session, lock, work: Promise.resolve(), working: false };
    this.live.set(session.id, live);
    return live;
  }

  private work(live: Live, model: StartParams['model']): void {
    const { session } = live;
    const ports: Ports = {
      workspace: this.options.workspace,
      supervisorArgv: [...this.options.supervisorArgv, session.folder],
      modelChoice: model,
      secret: this.options.secret,
      proxies: async () => (await this.options.proxies?.()) ?? null,
      lender: this.options.lender ?? NO_LENDER,
      onDelta: (call, text) => {
        for (const listener of this.deltaListeners) listener(session.id, call, text);
      },
    };
    live.working = true;
    live.work = workOn(session, ports)
      .catch((error: unknown) => this.fail(session, error))
      .finally(() => {
        live.working = false;
      });
  }

  private async fail(session: Session, error: unknown): Promise<void> {
    if (error instanceof Interrupted || session.signal.aborted) return;
    const { message, reason } = described(error, this.options.workspace);
    const limit = limitUsedUp(error);
    await session.append({ type: 'session.failed', message, reason, ...(limit && { limit }) });
  }

  private async end(name: string, event: { type: 'session.paused' | 'session.stopped'; by: string }): Promise<void> {
    const live = await this.held(name);
    const { session } = live;
    const { status } = session.state;
    if (status === 'finished' || (status === 'failed' && !live.working)) {
      throw new SessionError('bad-input', `Session ${session.id} is ${status}: there is nothing to stop.`);
    }
    session.interrupt();
    await session.append(event);
    await live.work;
    await stopLeftRuns(this.options, session.id, event.by);
  }
}
