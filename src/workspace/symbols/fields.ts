import type { FoundSymbol, IndexedSymbol, SymbolText } from './facts.ts';
import { lastPart } from './words.ts';

/** Fields of a symbol: what a word in it counts, how far a longer field lowers that (b of BM25), and its usual length in
 *  words. Weights were chosen on the even half of test/integration/workspace/questions.json. */
export const FIELDS = {
  name: { weight: 4.5, evens: 0.05, usual: 2 },
  parameters: { weight: 0.55, evens: 0.45, usual: 6 },
  doc: { weight: 2.8, evens: 0.45, usual: 10 },
  about: { weight: 0.6, evens: 0.4, usual: 40 },
  says: { weight: 0.5, evens: 0.5, usual: 15 },
  path: { weight: 1, evens: 0.25, usual: 4 },
} as const;
export type Field = keyof typeof FIELDS;
export const FIELD_NAMES = Object.keys(FIELDS) as Field[];

/** The documentation of what a symbol stands in, which is not indexed with it. */
const OWNER = { weight: 0.6, evens: 0.45, usual: 10 };

/** What each field of a symbol holds. */
export function fieldTexts(path: string, symbol: IndexedSymbol, text: SymbolText): Record<Field, string> {
  const { name, signature, doc } = symbol;
  const owner = name.slice(0, Math.max(0, name.lastIndexOf('.')));
  return {
    name: name === '' ? path.slice(path.lastIndexOf('/') + 1) : lastPart(name),
    parameters: signature.slice(name.length),
    doc,
    about: text.about,
    says: text.says,
    path: `${path} ${owner}`,
  };
}

/** What one word of a field counts where the field holds so many. */
export function weightOf(field: Field | 'owner', words: number): number {
  const { weight, evens, usual } = field === 'owner' ? OWNER : FIELDS[field];
  return weight / (1 - evens + (evens * words) / usual);
}

/** Where a word's further occurrences count half (k1 of BM25). */
export const SATURATION = 1.9;

const STANDING = { privateName: 0.97, test: 0.3, wholeFile: 0.3, stub: 0.5 };
const TEST =
  /(?:^|\/)(?:tests?|testing|benchmarks?|examples?|docs?)\/|(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest)\.\w+$/;

/** What a symbol's score is multiplied by, at most 1: tests and stubs repeat the words of what they are about, which is
 *  seldom what is looked for. */
export function standingOf(path: string, { kind, name }: Pick<IndexedSymbol, 'kind' | 'name'>): number {
  if (TEST.test(path)) return STANDING.test;
  if (path.endsWith('.pyi')) return STANDING.stub;
  if (kind === 'file') return STANDING.wholeFile;
  return lastPart(name).startsWith('_') ? STANDING.privateName : 1;
}

/** A symbol's own name in small letters without underscores. */
export function flatName({ symbol }: Pick<FoundSymbol, 'symbol'>): string {
  return flat(lastPart(symbol.name));
}

export function flat(name: string): string {
  return name.toLowerCase().replaceAll('_', '');
}
