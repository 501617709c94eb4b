import * as vscode from 'vscode';
import type { RunPulse } from '../domain/pulse.ts';
import type { Engines } from './engines.ts';
import { isLive, type RunEntry } from './experimentLedger.ts';
import { Owner } from './owner.ts';
import type { SessionIndex } from './sessionIndex.ts';
import type { SessionLog } from './sessionLog.ts';

/** Runs are looked at this often. Milliseconds. */
const TICK = 1000;
/** Runs of one folder that are looked at, the newest: nobody reads more of them at once. */
const MOST = 16;

/** What the runs that go on show of themselves, for the tree and the chat; asked of the engine, which reads their output. */
export class LivePulses extends Owner {
  private readonly index: SessionIndex;
  private readonly engines: Engines;
  private readonly log: SessionLog;
  private readonly changed = this.own(new vscode.EventEmitter<readonly RunEntry[]>());
  private readonly pulses = new Map<string, RunPulse>();
  private looking = false;

  /** The runs whose pulse has changed, or which have ended. */
  readonly onDidChange = this.changed.event;

  constructor(index: SessionIndex, engines: Engines, log: SessionLog) {
    super();
    this.index = index;
    this.engines = engines;
    this.log = log;
    const ticking = setInterval(() => void this.tick(), TICK);
    this.own({ dispose: () => clearInterval(ticking) });
  }

  of(run: string): RunPulse | undefined {
    return this.pulses.get(run);
  }

  private async tick(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      await this.look();
    } catch (error) {
      // An engine that goes away is told of by whoever needs it; the next look asks the one after it.
      this.log.failure(error);
    } finally {
      this.looking = false;
    }
  }

  private async look(): Promise<void> {
    const live = new Map<string, RunEntry>();
    for (const session of this.index.working()) {
      const { all } = await this.index.experimentsOf(session);
      const runs = all.filter(isLive).slice(-MOST);
      for (const run of runs) live.set(run.id, run);
      if (runs.length === 0) continue;
      const engine = await this.engines.reached(session.folder);
      const found = (await engine?.lookAtRuns(runs.map(({ id }) => id))) ?? {};
      for (const [id, pulse] of Object.entries(found)) this.pulses.set(id, pulse);
    }
    for (const id of [...this.pulses.keys()]) if (!live.has(id)) this.pulses.delete(id);
    const shown = [...live.values()].filter(({ id }) => this.pulses.has(id));
    if (shown.length > 0) this.changed.fire(shown);
  }
}
