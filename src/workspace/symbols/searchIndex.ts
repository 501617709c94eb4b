import type { FoundSymbol, IndexStore } from './indexStore.ts';
import { type AskedWord, ranked } from './ranking.ts';
import { synonymsOf } from './synonyms.ts';
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

/** `text`: words as they are written; `bm25`: SQLite's; `fused`: both, names and synonyms, ranked anew. */
export type SearchMethod = 'text' | 'bm25' | 'fused';

/** Candidates that are looked at closely: by the words themselves, and by other words for the same. */
const CANDIDATES = { words: 100, synonyms: 60, names: 50 };
/** Symbols that a query may weigh: what it costs is bounded in a workspace of any size, and the words that are dropped for
 *  it are the common ones. */
const WEIGHED = 30_000;

/** The definitions that a question or a name means, best first. */
export function searchIndex(
  store: IndexStore,
  question: string,
  most = 10,
  method: SearchMethod = 'fused',
): SearchHit[] {
  const asked = askedWords(store, wordsOfQuestion(question));
  const byWords = asked.length === 0 ? [] : store.match(anyOf(asked), CANDIDATES.words);
  if (method === 'bm25') return byWords.slice(0, most).map(hit);
  if (method === 'text') return asWritten(question, byWords).slice(0, most).map(hit);
  const all = [...byName(store, question), ...byWords, ...bySynonyms(store, asked)];
  const once = new Map(all.map((one) => [`${one.path}:${one.symbol.line}:${one.symbol.name}`, one]));
  return ranked(question, asked, [...once.values()])
    .slice(0, most)
    .map(hit);
}

/** Definitions that call something of this name. */
export function callersOf(store: IndexStore, name: string, most = 50): SearchHit[] {
  const last = lastPart(name);
  const found = store.match(`calls : ${quoted(last)}`, 10 * most);
  const callers = found.filter(({ symbol }) => symbol.calls.some((call) => call.toLowerCase() === last.toLowerCase()));
  return callers.slice(0, most).map(hit);
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
  return store
    .match(`name : ${quoted(lastPart(name))}`, CANDIDATES.names)
    .filter(({ symbol }) => symbol.name === name || symbol.name.endsWith(`.${name}`));
}

/** Where a word of the question is, or begins, a whole name. */
function byName(store: IndexStore, question: string): FoundSymbol[] {
  const words = question.match(/[\p{L}_$][\p{L}\p{N}_$.]*/gu) ?? [];
  const names = words.filter((word) => words.length === 1 || /[_.$]|\p{Ll}\p{Lu}/u.test(word)).slice(0, 5);
  return names.flatMap((name) => store.match(`name : ${quoted(lastPart(name))}*`, CANDIDATES.names));
}

function bySynonyms(store: IndexStore, asked: readonly AskedWord[]): FoundSymbol[] {
  const others = asked.flatMap(({ word }) => synonymsOf(word));
  const known = askedWords(store, [...new Set([...others, ...asked.map(({ word }) => word)])]);
  return others.length === 0 || known.length === 0 ? [] : store.match(anyOf(known), CANDIDATES.synonyms);
}

/** The words with how rare they are; the most common left out where together they would be weighed for too many. */
function askedWords(store: IndexStore, words: readonly string[]): AskedWord[] {
  const size = store.size();
  const counted = words
    .map((word) => ({ word, held: store.matches(quoted(word), WEIGHED) }))
    .sort((a, b) => a.held - b.held);
  let weighed = 0;
  const kept = counted.filter(({ held }, i) => {
    weighed += held;
    return i === 0 || weighed <= WEIGHED;
  });
  return kept.map(({ word, held }) => ({ word, rarity: Math.log(1 + (size - held + 0.5) / (held + 0.5)) }));
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

function anyOf(asked: readonly AskedWord[]): string {
  return `{name doc body} : (${asked.map(({ word }) => quoted(word)).join(' OR ')})`;
}

function hit({ path, symbol }: FoundSymbol): SearchHit {
  const { line, endLine, kind, name, signature, doc } = symbol;
  return { path, line, endLine, kind, name: name === '' ? path : name, signature, doc };
}

/** As a string of FTS5, in which nothing is an operator. */
function quoted(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}
