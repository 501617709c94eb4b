import type { FoundSymbol } from './facts.ts';
import type { IndexStore } from './indexStore.ts';
import { type AskedWord, answerOf, BEST_ANSWER, shareOf, type Term, termsOf } from './ranking.ts';
import { PostingList, readPostings, type Segment, type TermPostings } from './segment.ts';
import { WEIGHTS } from './segmentWriter.ts';
import { stem } from './words.ts';

/** A symbol by its place in the index. */
export interface Candidate {
  readonly segment: Segment;
  readonly symbol: number;
  readonly score: number;
}

/** `plain`: by the words alone; `full`: with synonyms, lowered where words are missing and where tests answer. */
export type Weighing = 'plain' | 'full';

/** The words with how rare they are: of how many symbols one holds it. */
export function askedWords(store: IndexStore, words: readonly string[]): AskedWord[] {
  const size = store.size();
  return words.map((word) => {
    const held = store
      .segments()
      .reduce((sum, segment) => sum + (store.read(segment, () => segment.count(stem(word))) ?? 0), 0);
    return { word, rarity: Math.log(1 + (size - held + 0.5) / (held + 0.5)) };
  });
}

/** The symbols that hold most of what is asked for, best first, by what the index alone says of them. */
export function bestSymbols(
  store: IndexStore,
  asked: readonly AskedWord[],
  most: number,
  weighing: Weighing,
): Candidate[] {
  // The rarest first: they say early which symbols may be among the best, as in MaxScore (Turtle and Flood, 1995).
  const terms = termsOf(asked).sort((a, b) => b.rarity - a.rarity);
  const best = new Best(most);
  for (const segment of store.segments()) store.read(segment, () => weigh(segment, terms, weighing, best));
  return best.sorted();
}

/** The higher score first; of equal ones, the place in the workspace decides. Which segment a file came into depends on
 *  which thread was quicker, and must not decide what is found. */
export function byWorth(a: Candidate, b: Candidate): number {
  if (a.score !== b.score) return b.score - a.score;
  const [own, other] = [a.segment.pathOf(a.symbol), b.segment.pathOf(b.symbol)];
  if (own !== other) return own < other ? -1 : 1;
  return a.symbol - b.symbol;
}

/** The symbols of some terms, each term's most worthy first. */
export function symbolsOf(segment: Segment, terms: readonly TermPostings[], most: number): Candidate[] {
  return terms.flatMap((term) => {
    const found: Candidate[] = [];
    const { postings } = scores;
    const count = readPostings(term, segment.header.symbols, postings);
    for (const symbol of postings.symbols.subarray(0, count)) {
      const score = segment.standing[symbol] ?? 0;
      if (score > 0) found.push({ segment, symbol, score });
    }
    return found.sort(byWorth).slice(0, most);
  });
}

/** What stands behind candidates; those of a segment that turns out to be damaged are left out. */
export function readCandidates(store: IndexStore, candidates: readonly Candidate[]): FoundSymbol[] {
  return candidates.flatMap(({ segment, symbol }) => store.read(segment, () => segment.symbol(symbol)) ?? []);
}

/** What the symbols of one segment have got so far; kept from one segment to the next, because making room anew takes
 *  longer than weighing. All are 0 where nothing was put. */
class Scores {
  /** Of all words so far. */
  score = new Float64Array(0);
  covered = new Float64Array(0);
  /** Of the word at hand, and of its synonyms. */
  exact = new Float64Array(0);
  other = new Float64Array(0);
  /** The symbols that have something of any word, and those of the word at hand. */
  all = new Int32Array(0);
  held = new Int32Array(0);
  readonly postings = new PostingList();

  clear(): void {
    for (const values of [this.score, this.covered, this.exact, this.other]) values.fill(0);
  }

  fit(size: number): void {
    if (this.score.length >= size) return;
    this.score = new Float64Array(size);
    this.covered = new Float64Array(size);
    this.exact = new Float64Array(size);
    this.other = new Float64Array(size);
    this.all = new Int32Array(size);
    this.held = new Int32Array(size);
  }
}
const scores = new Scores();

/** What a symbol's score is multiplied by at most: standing is in hundredths. */
const FULL_STANDING = 100;

