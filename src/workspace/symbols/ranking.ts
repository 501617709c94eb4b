import type { FoundSymbol } from './indexStore.ts';
import { synonymsOf } from './synonyms.ts';
import { lastPart, split, stem } from './words.ts';

/** A word of a question, and how rare it is: the logarithm of how many symbols there are for each that holds it. */
export interface AskedWord {
  readonly word: string;
  readonly rarity: number;
}

/** Fields of a symbol: what a word in it counts, how far a longer field lowers that (b of BM25), and its usual length in
 *  words. Weights were chosen on the even half of test/integration/workspace/questions.json. */
const FIELDS = {
  name: { weight: 4.5, evens: 0.05, usual: 2 },
  parameters: { weight: 0.55, evens: 0.45, usual: 6 },
  doc: { weight: 2.8, evens: 0.45, usual: 10 },
  about: { weight: 0.6, evens: 0.4, usual: 40 },
  says: { weight: 0.5, evens: 0.5, usual: 15 },
  path: { weight: 1, evens: 0.25, usual: 4 },
} as const;
type Field = keyof typeof FIELDS;
const NAMES = Object.keys(FIELDS) as Field[];

const WEIGHT = {
  /** Where a word's further occurrences count half (k1 of BM25). */
  saturation: 1.9,
  /** Of another word for the same. */
  synonym: 0.7,
  /** Of a word that is part of a longer one in the name: `err` in `errstate`. */
  partOfName: 0.5,
  /** Of two words of the question that stand side by side. */
  pair: 0.25,
  /** Of a name that the question spells out. */
  named: 60,
  /** Each further hit of the same file. */
  sameFile: 0.95,
  privateName: 0.97,
  test: 0.3,
  wholeFile: 0.3,
  stub: 0.5,
};

/** Orders candidates by how well they answer a question: BM25F (Robertson, Zaragoza and Taylor, 2004) over their fields,
 *  lowered where words of the question are missing, with a bonus for words that stand side by side as in the question. */
export function ranked(
  question: string,
  asked: readonly AskedWord[],
  candidates: readonly FoundSymbol[],
): FoundSymbol[] {
  const terms = asked.map(({ word, rarity }) => ({
    stem: stem(word),
    same: new Set(synonymsOf(word).map(stem)),
    rarity,
  }));
  const pairs = sideBySide(split(question).map(stem));
  const names = namesIn(question);
  const read = candidates.map((one) => ({ one, fields: fieldsOf(one) }));
  const held = read.map(({ fields }) => pairsHeld(fields, pairs));
  const worth = new Map([...pairs].map((pair) => [pair, Math.log(1 + read.length / countOf(held, pair))]));
  const scored = read.map(({ one, fields }, i) => {
    const inPairs = [...(held[i] ?? [])].reduce((sum, pair) => sum + (worth.get(pair) ?? 0), 0);
    const score = answers(terms, fields, flatName(one)) + WEIGHT.pair * inPairs + WEIGHT.named * spelled(one, names);
    return { one, score: score * standing(one) };
  });
  return spread(scored.sort((a, b) => b.score - a.score));
}

/** Names that a question spells out, in small letters without underscores. */
export function namesIn(question: string): string[] {
  const words = question.match(/[\p{L}_$][\p{L}\p{N}_$.]*/gu) ?? [];
  const spelledOut = words.filter((word) => words.length === 1 || /_|\p{L}\.\p{L}|\p{Ll}\p{Lu}/u.test(word));
  return spelledOut.map((word) => flat(lastPart(word)));
}

interface Term {
  readonly stem: string;
  readonly same: ReadonlySet<string>;
  readonly rarity: number;
}
type Fields = Readonly<Record<Field, readonly string[]>>;

function fieldsOf({ path, symbol, text }: FoundSymbol): Fields {
  const { name, signature, doc } = symbol;
  const owner = name.slice(0, Math.max(0, name.lastIndexOf('.')));
  const stems = (of: string): string[] => split(of).map(stem);
  return {
    name: stems(name === '' ? lastPartOfPath(path) : lastPart(name)),
    parameters: stems(signature.slice(name.length)),
    doc: stems(doc),
    about: stems(text.about),
    says: stems(text.says),
    path: stems(`${path} ${owner}`),
  };
}

