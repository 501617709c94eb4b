import { type FSWatcher, watch } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemCode } from './runError.ts';

/** Wakes a loop that looks at something from time to time. A nudge between two waits is not lost. */
export class Nudge {
  #nudged = false;
  #wake: (() => void) | null = null;
  #watcher: FSWatcher | null = null;

  readonly give = (): void => {
    this.#nudged = true;
    this.#wake?.();
  };

  /** Nudges at changes in a folder, where the system can tell (it lends out only so many watches).
   *  @param names entries that matter; absent: all of them */
  on(folder: string, names?: ReadonlySet<string>): this {
    try {
      this.#watcher = watch(folder, (_, name) => {
        // Not every system says what changed.
        if (names === undefined || name === null || names.has(name)) this.give();
      });
      // Without it the loop still looks from time to time.
      this.#watcher.on('error', () => this.close());
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
    }
    return this;
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = null;
  }

  /** Waits for a nudge, or so many milliseconds.
   *  @returns whether it was a nudge */
  async wait(atMost: number): Promise<boolean> {
    if (!this.#nudged) {
      const late = new AbortController();
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      // The timer is cancelled so that it keeps no process alive.
      const slept = sleep(atMost, undefined, { signal: late.signal }).catch(() => undefined);
      await Promise.race([woken, slept]);
      late.abort();
    }
    const nudged = this.#nudged;
    this.#nudged = false;
    this.#wake = null;
    return nudged;
  }
}
