import { sameValue } from './tokens.ts';

/** Texts of fewer words are twins only when equal. */
const LEAST_WORDS = 8;
/** Jaccard similarity of word 3-grams from which on two texts are twins. */
const SIMILAR = 0.8;
/** Rows that share a rare 3-gram and are compared with one another; more would all be boilerplate. */
const MOST_CANDIDATES = 200;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A row as it is compared: its short cells together, and the words of each long text. */
export interface TwinRow {
  readonly short: string;
  readonly texts: readonly (readonly string[])[];
}

/** Numbers to 12 digits; text after NFKC in lower case, letters and digits only. */
export function twinRow(cells: readonly string[]): TwinRow {
  const texts: string[][] = [];
  const short = cells.map((cell) => {
    if (NUMBER.test(cell.trim())) return sameValue(cell);
    const words = wordsOf(cell);
    if (words.length < LEAST_WORDS) return words.join(' ');
    texts.push(words);
    return '\u0000';
  });
  return { short: short.join('\u0001'), texts };
}

/** Rows in which twins of other rows are looked up. */
export class TwinIndex {
  readonly #equal = new Map<string, number>();
  /** Rows with long texts, and by 3-gram of their rarest ones. */
  readonly #long: { readonly short: string; readonly grams: readonly ReadonlySet<string>[] }[] = [];
  readonly #byGram = new Map<string, number[]>();
  readonly #near: boolean;

  /** @param near whether similar texts are twins too; without it only equal ones are, which is faster */
  constructor(near: boolean) {
    this.#near = near;
  }

  add(row: TwinRow): void {
    const key = keyOf(row);
    const times = this.#equal.get(key) ?? 0;
    this.#equal.set(key, times + 1);
    if (!this.#near || row.texts.length === 0 || times > 0) return;
    const grams = row.texts.map(gramsOf);
    this.#long.push({ short: row.short, grams });
    for (const gram of telling(grams)) {
      const known = this.#byGram.get(gram);
      if (known === undefined) this.#byGram.set(gram, [this.#long.length - 1]);
      else if (known.length < MOST_CANDIDATES) known.push(this.#long.length - 1);
    }
  }

  /** @param isOwn whether the row itself is in the index, so that it takes another one to be its twin */
  has(row: TwinRow, isOwn = false): boolean {
    if ((this.#equal.get(keyOf(row)) ?? 0) > (isOwn ? 1 : 0)) return true;
    if (!this.#near || row.texts.length === 0) return false;
    let own = isOwn ? 1 : 0;
    for (const _ of this.#similar(row)) {
      if (own === 0) return true;
      own -= 1;
    }
    return false;
  }

  *#similar(row: TwinRow): Generator<number> {
    const grams = row.texts.map(gramsOf);
    const candidates = new Set(telling(grams).flatMap((gram) => this.#byGram.get(gram) ?? []));
    for (const at of candidates) {
      const other = this.#long[at];
      if (other?.short === row.short && areSimilar(other.grams, grams)) yield at;
    }
  }
}

function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

function keyOf({ short, texts }: TwinRow): string {
  return texts.length === 0 ? short : [short, ...texts.map((words) => words.join(' '))].join('\u0002');
}

function gramsOf(words: readonly string[]): ReadonlySet<string> {
  const grams = new Set<string>();
  for (let i = 0; i + 3 <= words.length; i += 1) grams.add(words.slice(i, i + 3).join(' '));
  return grams;
}

/** Two sets of which four fifths are common share one of the first fifth of each, in any order that is the same for
 *  both; by a hash, so that common beginnings are not in front. Of several texts the first one tells. */
function telling([first = new Set()]: readonly ReadonlySet<string>[]): string[] {
  const ordered = [...first].map((gram) => ({ gram, hash: hashOf(gram) })).sort((a, b) => a.hash - b.hash);
  return ordered.slice(0, ordered.length - Math.ceil(SIMILAR * ordered.length) + 1).map(({ gram }) => gram);
}

function areSimilar(a: readonly ReadonlySet<string>[], b: readonly ReadonlySet<string>[]): boolean {
  return a.length === b.length && a.every((grams, i) => jaccard(grams, b[i] ?? new Set()) >= SIMILAR);
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const gram of a) if (b.has(gram)) common += 1;
  return common / (a.size + b.size - common);
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
