import * as vscode from 'vscode';
import type { SessionEvent } from '../domain/event.ts';
import type { EngineApi } from '../engine/api.ts';
import type { SessionHead } from '../webview/messages.ts';
import type { EngineEvent, Engines } from './engines.ts';
import { ExperimentLedger } from './experimentLedger.ts';
import { LogWatch } from './logWatch.ts';
import { Owner } from './owner.ts';
import { headAfter, newHead } from './sessionHead.ts';

type SessionSummary = Awaited<ReturnType<EngineApi['list']>>[number];

/** Changes are gathered this long, so that a burst of events is one. Milliseconds. */
const GATHER = 250;

/** A session of an open folder as lists and the status bar show it. It stays the same object while its window lives. */
export interface IndexedSession {
  readonly folder: vscode.WorkspaceFolder;
  readonly id: string;
  readonly startedAt: string;
  head: SessionHead;
  verdict: string | null;
  report: string | null;
  /** Why its log cannot be read; null where it can. */
  readonly problem: string | null;
  /** Its experiments; undefined until somebody wants them or something happens in it. */
  ledger: ExperimentLedger | undefined;
}

/** What changed: sessions, or (null) which sessions there are. */
export type IndexChange = readonly IndexedSession[] | null;

/** All sessions of the open folders. Their logs are read once, at the first use; from then on each event is folded in,
 *  so that a refresh costs what happened and not what there is. */
export class SessionIndex extends Owner {
  private readonly engines: Engines;
  private readonly sessions = new Map<string, IndexedSession>();
  private readonly reading = new Map<string, Promise<ExperimentLedger>>();
  private readonly changed = this.own(new vscode.EventEmitter<IndexChange>());
  /** Events that came while their session's log was read. */
  private readonly early = new Map<string, SessionEvent[]>();
  /** Sessions in which something happened before they were listed. */
  private readonly missed = new Set<string>();
  private readonly moved = new Set<IndexedSession>();
  private listed: Promise<void> | undefined;
  private grown = false;
  private gathering: NodeJS.Timeout | undefined;

  readonly onDidChange = this.changed.event;

  constructor(engines: Engines) {
    super();
    this.engines = engines;
    this.own(engines.onDidChange((change) => this.take(change)));
    this.own(vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh()));
    this.own(new LogWatch(engines, (id) => this.reread(id)));
    this.own({ dispose: () => clearTimeout(this.gathering) });
  }

  /** Every session, the newest first; no engine is started where there has never been one. */
  async all(): Promise<IndexedSession[]> {
    this.listed ??= this.list();
    const listing = this.listed;
    await listing.catch((error: unknown) => {
      if (this.listed === listing) this.listed = undefined;
      throw error;
    });
    return this.known();
  }

  /** Those that are being worked on, as far as this window knows. */
  working(): IndexedSession[] {
    return this.known().filter((session) => session.head.status === 'working');
  }

  async named(id: string): Promise<IndexedSession | undefined> {
    if (!this.sessions.has(id)) await this.all();
    return this.sessions.get(id);
  }

  /** Reads one session's log again: a program that does not speak to this window, a terminal say, has written to it. */
  reread(id: string): void {
    const known = this.sessions.get(id);
    this.missed.add(id);
    this.listed = undefined;
    if (!known) {
      this.grown = true;
      this.gather();
      return;
    }
    this.catchUp(known).then(
      () => this.move(known),
      // Whoever opens the session is told why its log cannot be read.
      () => undefined,
    );
  }

  /** Reads every log again: another program may have written some. */
  refresh(): void {
    for (const session of this.sessions.values()) {
      session.ledger = undefined;
      this.missed.add(session.id);
    }
    this.listed = undefined;
    this.grown = true;
    this.gather();
  }

  async experimentsOf(session: IndexedSession): Promise<ExperimentLedger> {
    if (session.ledger) return session.ledger;
    const read = this.reading.get(session.id) ?? this.read(session);
    this.reading.set(session.id, read);
    return read;
  }

  private async catchUp(session: IndexedSession): Promise<void> {
    await this.all();
    if (session.ledger || session.head.status === 'working') await this.read(session, session.ledger);
  }

  private known(): IndexedSession[] {
    return [...this.sessions.values()].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  }

  private async list(): Promise<void> {
    const anew = new Set(this.missed);
    this.missed.clear();
    for (const folder of await this.engines.foldersWithSessions()) {
      const connection = await this.engines.of(folder);
      const summaries = await (await connection.engine()).list();
      for (const summary of summaries) {
        const known = this.sessions.get(summary.id);
        if (known && !anew.has(summary.id)) continue;
        const read = { ...indexed(folder, summary), ledger: known?.ledger };
        // Whoever holds a session goes on holding it.
        this.sessions.set(summary.id, known ? Object.assign(known, read) : read);
      }
    }
  }

  private async read(session: IndexedSession, ledger = new ExperimentLedger()): Promise<ExperimentLedger> {
    const early: SessionEvent[] = [];
    this.early.set(session.id, early);
    try {
      const { engine } = await this.engines.of(session.folder);
      const { events } = await (await engine()).attach(session.id);
      for (const event of [...events, ...early]) ledger.take(event);
      session.head = { ...session.head, phase: events.reduce(headAfter, newHead(session.id)).phase };
      session.ledger = ledger;
      return ledger;
    } finally {
      this.early.delete(session.id);
      this.reading.delete(session.id);
    }
  }

  private take({ folder, session: id, event }: EngineEvent): void {
    const known = this.sessions.get(id) ?? this.begin(folder, id, event);
    if (!known) return;
    known.head = headAfter(known.head, event);
    if (known.head.status === 'interrupted') known.head = { ...known.head, status: 'working' };
    if (event.type === 'measured') known.verdict = event.measurement.verdict;
    if (event.type === 'report.written') known.report = event.file;
    known.ledger?.take(event);
    this.early.get(id)?.push(event);
    if (!known.ledger && known.head.status === 'working') {
      this.experimentsOf(known).then(
        () => this.move(known),
        // Whoever opens the session is told why its log cannot be read.
        () => undefined,
      );
    }
    this.move(known);
  }

  /** A session whose first event this is; one that is unknown for another reason is listed anew. */
  private begin(folder: vscode.WorkspaceFolder, id: string, event: SessionEvent): IndexedSession | undefined {
    this.grown = true;
    if (event.type !== 'session.started') {
      this.missed.add(id);
      this.listed = undefined;
      this.gather();
      return undefined;
    }
    const begun: IndexedSession = {
      ...{ folder, id, startedAt: event.at, head: newHead(id), verdict: null, report: null, problem: null },
      ledger: new ExperimentLedger(),
    };
    this.sessions.set(id, begun);
    return begun;
  }

  private move(session: IndexedSession): void {
    this.moved.add(session);
    this.gather();
  }

  private gather(): void {
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      const change = this.grown ? null : [...this.moved];
      this.grown = false;
      this.moved.clear();
      this.changed.fire(change);
    }, GATHER);
  }
}

function indexed(folder: vscode.WorkspaceFolder, summary: SessionSummary): IndexedSession {
  const { id, title, phase, startedAt, verdict, report, problem } = summary;
  const status = summary.status === 'working' && !summary.held ? 'interrupted' : summary.status;
  const head: SessionHead = { ...newHead(id), title, phase, status };
  return { folder, id, startedAt, head, verdict, report, problem, ledger: undefined };
}
