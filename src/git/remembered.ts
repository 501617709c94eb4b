import type { Place } from './place.ts';

/** What git said of the objects that were asked for last. What an object id names never changes, so a comparison, which
 *  asks for its arms again and again, starts git once for each. */
export class Remembered<Answer> {
  readonly #answers = new Map<string, Promise<Answer>>();
  readonly #kept: number;

  /** @param kept how many answers stay */
  constructor(kept = 64) {
    this.#kept = kept;
  }

  /** @param id a whole object id: a branch may name another commit by now */
  of(place: Place, id: string, ask: () => Promise<Answer>): Promise<Answer> {
    const key = `${place.commonDir}\0${id}`;
    const found = this.#answers.get(key) ?? ask();
    this.#answers.delete(key);
    this.#answers.set(key, found);
    for (const oldest of this.#answers.keys()) if (this.#answers.size > this.#kept) this.#answers.delete(oldest);
    // What failed is asked again.
    found.catch(() => this.#answers.delete(key));
    return found;
  }

  /** The answer, where it was asked for lately. */
  known(place: Place, id: string): Promise<Answer> | undefined {
    return this.#answers.get(`${place.commonDir}\0${id}`);
  }
}
