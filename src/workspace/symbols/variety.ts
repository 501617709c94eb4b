/** Places that are given to what is both good and new, and how many of the best are looked at for them. */
const VARIED = { places: 10, from: 40 };
/** How much a hit that says the same as one before it is lowered. */
const LOWERED = 0.3;

/** Something with a score and the words that it is told by. */
export interface Worded {
  readonly score: number;
  readonly words: readonly string[];
}

/** Lets the first hits differ: each place goes to what is best once it is lowered by how much it says the same as a hit
 *  before it, maximal marginal relevance (Carbonell and Goldstein, 1998). Whoever sees five hits wants five chances.
 *  @param best by falling score */
export function varied<T extends Worded>(best: readonly T[]): T[] {
  const left = best.slice(0, VARIED.from).map((one) => ({ one, words: new Set(one.words), alike: 0 }));
  const chosen: T[] = [];
  while (left.length > 0 && chosen.length < VARIED.places) {
    const worth = left.map(({ one, alike }) => one.score * (1 - LOWERED * alike));
    const [next] = left.splice(worth.indexOf(Math.max(...worth)), 1);
    if (next === undefined) break;
    chosen.push(next.one);
    for (const other of left) other.alike = Math.max(other.alike, likeness(next.words, other.words));
  }
  return [...chosen, ...left.map(({ one }) => one), ...best.slice(VARIED.from)];
}

/** Jaccard's: how many of all words both have. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let both = 0;
  for (const word of one) if (other.has(word)) both += 1;
  return both / Math.max(1, one.size + other.size - both);
}
