import type { ByteSink } from './byteSink.ts';

/** Terms of symbols while they are gathered: typed arrays that grow, because there are a million in a thousand files. */
export class Postings {
  #terms = new Int32Array(1 << 12);
  /** 24 bits of the symbol, 8 of the weight. */
  #packed = new Uint32Array(1 << 12);
  #length = 0;

  add(term: number, symbol: number, weight: number): void {
    if (this.#length === this.#terms.length) this.#grow();
    this.#terms[this.#length] = term;
    this.#packed[this.#length++] = (symbol << 8) | weight;
  }

  /** Puts the postings of each term behind one another: the distance to the symbol before, and the weight.
   *  @param order the terms as they shall follow
   *  @returns of each term in that order: how many symbols, how many bytes */
  write(sink: ByteSink, order: Int32Array): { counts: Int32Array; bytes: Int32Array } {
    const { starts, sorted } = this.#byTerm(order.length);
    const counts = new Int32Array(order.length);
    const bytes = new Int32Array(order.length);
    for (const [i, term] of order.entries()) {
      const began = sink.length;
      sink.reserve(6 * ((starts[term + 1] ?? 0) - (starts[term] ?? 0)));
      let before = 0;
      for (let at = starts[term] ?? 0; at < (starts[term + 1] ?? 0); at += 1) {
        const packed = sorted[at] ?? 0;
        sink.posting((packed >>> 8) - before, packed & 255);
        before = packed >>> 8;
      }
      counts[i] = (starts[term + 1] ?? 0) - (starts[term] ?? 0);
      bytes[i] = sink.length - began;
    }
    return { counts, bytes };
  }

  /** A counting sort, which keeps the order of the symbols. */
  #byTerm(terms: number): { starts: Int32Array; sorted: Uint32Array } {
    const starts = new Int32Array(terms + 1);
    for (let i = 0; i < this.#length; i += 1) bump(starts, (this.#terms[i] ?? 0) + 1);
    for (let term = 0; term < terms; term += 1) starts[term + 1] = (starts[term] ?? 0) + (starts[term + 1] ?? 0);
    const next = starts.slice();
    const sorted = new Uint32Array(this.#length);
    for (let i = 0; i < this.#length; i += 1) sorted[bump(next, this.#terms[i] ?? 0)] = this.#packed[i] ?? 0;
    return { starts, sorted };
  }

  #grow(): void {
    const [terms, packed] = [new Int32Array(2 * this.#length), new Uint32Array(2 * this.#length)];
    terms.set(this.#terms);
    packed.set(this.#packed);
    [this.#terms, this.#packed] = [terms, packed];
  }
}

/** @returns what stood there before */
function bump(counts: Int32Array, at: number): number {
  const before = counts[at] ?? 0;
  counts[at] = before + 1;
  return before;
}
