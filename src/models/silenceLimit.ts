import { CLOCK, type Clock } from './clock.ts';

/** Ends an answer that says nothing for too long, or that nobody wants any more. */
export class SilenceLimit {
  readonly signal: AbortSignal;
  /** Which limit was passed, in words with its seconds; null while none was. */
  passed: string | null = null;
  private readonly between: number;
  private readonly outer: AbortSignal;
  private readonly silence = new AbortController();
  private readonly clock: Clock;
  private stopWaiting: () => void;

  /** @param limits seconds to the first piece of an answer, and between two */
  constructor(limits: { first: number; between: number; signal: AbortSignal; clock?: Clock | undefined }) {
    this.clock = limits.clock ?? CLOCK;
    this.outer = limits.signal;
    this.between = limits.between;
    this.signal = AbortSignal.any([limits.signal, this.silence.signal]);
    this.stopWaiting = this.within(limits.first, `did not begin to answer within ${limits.first} s`);
  }

  /** The person or program that asked has called it off. */
  get calledOff(): boolean {
    return this.outer.aborted;
  }

  heard(): void {
    this.stopWaiting();
    this.stopWaiting = this.within(this.between, `fell silent for ${this.between} s in the middle of its answer`);
  }

  end(): void {
    this.stopWaiting();
  }

  private within(seconds: number, words: string): () => void {
    return this.clock.after(seconds * 1000, () => {
      this.passed = words;
      this.silence.abort();
    });
  }
}
