import { askedWords, bestSymbols, byWorth, type Candidate, readCandidates, symbolsOf } from './candidates.ts';
import type { FoundSymbol } from './facts.ts';
import { flat } from './fields.ts';
import type { IndexStore } from './indexStore.ts';
import { readOwned } from './owners.ts';
import { type AskedWord, type RankedSymbol, ranked } from './ranking.ts';
import type { Segment, TermPostings } from './segment.ts';
import { TERM } from './segmentFormat.ts';
import { varied } from './variety.ts';
import { lastPart, split, wordsOfQuestion } from './words.ts';

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
}

/** `text`: words as they are written; `bm25`: how rare they are and where they stand;
 *  `fused`: both, with names and synonyms, ranked anew. */
export type SearchMethod = 'text' | 'bm25' | 'fused';

/** Candidates that are looked at closely: by their words, and by the beginning of their names. */
const CANDIDATES = { words: 80, names: 50 };

/** The definitions that a question or a name means, best first. */
export function searchIndex(
  store: IndexStore,
  question: string,
  most = 10,
  method: SearchMethod = 'fused',
): SearchHit[] {
  const asked = askedWords(store, wordsOfQuestion(question));
  const weighing = method === 'fused' ? 'full' : 'plain';
  const byWords = bestSymbols(store, asked, CANDIDATES.words, weighing);
  if (method === 'bm25') return readCandidates(store, byWords).slice(0, most).map(hit);
  if (method === 'text') return asWritten(question, readCandidates(store, byWords)).slice(0, most).map(hit);
  return varied(rankedSymbols(store, question, asked, byWords))
    .slice(0, most)
    .map(({ one }) => hit(one));
}

/** The same by how well each answers alone, however much two of them say the same. */
export function relevantSymbols(store: IndexStore, question: string, most: number): SearchHit[] {
  const asked = askedWords(store, wordsOfQuestion(question));
  const byWords = bestSymbols(store, asked, CANDIDATES.words, 'full');
  return rankedSymbols(store, question, asked, byWords)
    .slice(0, most)
    .map(({ one }) => hit(one));
}

function rankedSymbols(
  store: IndexStore,
  question: string,
  asked: readonly AskedWord[],
  byWords: readonly Candidate[],
): RankedSymbol[] {
  const all = readOwned(store, [...byName(store, question), ...byWords]);
  const once = new Map(all.map((one) => [`${one.path}:${one.symbol.line}:${one.symbol.name}`, one]));
  return ranked(question, asked, [...once.values()]);
}

/** Definitions that call something of this name. */
export function callersOf(store: IndexStore, name: string, most = 50): SearchHit[] {
  const found = lookUp(store, (segment) => segment.term(TERM.call(lastPart(name))), most);
  return readCandidates(store, found).map(hit);
}

/** Definitions of this name, and what is defined in the workspace of what they call. */
export function calleesOf(store: IndexStore, name: string, most = 50): SearchHit[] {
  const called = new Set(named(store, name).flatMap(({ symbol }) => symbol.calls));
  return [...called]
    .flatMap((call) => named(store, call))
    .slice(0, most)
    .map(hit);
}

/** Definitions of exactly this name, or of a name that ends with it after a point. */
function named(store: IndexStore, name: string): FoundSymbol[] {
  const found = lookUp(store, (segment) => segment.term(TERM.name(flat(lastPart(name)))), CANDIDATES.names);
  return readCandidates(store, found).filter(({ symbol }) => symbol.name === name || symbol.name.endsWith(`.${name}`));
}

/** Where a word of the question is, or begins, a whole name: the whole ones first. */
function byName(store: IndexStore, question: string): Candidate[] {
  const words = question.match(/[\p{L}_$][\p{L}\p{N}_$.]*/gu) ?? [];
  const names = words.filter((word) => words.length === 1 || /[_.$]|\p{Ll}\p{Lu}/u.test(word)).slice(0, 5);
  return names.flatMap((name) => {
    const term = TERM.name(flat(lastPart(name)));
    const whole = lookUp(store, (segment) => segment.term(term), CANDIDATES.names);
    if (whole.length >= CANDIDATES.names) return whole;
    const most = CANDIDATES.names - whole.length;
    return [...whole, ...beginning(store, term, most)];
  });
}

/** The symbols of the first terms that begin so, of all segments together: each segment alone has other ones. */
function beginning(store: IndexStore, text: string, most: number): Candidate[] {
  const terms = new Map(
    store.segments().map((one) => [one, store.read(one, () => one.termsBeginning(text, most)) ?? []]),
  );
  const names = [...terms.values()].flatMap((found) => found.map((term) => term.text));
  const first = new Set([...new Set(names)].sort().slice(0, most));
  const wanted = (segment: Segment) =>
    (terms.get(segment) ?? []).filter((term) => first.has(term.text)).map(({ postings }) => postings);
  return lookUp(store, wanted, most);
}

/** The symbols of terms over all segments, those that stand higher first. */
function lookUp(
  store: IndexStore,
  terms: (segment: Segment) => TermPostings | TermPostings[] | null,
  most: number,
): Candidate[] {
  const found = store
    .segments()
    .flatMap((segment) => store.read(segment, () => symbolsOf(segment, [terms(segment) ?? []].flat(), most)) ?? []);
  return found.sort(byWorth).slice(0, most);
}

/** By how many words of the question stand in them as they are written. */
function asWritten(question: string, candidates: readonly FoundSymbol[]): FoundSymbol[] {
  const words = wordsOfQuestion(question);
  const scored = candidates.map((one) => {
    const { symbol, text, path } = one;
    const written = new Set(split(`${path} ${symbol.signature} ${symbol.doc} ${text.about} ${text.says}`));
    return { one, score: words.filter((word) => written.has(word)).length };
  });
  return scored.sort((a, b) => b.score - a.score).map(({ one }) => one);
}

function hit({ path, symbol }: FoundSymbol): SearchHit {
  const { line, endLine, kind, name, signature, doc } = symbol;
  return { path, line, endLine, kind, name: name === '' ? path : name, signature, doc };
}