function answers(terms: readonly Term[], fields: Fields, name: string): number {
  let score = 0;
  let covered = 0;
  let all = 0;
  const written = counted(fields);
  for (const { stem: own, same, rarity } of terms) {
    const exact = saturated(written.get(own) ?? 0);
    let other = 0;
    for (const word of same) other += written.get(word) ?? 0;
    const alike = WEIGHT.synonym * saturated(other);
    const within = exact === 0 && own.length > 3 && name.includes(own) ? WEIGHT.partOfName : 0;
    score += rarity * Math.max(exact, alike, within);
    covered += rarity * Math.min(1, (exact > 0 ? 1 : 0) + (other > 0 ? WEIGHT.synonym : 0) + within);
    all += rarity;
  }
  return all === 0 ? 0 : (score * covered) / all;
}

/** What every word of a symbol weighs, over all fields. */
function counted(fields: Fields): Map<string, number> {
  const weights = new Map<string, number>();
  for (const field of NAMES) {
    const { weight, evens, usual } = FIELDS[field];
    const words = fields[field];
    const each = weight / (1 - evens + (evens * words.length) / usual);
    for (const word of words) weights.set(word, (weights.get(word) ?? 0) + each);
  }
  return weights;
}

function saturated(weight: number): number {
  return ((WEIGHT.saturation + 1) * weight) / (WEIGHT.saturation + weight);
}

function sideBySide(words: readonly string[]): Set<string> {
  return new Set(words.slice(1).map((word, i) => `${words[i]} ${word}`));
}

function pairsHeld({ name, doc, about, says }: Fields, asked: ReadonlySet<string>): Set<string> {
  const held = new Set<string>();
  for (const words of [name, doc, about, says]) {
    for (let i = 1; i < words.length; i += 1) {
      const pair = `${words[i - 1]} ${words[i]}`;
      if (asked.has(pair)) held.add(pair);
    }
  }
  return held;
}

function countOf(held: readonly ReadonlySet<string>[], pair: string): number {
  return Math.max(1, held.filter((pairs) => pairs.has(pair)).length);
}

/** 1 where a question spells the symbol's name, less where it spells a part of it. */
function spelled(one: FoundSymbol, names: readonly string[]): number {
  const own = flatName(one);
  const shares = names.map((name) => {
    if (own === name) return 1;
    return name.length > 5 && own.includes(name) ? (0.5 * name.length) / own.length : 0;
  });
  return Math.max(0, ...shares);
}

/** Tests and stubs repeat the words of what they are about, which is seldom what is looked for. */
function standing({ path, symbol }: FoundSymbol): number {
  const test =
    /(?:^|\/)(?:tests?|testing|benchmarks?|examples?|docs?)\/|(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest)\.\w+$/;
  if (test.test(path)) return WEIGHT.test;
  if (path.endsWith('.pyi')) return WEIGHT.stub;
  if (symbol.kind === 'file') return WEIGHT.wholeFile;
  return lastPart(symbol.name).startsWith('_') ? WEIGHT.privateName : 1;
}

/** Lowers what comes from a file that has answered already, so that the first hits show more than one place. */
function spread(scored: readonly { one: FoundSymbol; score: number }[]): FoundSymbol[] {
  const seen = new Map<string, number>();
  const lowered = scored.map(({ one, score }) => {
    const before = seen.get(one.path) ?? 0;
    seen.set(one.path, before + 1);
    return { one, score: score * WEIGHT.sameFile ** before };
  });
  return lowered.sort((a, b) => b.score - a.score).map(({ one }) => one);
}

function flatName({ symbol }: FoundSymbol): string {
  return flat(lastPart(symbol.name));
}

function flat(name: string): string {
  return name.toLowerCase().replaceAll('_', '');
}

function lastPartOfPath(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
