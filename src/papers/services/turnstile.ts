import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { cannotWrite } from './cannotWrite.ts';
import type { ServiceClock } from './serviceClock.ts';

/** What the processes of this machine know together of one service. Times in milliseconds since 1970. */
const Turn = z.object({
  /** When the next request may be sent. */
  nextAt: z.number(),
  /** Failures since the last answer. */
  failures: z.number().int(),
  /** Before this it is not asked; and why, as a sentence. */
  shutUntil: z.number(),
  why: z.string(),
});
type Turn = z.infer<typeof Turn>;

export type TurnGiven = { readonly wait: number } | { readonly shut: string; readonly for: number };

const OPEN: Turn = { nextAt: 0, failures: 0, shutUntil: 0, why: '' };

/** How long a service is left alone after its first failure; doubled at each further one. Milliseconds. */
const FIRST_REST = 30_000;
const LONGEST_REST = 15 * 60_000;

/** How long a lock is held at most: whoever held it longer has died. Milliseconds. */
const STALE = 5_000;

/** Lets the requests of all processes of this machine through one at a time, in a service's own measure, and none to a
 *  service that does not answer. Where its folder cannot be written, it holds for this process alone. */
export class Turnstile {
  private readonly folder: string;
  private readonly clock: ServiceClock;
  private readonly own = new Map<string, Turn>();

  constructor(folder: string, clock: ServiceClock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** Takes the next turn.
   *  @param every milliseconds between two requests
   *  @param patience milliseconds that may be waited
   *  @returns milliseconds to wait; or why there is no turn in that time */
  take(host: string, every: number, patience: number): Promise<TurnGiven> {
    return this.change<TurnGiven>(host, (turn) => {
      const now = this.clock.now();
      // A clock that was set back must not shut a service for years.
      if (turn.shutUntil > now && turn.shutUntil <= now + LONGEST_REST)
        return [turn, { shut: turn.why, for: turn.shutUntil - now }];
      const soon = now + every * 100;
      const at = turn.nextAt > soon ? now : Math.max(now, turn.nextAt);
      if (at - now > patience) return [turn, { shut: 'others on this machine are asking it', for: at - now }];
      return [{ ...turn, nextAt: at + every }, { wait: at - now }];
    });
  }

  /** Tells that it answered. */
  async answered(host: string): Promise<void> {
    await this.change(host, (turn) => [{ ...turn, failures: 0, shutUntil: 0, why: '' }, null]);
  }

  /** Tells that it did not, so that it is left alone for a while.
   *  @param why as part of a sentence
   *  @param least milliseconds that the service asked for */
  async failed(host: string, why: string, least = 0): Promise<void> {
    await this.change(host, (turn) => {
      const failures = turn.failures + 1;
      const rest = Math.min(LONGEST_REST, Math.max(least, FIRST_REST * 2 ** (failures - 1)));
      return [{ ...turn, failures, shutUntil: this.clock.now() + rest, why }, null];
    });
  }

  private async change<T>(host: string, decide: (turn: Turn) => [Turn, T]): Promise<T> {
    const file = path.join(this.folder, `${host.replace(/[^\w.-]/g, '_')}.json`);
    const unlock = await this.lock(`${file}.lock`);
    try {
      const known = unlock === null ? (this.own.get(host) ?? OPEN) : await readTurn(file);
      const [turn, answer] = decide(known);
      this.own.set(host, turn);
      if (unlock !== null) await writeTurn(file, turn);
      return answer;
    } finally {
      await unlock?.();
    }
  }

  /** @returns null where nothing can be locked, which holds nobody up */
  private async lock(file: string): Promise<(() => Promise<void>) | null> {
    for (let tries = 0; tries < 100; tries++) {
      try {
        await mkdir(this.folder, { recursive: true, mode: 0o700 });
        const handle = await open(file, 'wx', 0o600);
        await handle.close();
        return () => rm(file, { force: true });
      } catch (error) {
        if (!(error instanceof Error && 'code' in error)) throw error;
        if (error.code !== 'EEXIST') {
          if (cannotWrite(error)) return null;
          throw error;
        }
        const since = (await stat(file).catch(() => null))?.mtimeMs ?? Date.now();
        if (Date.now() - since > STALE) await rm(file, { force: true });
        await sleep(5 + Math.random() * 15);
      }
    }
    return null;
  }
}

async function readTurn(file: string): Promise<Turn> {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    return Turn.parse(JSON.parse(text));
  } catch (error) {
    // Not there, torn by a crash, or of another version: nothing is known.
    if (error instanceof Error) return OPEN;
    throw error;
  }
}

async function writeTurn(file: string, turn: Turn): Promise<void> {
  const unfinished = `${file}.${process.pid}`;
  try {
    await writeFile(unfinished, JSON.stringify(turn), { mode: 0o600 });
    await rename(unfinished, file);
  } catch (error) {
    if (!cannotWrite(error)) throw error;
  }
}
