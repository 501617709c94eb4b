/** Numbers the words of texts as it meets them, so that what is known of a word is looked up by its number: that costs
 *  neither a copy of the word nor a hash in every map. Words are told apart by two hashes of 32 bits and their length. */
export class WordTable {
  #slots = new Int32Array(1 << 12).fill(-1);
  #hashes = new Int32Array(1 << 12);
  readonly #words: string[] = [];
  #end = 0;

  get size(): number {
    return this.#words.length;
  }

  text(number: number): string {
    return this.#words[number] ?? '';
  }

  /** The number of the word between two places of a text. */
  number(text: string, from: number, to: number): number {
    let [one, other] = [SEED, SEED];
    for (let at = from; at < to; at += 1) {
      const code = text.charCodeAt(at);
      one = Math.imul(one, 31) + code;
      other = Math.imul(other ^ code, PRIME);
    }
    return this.#numbered(text, from, to, one | 0, other);
  }

  /** The number of the name that begins at a place and goes on as far as ASCII letters, digits and underscores do. */
  nameAt(text: string, from: number): number {
    let [one, other] = [SEED, SEED];
    let at = from;
    for (let code = text.charCodeAt(at); isInName(code); code = text.charCodeAt(++at)) {
      one = Math.imul(one, 31) + code;
      other = Math.imul(other ^ code, PRIME);
    }
    this.#end = at;
    return this.#numbered(text, from, at, one | 0, other);
  }

  /** Where the name that `nameAt` read last ends. */
  get end(): number {
    return this.#end;
  }

  #numbered(text: string, from: number, to: number, one: number, other: number): number {
    const slot = this.#slotOf(one, other);
    const known = this.#slots[slot] ?? -1;
    return known >= 0 && this.#words[known]?.length === to - from ? known : this.#add(text.slice(from, to), one, other);
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

  #add(word: string, one: number, other: number): number {
    if (2 * this.#words.length >= this.#slots.length) this.#grow();
    const number = this.#words.length;
    this.#slots[this.#slotOf(one, other)] = number;
    this.#hashes[2 * number] = one;
    this.#hashes[2 * number + 1] = other;
    this.#words.push(word);
    return number;
  }

  #grow(): void {
    const before = this.#hashes;
    this.#slots = new Int32Array(2 * this.#slots.length).fill(-1);
    this.#hashes = new Int32Array(this.#slots.length);
    this.#hashes.set(before);
    for (let number = 0; number < this.#words.length; number += 1)
      this.#slots[this.#slotOf(before[2 * number] ?? 0, before[2 * number + 1] ?? 0)] = number;
  }
}

const [SEED, PRIME] = [0x811c9dc5 | 0, 0x01000193];

const IN_NAME = Uint8Array.from({ length: 128 }, (_, code) => (/\w/.test(String.fromCharCode(code)) ? 1 : 0));

/** Whether a character is an ASCII letter, a digit or an underscore. */
export function isInName(code: number): boolean {
  return code < 128 && IN_NAME[code] === 1;
}
