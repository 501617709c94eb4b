import type { Clock } from '../../../src/models/clock.ts';

/** A clock that goes on when a test says so. */
export class HandClock implements Clock {
  private now = 0;
  private readonly waits = new Set<{ readonly at: number; readonly what: () => void }>();

  /** How many waits are still to come. */
  get waiting(): number {
    return this.waits.size;
  }

  after(milliseconds: number, what: () => void): () => void {
    const wait = { at: this.now + milliseconds, what };
    this.waits.add(wait);
    return () => void this.waits.delete(wait);
  }

  advance(seconds: number): void {
    this.now += seconds * 1000;
    for (const wait of [...this.waits].filter(({ at }) => at <= this.now)) {
      this.waits.delete(wait);
      wait.what();
    }
  }
}
