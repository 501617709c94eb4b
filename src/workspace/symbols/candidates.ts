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
      .reduce((sum, segment) => sum + (store.read(segment, () => segment.term(stem(word))?.count ?? 0) ?? 0), 0);
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

function weigh(segment: Segment, terms: readonly Term[], weighing: Weighing, best: Best): void {
  const size = segment.header.symbols;
  const [scores, covered] = [new Float64Array(size), new Float64Array(size)];
  const weights = { exact: new Float64Array(size), other: new Float64Array(size) };
  const all: number[] = [];
  for (const { stem: own, same, rarity } of terms) {
    const held: number[] = [];
    addWeights(segment, own, weights, 'exact', held);
    if (weighing === 'full') for (const word of same) addWeights(segment, word, weights, 'other', held);
    for (const symbol of held) {
      if (scores[symbol] === 0) all.push(symbol);
      const { score, share } = answerOf(weights.exact[symbol] ?? 0, weights.other[symbol] ?? 0);
      raise(scores, symbol, rarity * score);
      raise(covered, symbol, rarity * share);
      weights.exact[symbol] = 0;
      weights.other[symbol] = 0;
    }
  }
  offerAll(segment, all, { scores, covered }, weighing, best);
}

function offerAll(
  segment: Segment,
  symbols: readonly number[],
  { scores, covered }: Readonly<Record<'scores' | 'covered', Float64Array>>,
  weighing: Weighing,
  best: Best,
): void {
  for (const symbol of symbols) {
    const standing = segment.standing[symbol] ?? 0;
    const lowered = weighing === 'full' ? (covered[symbol] ?? 0) * standing : 1;
    if (standing > 0) best.offer({ segment, symbol, score: (scores[symbol] ?? 0) * lowered });
  }
}

/** Adds what a term weighs in each symbol to what is there.
 *  @param held gets the symbols that had nothing */
function addWeights(
  segment: Segment,
  term: string,
  weights: Readonly<Record<'exact' | 'other', Float64Array>>,
  kind: 'exact' | 'other',
  held: number[],
): void {
  const postings = segment.term(term);
  if (postings === null) return;
  const { exact, other } = weights;
  const own = weights[kind];
  eachPosting(postings, segment.header.symbols, (symbol, weight) => {
    if (exact[symbol] === 0 && other[symbol] === 0) held.push(symbol);
    raise(own, symbol, WEIGHTS[weight] ?? 0);
  });
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

  offer(one: Candidate): void {
    if (one.score <= this.#least) return;
    this.#kept.push(one);
    if (this.#kept.length >= 8 * this.#most) this.#cut();
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
