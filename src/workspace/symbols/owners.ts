import type { Candidate } from './candidates.ts';
import type { OwnedSymbol } from './facts.ts';
import { flat } from './fields.ts';
import type { IndexStore } from './indexStore.ts';
import { PostingList, readPostings, type Segment } from './segment.ts';
import { TERM } from './segmentFormat.ts';
import { lastPart } from './words.ts';

/** What stands behind candidates, with what they stand in; those of a segment that turns out to be damaged are left out. */
export function readOwned(store: IndexStore, candidates: readonly Candidate[]): OwnedSymbol[] {
  const known = new Map<string, string>();
  return candidates.flatMap(({ segment, symbol: number }) => {
    const owned = store.read(segment, () => {
      const found = segment.symbol(number);
      const owner = found.symbol.name.slice(0, Math.max(0, found.symbol.name.lastIndexOf('.')));
      const place = `${found.path}:${owner}`;
      const ownerDoc = known.get(place) ?? docBefore(segment, number, found.path, owner);
      known.set(place, ownerDoc);
      return { ...found, ownerDoc };
    });
    return owned ?? [];
  });
}

const postings = new PostingList();

/** The documentation of the nearest symbol of a name that begins before another in its file. */
function docBefore(segment: Segment, number: number, path: string, name: string): string {
  const term = name === '' ? null : segment.term(TERM.name(flat(lastPart(name))));
  if (term === null) return '';
  const count = readPostings(term, segment.header.symbols, postings);
  const before = postings.symbols.subarray(0, count).filter((one) => one < number && segment.pathOf(one) === path);
  for (const one of before.reverse()) {
    const { symbol } = segment.symbol(one);
    if (symbol.name === name) return symbol.doc;
  }
  return '';
}
