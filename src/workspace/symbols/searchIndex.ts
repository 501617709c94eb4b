import type { FoundSymbol, IndexStore } from './indexStore.ts';
import { split } from './words.ts';

/** A place that a search found, with enough around it to act on. */
export interface SearchHit {
  readonly path: string;
  /** From 1, both ends included. */
  readonly line: number;
  readonly endLine: number;
  readonly kind: string;
  readonly name: string;
  readonly signature: string;
  readonly doc: string;
  /** How it was found: by its name, by the meaning of words, by what it calls. */
  readonly by: readonly ('name' | 'words' | 'calls')[];
}

/** Reciprocal rank fusion adds 1 / (60 + rank). Source: Cormack, Clarke and Büttcher (2009). */
const FUSION = 60;
/** Candidates of each method before they are fused. */
const CANDIDATES = 60;

/** The definitions that a question or a name means, best first: by name and by BM25 over split identifiers and
 *  documentation, fused by reciprocal rank. */
export function searchIndex(store: IndexStore, question: string, most = 10): SearchHit[] {
  const names = byName(store, question);
  const words = byWords(store, question);
  return fuse([
    { by: 'name', found: names, weight: 2 },
    { by: 'words', found: words, weight: 1 },
  ]).slice(0, most);
}

/** Definitions that call something of this name. */
export function callersOf(store: IndexStore, name: string, most = 50): SearchHit[] {
  const last = lastPart(name);
  const found = store
    .match(`calls : ${quoted(last)}`, most)
    .filter(({ symbol }) => symbol.calls.some((call) => call.toLowerCase() === last.toLowerCase()));
  return found.map((one) => hit(one, ['calls']));
}

function byName(store: IndexStore, question: string): FoundSymbol[] {
  const named = (question.match(/[\p{L}_$][\p{L}\p{N}_$.]*/gu) ?? []).filter(
    (word, _, all) => all.length === 1 || /[_.$]|\p{Ll}\p{Lu}/u.test(word),
  );
  return named.flatMap((name) => {
    const last = lastPart(name).toLowerCase();
    const found = store
      .match(`name : ${quoted(last)}`, CANDIDATES)
      .filter(({ symbol }) => lastPart(symbol.name).toLowerCase() === last);
    const rank = ({ symbol }: FoundSymbol): number => {
      if (symbol.name === name || symbol.name.endsWith(`.${name}`)) return 0;
      return lastPart(symbol.name) === lastPart(name) ? 1 : 2;
    };
    return found.sort((a, b) => rank(a) - rank(b));
  });
}

function byWords(store: IndexStore, question: string): FoundSymbol[] {
  const words = [...new Set(split(question))];
  return words.length === 0 ? [] : store.match(`{name doc} : (${words.map(quoted).join(' OR ')})`, CANDIDATES);
}

function fuse(lists: readonly { by: 'name' | 'words'; found: readonly FoundSymbol[]; weight: number }[]): SearchHit[] {
  const scores = new Map<string, { one: FoundSymbol; by: ('name' | 'words')[]; score: number }>();
  for (const { by, found, weight } of lists) {
    for (const [rank, one] of found.entries()) {
      const key = `${one.path}:${one.symbol.line}:${one.symbol.name}`;
      const entry = scores.get(key) ?? { one, by: [], score: 0 };
      if (!entry.by.includes(by)) entry.by.push(by);
      entry.score += (weight * standing(one)) / (FUSION + rank);
      scores.set(key, entry);
    }
  }
  return [...scores.values()].sort((a, b) => b.score - a.score).map(({ one, by }) => hit(one, by));
}

/** Tests and stubs repeat the words of what they are about, which is seldom what is looked for. */
function standing({ path, symbol }: FoundSymbol): number {
  if (
    /(?:^|\/)(?:tests?|testing|benchmarks?|examples?|docs?)\/|(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest)\.\w+$/.test(
      path,
    )
  )
    return 0.6;
  if (symbol.kind === 'file' || path.endsWith('.pyi')) return 0.8;
  return 1;
}

function hit({ path, symbol }: FoundSymbol, by: SearchHit['by']): SearchHit {
  const { line, endLine, kind, name, signature, doc } = symbol;
  return { path, line, endLine, kind, name: name === '' ? path : name, signature, doc, by };
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** As a string of FTS5, in which nothing is an operator. */
function quoted(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}
