import type { Count } from './dataProfile.ts';

const SMALLEST = 1 << 8;

/**
 * Counts equal values by their 64-bit hashes in bounded memory: exactly, until more distinct ones came than are kept;
 * from then on a sample, of which every value is either kept with all its repetitions or not at all. So counts of
 * distinct, repeated and shared values are unbiased estimates: adaptive sampling, by Wegman in Flajolet, "On adaptive
 * sampling" (Computing 43, 1990); its standard error is about 1.2 / √kept.
 */
export class HashSample {
  readonly #most: number;
  /** Only hashes whose lowest `level` bits are 0 are kept. */
  #level = 0;
  #size = 0;
  #first = new Int32Array(SMALLEST);
  #second = new Int32Array(SMALLEST);
  #counts = new Uint32Array(SMALLEST);

  /** @param most distinct values that are kept */
  constructor(most: number) {
    this.#most = most;
  }

  add(first: number, second: number): void {
    if ((first & ((1 << this.#level) - 1)) !== 0) return;
    const at = this.#slot(first, second);
    if (this.#counts[at] === 0) {
      this.#first[at] = first;
      this.#second[at] = second;
      this.#size += 1;
    }
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    if (this.#size * 2 > this.#first.length) this.#grow();
  }

  distinct(): Count {
    return this.#scaled(this.#size);
  }

  /** Values that repeat an earlier one. */
  repeated(): Count {
    let sum = 0;
    for (const count of this.#counts) if (count > 1) sum += count - 1;
    return this.#scaled(sum);
  }

  /** Values, with their repetitions, that the other holds as well. */
  sharedWith(other: HashSample): Count {
    const level = Math.max(this.#level, other.#level);
    const mask = (1 << level) - 1;
    let sum = 0;
    for (const [at, count] of this.#counts.entries()) {
      const first = this.#first[at] ?? 0;
      if (count > 0 && (first & mask) === 0 && other.#has(first, this.#second[at] ?? 0)) sum += count;
    }
    return { value: sum * 2 ** level, exact: level === 0 };
  }

  #scaled(kept: number): Count {
    return { value: kept * 2 ** this.#level, exact: this.#level === 0 };
  }

  #has(first: number, second: number): boolean {
    return this.#counts[this.#slot(first, second)] !== 0;
  }

  /** Where a hash stands, or the free place where it would. */
  #slot(first: number, second: number): number {
    const mask = this.#first.length - 1;
    let at = (second ^ (first >>> 7)) & mask;
    while (this.#counts[at] !== 0 && (this.#first[at] !== first || this.#second[at] !== second)) at = (at + 1) & mask;
    return at;
  }

  /** Makes room for twice as many, or keeps half of them. */
  #grow(): void {
    const [first, second, counts] = [this.#first, this.#second, this.#counts];
    const full = this.#size >= this.#most;
    if (full) this.#level += 1;
    const capacity = full ? first.length : first.length * 2;
    this.#first = new Int32Array(capacity);
    this.#second = new Int32Array(capacity);
    this.#counts = new Uint32Array(capacity);
    this.#size = 0;
    const mask = (1 << this.#level) - 1;
    for (let from = 0; from < counts.length; from += 1) {
      const hash = first[from] ?? 0;
      if (counts[from] === 0 || (hash & mask) !== 0) continue;
      const at = this.#slot(hash, second[from] ?? 0);
      this.#first[at] = hash;
      this.#second[at] = second[from] ?? 0;
      this.#counts[at] = counts[from] ?? 0;
      this.#size += 1;
    }
  }
}

/** Two halves of 64 bits. */
export interface Hash {
  first: number;
  second: number;
}

/** Hashes a text into `into`: two multiplicative hashes with MurmurHash3's finalizer (Appleby, public domain). */
export function hashText(text: string, into: Hash): void {
  let first = 0x9e3779b1 | 0;
  let second = 0x85ebca77 | 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul(second ^ unit, 0x5bd1e995);
    second ^= second >>> 15;
  }
  into.first = mixed(first ^ text.length);
  into.second = mixed(second ^ first);
}

/** Spreads every bit over all of them. */
export function mixed(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
