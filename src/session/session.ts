import path from 'node:path';
import type { Assignment, NewEvent, SessionEvent } from '../domain/event.ts';
import type { Gate, GateAnswer, Policy } from '../domain/gate.ts';
import { Interrupted, SessionError } from './errors.ts';
import { EventLog } from './log.ts';
import { policyAnswer } from './policy.ts';
import { fold, foldAll, type SessionState } from './state.ts';

/** One research session: its log, the state folded from it, and the gates where its work waits for a person.
 *  Whoever holds one is the session's only writer. */
export class Session {
  readonly id: string;
  readonly folder: string;
  readonly log: EventLog;
  readonly state: SessionState;
  private readonly listeners = new Set<(event: SessionEvent) => void>();
  private readonly waiting = new Map<string, (answer: GateAnswer, by: string) => void>();
  private controller = new AbortController();

  private constructor(folder: string, log: EventLog) {
    this.id = path.basename(folder);
    this.folder = folder;
    this.log = log;
    this.state = foldAll(log.events);
  }

  /** @throws SessionError `log` when the record was altered */
  static async open(folder: string): Promise<Session> {
    const session = new Session(folder, await EventLog.open(folder));
    if (session.log.torn) {
      await session.append({
        type: 'notice',
        text: 'The last line of the log was cut off in a crash and has been dropped.',
      });
    }
    return session;
  }

  get assignment(): Assignment {
    return this.begun.assignment;
  }

  get policy(): Policy {
    return this.begun.policy;
  }

  /** Aborted when the session is to stop what it does. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get begun(): NonNullable<SessionState['started']> {
    const { started } = this.state;
    if (!started)
      throw new SessionError('log', `${this.folder}/events.jsonl: the session never began; start a new one.`);
    return started;
  }

  async append(event: NewEvent): Promise<void> {
    const written = await this.log.append(event);
    fold(this.state, written);
    for (const listener of this.listeners) listener(written);
  }

  /** @returns a function that ends the listening */
  onEvent(listener: (event: SessionEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Opens a gate and waits until a person, or the policy, answers. A gate answered before (by its id) answers at once.
   *  @throws Interrupted when the session is interrupted while it waits */
  async ask(gate: Gate, proposed: GateAnswer): Promise<GateAnswer> {
    const known = this.state.gates.get(gate.id);
    if (known?.answer) return known.answer;
    const answer = policyAnswer(this.policy, gate, proposed);
    // Asked again after a resume, it is opened again: whoever looks on now sees that the session waits.
    if (!known || !answer) await this.append({ type: 'gate.opened', gate, waitsFor: answer ? 'policy' : 'person' });
    if (answer) {
      await this.append({ type: 'gate.resolved', gate: gate.id, answer, by: `policy ${this.policy}` });
      return answer;
    }
    return await this.personAnswers(gate.id);
  }

  /** A gate's id; another one for asking again where a person answered `stop`, it was done, and they resumed. */
  freshGate(name: string): string {
    for (let round = 1; ; round++) {
      const id = round === 1 ? name : `${name}-${round}`;
      const known = this.state.gates.get(id);
      if (known?.answer?.choice !== 'stop' || !known.acted) return id;
    }
  }

  /** A person's answer to an open gate.
   *  @throws SessionError `unknown-gate` or `bad-choice`, naming what would be right */
  async answer(gateId: string, answer: GateAnswer, by: string): Promise<void> {
    const open = [...this.state.gates.values()].filter((g) => !g.answer).map((g) => g.gate);
    const gate = open.find((g) => g.id === gateId);
    if (!gate) {
      const others = open.map((g) => g.id).join(', ') || 'none';
      throw new SessionError('unknown-gate', `Session ${this.id} has no open gate "${gateId}"; open: ${others}.`);
    }
    const choices = gate.options.map((o) => o.choice);
    if (!choices.includes(answer.choice)) {
      throw new SessionError(
        'bad-choice',
        `Gate "${gateId}" takes ${choices.join(', ')}; "${answer.choice}" is none of them.`,
      );
    }
    if (answer.choice === 'accept' && answer.hunks?.length === 0) {
      throw new SessionError(
        'bad-choice',
        `Gate "${gateId}": no hunk is accepted; accept one at least, or choose "revise".`,
      );
    }
    await this.append({ type: 'gate.resolved', gate: gateId, answer, by });
    this.waiting.get(gateId)?.(answer, by);
  }

  /** Ends what the session is doing within a second; its log stays good to resume from. */
  interrupt(): void {
    this.controller.abort(new Interrupted('The session was interrupted.'));
  }

  /** Makes an interrupted session able to work again. */
  revive(): void {
    if (this.controller.signal.aborted) this.controller = new AbortController();
  }

  private personAnswers(gateId: string): Promise<GateAnswer> {
    return new Promise((resolve, reject) => {
      const { signal } = this;
      const leave = () => {
        this.waiting.delete(gateId);
        reject(new Interrupted('The session was interrupted while it waited for a person.'));
      };
      if (signal.aborted) return leave();
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.set(gateId, (answer) => {
        this.waiting.delete(gateId);
        signal.removeEventListener('abort', leave);
        resolve(answer);
      });
    });
  }
}
