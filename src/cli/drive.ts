import type { SessionEvent } from '../domain/event.ts';
import type { Gate } from '../domain/gate.ts';
import type { EngineApi } from '../engine/api.ts';
import { RemoteEngine } from '../engine/client.ts';
import { askPerson, LeftAtGate } from './askPerson.ts';
import { EXIT } from './exitCode.ts';
import { gateDetail } from './present.ts';
import { Progress } from './progress.ts';
import { type Rest, restAfter } from './rest.ts';

/** Follows a session until it rests, asking the person at the terminal at every gate, if there is a person.
 *  Ctrl-C stops the session, where this process works on it; what it did stays, and it can be resumed. */
export async function drive(engine: EngineApi, session: string): Promise<{ rest: Rest; events: SessionEvent[] }> {
  const following = new Following(engine, session);
  return await following.untilRest();
}

class Following {
  private readonly engine: EngineApi;
  private readonly session: string;
  private readonly progress = new Progress(process.stderr);
  private readonly seen = new Map<number, SessionEvent>();
  private readonly asked = new Map<string, AbortController>();
  private readonly resting: Promise<Rest>;
  private rest!: (rest: Rest) => void;
  private fail!: (error: unknown) => void;
  private interrupted = false;

  constructor(engine: EngineApi, session: string) {
    this.engine = engine;
    this.session = session;
    this.resting = new Promise<Rest>((resolve, reject) => {
      this.rest = resolve;
      this.fail = reject;
    });
  }

  async untilRest(): Promise<{ rest: Rest; events: SessionEvent[] }> {
    const end = this.engine.onEvent((id, event) => {
      if (id === this.session) this.take(event);
    });
    const { pid } = this.engine.info;
    if (this.engine instanceof RemoteEngine) this.engine.onClose(() => this.rest({ kind: 'lost', pid }));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, this.interrupt);
    try {
      await this.catchUp();
      const rest = await this.resting;
      return { rest, events: [...this.seen.values()].sort((a, b) => a.seq - b.seq) };
    } finally {
      end();
      for (const asking of this.asked.values()) asking.abort();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, this.interrupt);
    }
  }

  private take(event: SessionEvent): void {
    if (this.seen.has(event.seq)) return;
    this.seen.set(event.seq, event);
    this.progress.show(event);
    const rest = restAfter(event);
    if (rest) this.rest(rest);
    // Another surface may answer while this one asks.
    if (event.type === 'gate.resolved') this.asked.get(event.gate)?.abort();
    if (event.type === 'gate.opened' && event.waitsFor === 'person') this.atGate(event.gate);
  }

  /** Events from before this surface came: what was before the last resume is not told again. */
  private async catchUp(): Promise<void> {
    const { events } = await this.engine.attach(this.session);
    const begun = events.findLastIndex((e) => e.type === 'session.resumed' || e.type === 'session.started');
    const resumed = Math.max(0, begun);
    for (const event of events.slice(0, resumed)) {
      this.seen.set(event.seq, event);
      this.progress.recall(event);
    }
    const answered = new Set(events.flatMap((e) => (e.type === 'gate.resolved' ? [e.gate] : [])));
    for (const event of events.slice(resumed)) {
      if (event.type === 'gate.opened' && answered.has(event.gate.id)) this.seen.set(event.seq, event);
      else this.take(event);
    }
  }

  private atGate(gate: Gate): void {
    const detail = gateDetail(gate, [...this.seen.values()]);
    if (!process.stdin.isTTY) {
      this.rest({ kind: 'waiting', gate, detail });
      return;
    }
    const asking = new AbortController();
    this.asked.set(gate.id, asking);
    askPerson(gate, detail, asking.signal)
      .then((answer) => this.engine.answer(this.session, gate.id, answer, 'researcher'))
      .catch((error: unknown) => {
        if (error instanceof LeftAtGate) this.rest({ kind: 'waiting', gate, detail });
        else if (!asking.signal.aborted) this.fail(error);
      });
  }

  private readonly interrupt = (): void => {
    // Whoever asks twice wants to be out at once; the log is whole at every moment.
    if (this.interrupted) process.exit(EXIT.interrupted);
    this.interrupted = true;
    for (const asking of this.asked.values()) asking.abort();
    // Only the process that works on a session ends with it; others were looking on.
    if (this.engine instanceof RemoteEngine) {
      this.rest({ kind: 'left', pid: this.engine.info.pid });
      return;
    }
    process.stderr.write('mlr: stopping; everything done so far is kept (Ctrl-C again leaves at once)\n');
    this.engine.stop(this.session, 'researcher').then(() => this.rest({ kind: 'interrupted' }), this.fail);
  };
}
