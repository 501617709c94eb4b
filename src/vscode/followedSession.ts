import * as vscode from 'vscode';
import type { ChangeSet } from '../domain/change.ts';
import type { ModelChoice, SessionEvent } from '../domain/event.ts';
import type { Gate, GateAnswer } from '../domain/gate.ts';
import type { Limit } from '../domain/limit.ts';
import { type TranscriptItem, transcribe } from '../domain/transcript.ts';
import type { RemoteEngine } from '../engine/client.ts';
import type { SessionHead } from '../webview/messages.ts';
import type { EngineConnection } from './engineConnection.ts';
import { Owner } from './owner.ts';
import { PERSON } from './person.ts';
import { headAfter, newHead } from './sessionHead.ts';
import { modelChoice } from './settings.ts';

/** An engine that is lost this often within a minute is not started again by itself. */
const MOST_LOSSES = 3;
const LOSS_WINDOW = 60_000;

interface Listeners {
  onEvent(event: SessionEvent): void;
  onFailure(error: unknown): void;
}

export interface SessionChange {
  /** Places in `items` that are new or changed. */
  readonly places: readonly number[];
  readonly event: SessionEvent;
}

/** A session as this window follows it: folded from its events, which go on arriving. */
export class FollowedSession extends Owner {
  readonly id: string;
  readonly connection: EngineConnection;
  readonly items: TranscriptItem[] = [];
  readonly changeSets = new Map<string, ChangeSet>();
  readonly events: SessionEvent[] = [];
  head: SessionHead;
  private readonly listeners: Listeners;
  private readonly changed = this.own(new vscode.EventEmitter<SessionChange>());
  private readonly headChanged = this.own(new vscode.EventEmitter<void>());
  private readonly wrote = this.own(new vscode.EventEmitter<{ call: string; text: string }>());
  private readonly losses: number[] = [];
  private listenedTo: RemoteEngine | undefined;

  readonly onDidChange = this.changed.event;
  readonly onDidChangeHead = this.headChanged.event;
  /** Words of a message that is being written, as they come. */
  readonly onDidWrite = this.wrote.event;

  private constructor(connection: EngineConnection, id: string, listeners: Listeners) {
    super();
    this.connection = connection;
    this.id = id;
    this.listeners = listeners;
    this.head = newHead(id);
  }

  static async attach(connection: EngineConnection, id: string, listeners: Listeners): Promise<FollowedSession> {
    const session = new FollowedSession(connection, id, listeners);
    session.own(connection.onDidLose(() => session.goOn().catch(listeners.onFailure)));
    await session.engine();
    if (session.head.status === 'working' && !(await connection.isHeld(id))) session.setStatus('interrupted');
    return session;
  }

  /** The gates that wait for a person. */
  get openGates(): Gate[] {
    return this.items.flatMap((item) =>
      item.kind === 'gate' && this.head.openGates.includes(item.gate.id) ? [item.gate] : [],
    );
  }

  async answer(gate: string, answer: GateAnswer): Promise<void> {
    const engine = await this.engine();
    await engine.answer(this.id, gate, answer, PERSON);
    // Does nothing where the session is being worked on; else it goes on with the answer.
    await this.resume();
  }

  async say(text: string): Promise<void> {
    await (await this.engine()).say(this.id, text);
  }

  async undoAdoption(): Promise<void> {
    await (await this.engine()).undoAdoption(this.id, PERSON);
  }

  async pause(): Promise<void> {
    await (await this.engine()).pause(this.id, PERSON);
  }

  async stop(): Promise<void> {
    await (await this.engine()).stop(this.id, PERSON);
  }

  /** @param limits what models may use from now on; absent keeps what was said */
  async resume(limits: { budgetTokens?: number; limits?: Limit[] } = {}): Promise<void> {
    await (await this.engine()).resume({ session: this.id, model: this.modelNow(), ...limits });
  }

  /** Begins another session from a decision of this one; how it thinks is as the settings say now.
   *  @returns its id */
  async branch(gate: string, keepAnswer: boolean): Promise<string> {
    const params = { session: this.id, gate, keepAnswer, model: this.modelNow() };
    return (await (await this.engine()).branch(params)).session;
  }

  /** The engine, which is listened to: it may be another than before. */
  private async engine(): Promise<RemoteEngine> {
    const engine = await this.connection.engine();
    if (engine !== this.listenedTo) await this.listen(engine);
    return engine;
  }

  private async listen(engine: RemoteEngine): Promise<void> {
    this.listenedTo = engine;
    const early: SessionEvent[] = [];
    let take = (event: SessionEvent): void => void early.push(event);
    const end = engine.onEvent((session, event) => {
      if (session === this.id) take(event);
    });
    this.own({ dispose: end });
    this.own({ dispose: engine.onDelta((session, call, text) => this.hear(session, call, text)) });
    const { events } = await engine.attach(this.id);
    take = (event) => this.take(event);
    for (const event of [...events, ...early]) this.take(event);
  }

  /** After the engine was lost: another takes the session up where this one was. */
  private async goOn(): Promise<void> {
    if (this.isDisposed) return;
    const worked = this.head.status === 'working' || this.head.status === 'waiting';
    this.losses.push(performance.now());
    if (worked) this.setStatus('interrupted');
    const recent = this.losses.filter((at) => performance.now() - at < LOSS_WINDOW);
    if (worked && recent.length <= MOST_LOSSES) await this.resume();
  }

  /** What the settings say now, for they may have been mended since; a recording stays the recording. */
  private modelNow(): ModelChoice | null {
    const begun = this.events.find((event) => event.type === 'session.started')?.model;
    const now = modelChoice(this.connection.folder);
    if (now.localOnly && now.model === null && begun) return { ...begun, localOnly: true };
    return begun?.replay === null && (now.model !== null || now.replay !== null) ? now : null;
  }

  private take(event: SessionEvent): void {
    if (event.seq <= (this.events.at(-1)?.seq ?? 0)) return;
    this.events.push(event);
    this.head = headAfter(this.head, event);
    if (event.type === 'changes.proposed') this.changeSets.set(event.changes.id, event.changes);
    const places = transcribe(this.items, event);
    this.listeners.onEvent(event);
    this.changed.fire({ places, event });
  }

  private hear(session: string, call: string, text: string): void {
    if (session === this.id) this.wrote.fire({ call, text });
  }

  private setStatus(status: SessionHead['status']): void {
    this.head = { ...this.head, status };
    this.headChanged.fire();
  }
}
