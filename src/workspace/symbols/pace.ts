import { setImmediate as others } from 'node:timers/promises';

/** So long a thread works before it lets others have their turn. Milliseconds. */
const STRETCH = 10;

/** Long work that lets whoever waits for its thread come in between. */
export class Pace {
  #until = performance.now() + STRETCH;

  get isDue(): boolean {
    return performance.now() > this.#until;
  }

  async rest(): Promise<void> {
    await others();
    this.#until = performance.now() + STRETCH;
  }
}