function weigh(segment: Segment, terms: readonly Term[], weighing: Weighing, best: Best): void {
  scores.fit(segment.header.symbols);
  let all = 0;
  let left = terms.reduce((sum, { rarity }) => sum + rarity, 0);
  try {
    for (const { stem: own, same, rarity } of terms) {
      // A symbol that holds none of the rarer words, and all of these, would not be among the best.
      const isTooLate = BEST_ANSWER * left * (weighing === 'full' ? left * FULL_STANDING : 1) < best.least;
      let held = addWeights(segment, own, scores.exact, 0, isTooLate);
      if (weighing === 'full') for (const word of same) held = addWeights(segment, word, scores.other, held, isTooLate);
      all = addAnswers(held, rarity, all);
      left -= rarity;
    }
    for (let i = 0; i < all; i += 1) offer(segment, scores.all[i] ?? 0, weighing, best);
  } catch (error) {
    // Nothing of a segment that cannot be read may count for another.
    scores.clear();
    throw error;
  } finally {
    for (let i = 0; i < all; i += 1) {
      const symbol = scores.all[i] ?? 0;
      scores.score[symbol] = 0;
      scores.covered[symbol] = 0;
    }
  }
}

function offer(segment: Segment, symbol: number, weighing: Weighing, best: Best): void {
  const standing = segment.standing[symbol] ?? 0;
  const lowered = weighing === 'full' ? (scores.covered[symbol] ?? 0) * standing : 1;
  if (standing > 0) best.offer(segment, symbol, (scores.score[symbol] ?? 0) * lowered);
}

/** Adds what a term weighs in each symbol to what is there.
 *  @param held how many symbols hold something of this word already
 *  @param isTooLate whether symbols that have nothing of the words before are left out
 *  @returns how many do now */
function addWeights(segment: Segment, term: string, weights: Float64Array, held: number, isTooLate: boolean): number {
  const found = segment.term(term);
  if (found === null) return held;
  const { score, exact, other, postings } = scores;
  const count = readPostings(found, segment.header.symbols, postings);
  let now = held;
  for (let i = 0; i < count; i += 1) {
    const symbol = postings.symbols[i] ?? 0;
    if (isTooLate && score[symbol] === 0) continue;
    if (exact[symbol] === 0 && other[symbol] === 0) scores.held[now++] = symbol;
    raise(weights, symbol, WEIGHTS[postings.weights[i] ?? 0] ?? 0);
  }
  return now;
}

/** Adds what a word answers in the symbols that hold it, and takes its weights away for the next word.
 *  @param all how many symbols have something of the words before
 *  @returns how many do now */
function addAnswers(held: number, rarity: number, all: number): number {
  const { score, covered, exact, other } = scores;
  let now = all;
  for (let i = 0; i < held; i += 1) {
    const symbol = scores.held[i] ?? 0;
    const [own, same] = [exact[symbol] ?? 0, other[symbol] ?? 0];
    exact[symbol] = 0;
    other[symbol] = 0;
    if (score[symbol] === 0) scores.all[now++] = symbol;
    raise(score, symbol, rarity * answerOf(own, same));
    raise(covered, symbol, rarity * shareOf(own, same));
  }
  return now;
}

function raise(values: Float64Array, at: number, by: number): void {
  values[at] = (values[at] ?? 0) + by;
}

/** The best of many, without keeping them all. */
class Best {
  readonly #most: number;
  #kept: Candidate[] = [];
  #least = Number.NEGATIVE_INFINITY;

  constructor(most: number) {
    this.#most = most;
  }

  /** What a symbol's score must not be below to be among them. */
  get least(): number {
    if (this.#kept.length > this.#most) this.#cut();
    return this.#least;
  }

  offer(segment: Segment, symbol: number, score: number): void {
    if (score < this.#least) return;
    this.#kept.push({ segment, symbol, score });
    if (this.#kept.length >= 2 * this.#most) this.#cut();
  }

  sorted(): Candidate[] {
    this.#cut();
    return this.#kept;
  }

  #cut(): void {
    this.#kept = this.#kept.sort(byWorth).slice(0, this.#most);
    if (this.#kept.length === this.#most) this.#least = this.#kept.at(-1)?.score ?? this.#least;
  }
}
