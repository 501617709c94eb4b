/** Hands out one string for each word, however often it is read from a text: it costs neither a copy nor a new hash in
 *  every map that is asked for it. Words are told apart by two hashes of 32 bits and their length. */
export class WordTable {
  #slots = new Int32Array(1 << 16).fill(-1);
  #hashes = new Int32Array(1 << 16);
  #words: string[] = [];

  /** The word between two places of a text. */
  word(text: string, from: number, to: number): string {
    let [one, other] = [0, to - from];
    for (let at = from; at < to; at += 1) {
      const code = text.charCodeAt(at);
      one = (Math.imul(one, 31) + code) | 0;
      other = Math.imul(other ^ code, 0x01000193);
    }
    const slot = this.#slotOf(one, other);
    const known = this.#words[this.#slots[slot] ?? -1];
    return known?.length === to - from ? known : this.#add(text.slice(from, to), one, other);
  }

  /** Where a word stands, or a free place for it. */
  #slotOf(one: number, other: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = (one ^ (other >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot] ?? -1;
      if (number < 0) return slot;
      if (this.#hashes[2 * number] === one && this.#hashes[2 * number + 1] === other) return slot;
    }
  }

  #add(word: string, one: number, other: number): string {
    if (this.#words.length === MOST) this.#begin(this.#slots.length);
    if (2 * this.#words.length >= this.#slots.length) this.#grow();
    const number = this.#words.length;
    this.#slots[this.#slotOf(one, other)] = number;
    this.#hashes[2 * number] = one;
    this.#hashes[2 * number + 1] = other;
    this.#words.push(word);
    return word;
  }

  #grow(): void {
    const [words, hashes] = [this.#words, this.#hashes];
    this.#begin(2 * this.#slots.length);
    for (const [i, word] of words.entries()) this.#add(word, hashes[2 * i] ?? 0, hashes[2 * i + 1] ?? 0);
  }

  #begin(slots: number): void {
    this.#words = [];
    this.#slots = new Int32Array(slots).fill(-1);
    this.#hashes = new Int32Array(slots);
  }
}

/** Then it begins anew: words that nobody asks for again are not kept for ever. */
const MOST = 200_000;

/** The one of this thread. */
export const WORDS = new WordTable();
