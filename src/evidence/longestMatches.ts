/** A stretch of a text that also stands in the indexed sequence. */
export interface Match {
  /** First token in the text, first token in the indexed sequence, and how many. */
  readonly at: number;
  readonly in: number;
  readonly length: number;
}

/** All substrings of a sequence of symbols, so that the longest common stretches with any text are found in one pass
 *  over it. Symbols are small whole numbers; −1 in a text is what the sequence never holds.
 *  Source: the suffix automaton of Blumer et al. (1985). */
export class SubstringIndex {
  readonly #next = new Map<number, number>();
  readonly #edges: number[][] = [[]];
  readonly #link: number[] = [-1];
  readonly #length: number[] = [0];
  /** End of one place where a state's substrings stand. */
  readonly #end: number[] = [-1];
  readonly #alphabet: number;

  constructor(sequence: readonly number[], alphabet: number) {
    this.#alphabet = alphabet;
    let last = 0;
    for (const [i, symbol] of sequence.entries()) last = this.#extend(last, symbol, i);
  }

  /** Stretches of at least `least` tokens that cannot be made longer at either end. */
  *matches(text: readonly number[], least: number): Generator<Match> {
    let state = 0;
    let length = 0;
    for (let i = 0; i <= text.length; i += 1) {
      const symbol = text[i] ?? -1;
      if (length >= least && this.#target(state, symbol) === undefined) {
        yield { at: i - length, in: (this.#end[state] ?? 0) - length + 1, length };
      }
      while (state !== 0 && this.#target(state, symbol) === undefined) {
        state = this.#link[state] ?? 0;
        length = this.#length[state] ?? 0;
      }
      const target = this.#target(state, symbol);
      state = target ?? 0;
      length = target === undefined ? 0 : length + 1;
    }
  }

  #target(state: number, symbol: number): number | undefined {
    return symbol < 0 ? undefined : this.#next.get(state * this.#alphabet + symbol);
  }

  #add(length: number, link: number, end: number): number {
    this.#length.push(length);
    this.#link.push(link);
    this.#end.push(end);
    this.#edges.push([]);
    return this.#length.length - 1;
  }

  #connect(from: number, symbol: number, to: number): void {
    const key = from * this.#alphabet + symbol;
    if (!this.#next.has(key)) this.#edges[from]?.push(symbol);
    this.#next.set(key, to);
  }

  #extend(last: number, symbol: number, position: number): number {
    const current = this.#add((this.#length[last] ?? 0) + 1, 0, position);
    let at = last;
    while (at >= 0 && this.#target(at, symbol) === undefined) {
      this.#connect(at, symbol, current);
      at = this.#link[at] ?? -1;
    }
    if (at < 0) return current;
    const target = this.#target(at, symbol) ?? 0;
    if (this.#length[target] === (this.#length[at] ?? 0) + 1) {
      this.#link[current] = target;
      return current;
    }
    const clone = this.#add((this.#length[at] ?? 0) + 1, this.#link[target] ?? 0, this.#end[target] ?? 0);
    for (const other of this.#edges[target] ?? []) this.#connect(clone, other, this.#target(target, other) ?? 0);
    while (at >= 0 && this.#target(at, symbol) === target) {
      this.#connect(at, symbol, clone);
      at = this.#link[at] ?? -1;
    }
    this.#link[target] = clone;
    this.#link[current] = clone;
    return current;
  }
}
