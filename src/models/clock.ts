/** What a model's client waits by, so that a test need not sit its waits out. */
export interface Clock {
  /** @returns calls it off */
  after(milliseconds: number, what: () => void): () => void;
}

export const CLOCK: Clock = {
  after(milliseconds, what) {
    const timer = setTimeout(what, milliseconds);
    return () => clearTimeout(timer);
  },
};
