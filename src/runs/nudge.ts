import { setTimeout as sleep } from 'node:timers/promises';

/** Wakes a loop that looks at something from time to time. A nudge between two waits is not lost. */
export class Nudge {
  #nudged = false;
  #wake: (() => void) | null = null;

  give(): void {
    this.#nudged = true;
    this.#wake?.();
  }

  /** Waits for a nudge, or so many milliseconds. */
  async wait(atMost: number): Promise<void> {
    if (!this.#nudged) {
      const late = new AbortController();
      const nudged = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      // The timer is cancelled so that it keeps no process alive.
      const slept = sleep(atMost, undefined, { signal: late.signal }).catch(() => undefined);
      await Promise.race([nudged, slept]);
      late.abort();
    }
    this.#nudged = false;
    this.#wake = null;
  }
}
