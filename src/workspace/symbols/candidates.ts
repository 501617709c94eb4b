import type { FoundSymbol } from './facts.ts';
import type { IndexStore } from './indexStore.ts';
import { type AskedWord, answerOf, type Term, termsOf } from './ranking.ts';
import { eachPosting, type Segment, type TermPostings } from './segment.ts';
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
  const terms = termsOf(asked);
  const best = new Best(most);
  for (const segment of store.segments()) store.read(segment, () => weigh(segment, terms, weighing, best));
  return best.sorted();
}

/** The symbols of some terms, each term's most worthy first. */
export function symbolsOf(segment: Segment, terms: readonly TermPostings[], most: number): Candidate[] {
  return terms.flatMap((term) => {
    const found: Candidate[] = [];
    eachPosting(term, segment.header.symbols, (symbol) => {
      const score = segment.standing[symbol] ?? 0;
      if (score > 0) found.push({ segment, symbol, score });
    });
    return found.sort((a, b) => b.score - a.score).slice(0, most);
  });
}

/** What stands behind candidates; those of a segment that turns out to be damaged are left out. */
export function readCandidates(store: IndexStore, candidates: readonly Candidate[]): FoundSymbol[] {
  return candidates.flatMap(({ segment, symbol }) => store.read(segment, () => segment.symbol(symbol)) ?? []);
}

/** What the symbols of one segment have got so far; kept from one segment to the next, because making room anew takes
 *  longer than weighing. All are 0 where nothing was put. */
class Scores {
  score = new Float64Array(0);
  covered = new Float64Array(0);
  exact = new Float64Array(0);
  other = new Float64Array(0);

  clear(): void {
    for (const values of [this.score, this.covered, this.exact, this.other]) values.fill(0);
  }

  fit(size: number): void {
    if (this.score.length >= size) return;
    this.score = new Float64Array(size);
    this.covered = new Float64Array(size);
    this.exact = new Float64Array(size);
    this.other = new Float64Array(size);
  }
}
const scores = new Scores();

function weigh(segment: Segment, terms: readonly Term[], weighing: Weighing, best: Best): void {
  scores.fit(segment.header.symbols);
  const all: number[] = [];
  try {
    for (const { stem: own, same, rarity } of terms) {
      const held: number[] = [];
      addWeights(segment, own, scores.exact, held);
      if (weighing === 'full') for (const word of same) addWeights(segment, word, scores.other, held);
      for (const symbol of held) addAnswer(symbol, rarity, all);
    }
    for (const symbol of all) offer(segment, symbol, weighing, best);
  } catch (error) {
    // Nothing of a segment that cannot be read may count for another.
    scores.clear();
    throw error;
  } finally {
    for (const symbol of all) {
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
 *  @param held gets the symbols that had nothing */
function addWeights(segment: Segment, term: string, weights: Float64Array, held: number[]): void {
  const postings = segment.term(term);
  if (postings === null) return;
  const { exact, other } = scores;
  eachPosting(postings, segment.header.symbols, (symbol, weight) => {
    if (exact[symbol] === 0 && other[symbol] === 0) held.push(symbol);
    raise(weights, symbol, WEIGHTS[weight] ?? 0);
  });
}

/** Adds what a word answers in a symbol, and takes its weights away for the next word. */
function addAnswer(symbol: number, rarity: number, all: number[]): void {
  const { score, share } = answerOf(scores.exact[symbol] ?? 0, scores.other[symbol] ?? 0);
  scores.exact[symbol] = 0;
  scores.other[symbol] = 0;
  if (scores.score[symbol] === 0) all.push(symbol);
  raise(scores.score, symbol, rarity * score);
  raise(scores.covered, symbol, rarity * share);
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

  offer(segment: Segment, symbol: number, score: number): void {
    if (score <= this.#least) return;
    this.#kept.push({ segment, symbol, score });
    if (this.#kept.length >= 2 * this.#most) this.#cut();
  }

  sorted(): Candidate[] {
    this.#cut();
    return this.#kept;
  }

  #cut(): void {
    this.#kept = this.#kept.sort((a, b) => b.score - a.score).slice(0, this.#most);
    if (this.#kept.length === this.#most) this.#least = this.#kept.at(-1)?.score ?? this.#least;
  }
}
