import type { FoundSymbol, OwnedSymbol } from './facts.ts';
import { FIELD_NAMES, type Field, fieldTexts, flat, flatName, SATURATION, standingOf, weightOf } from './fields.ts';
import { synonymsOf } from './synonyms.ts';
import type { Worded } from './variety.ts';
import { lastPart, split, stem, stemsOf } from './words.ts';

/** A word of a question, and how rare it is: the logarithm of how many symbols there are for each that holds it. */
export interface AskedWord {
  readonly word: string;
  readonly rarity: number;
}

const WEIGHT = {
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
};

/** A candidate with its score and the words of its name and documentation. */
export interface RankedSymbol extends Worded {
  readonly one: FoundSymbol;
}

/** Orders candidates by how well they answer a question: BM25F (Robertson, Zaragoza and Taylor, 2004) over their fields and
 *  the documentation of what they stand in, lowered where words of the question are missing, with a bonus for words that
 *  stand side by side as in the question. */
export function ranked(
  question: string,
  asked: readonly AskedWord[],
  candidates: readonly OwnedSymbol[],
): RankedSymbol[] {
  const terms = termsOf(asked);
  const pairs = sideBySide(split(question).map(stem));
  const names = namesIn(question);
  const read = candidates.map((one) => ({ one, fields: fieldsOf(one) }));
  const held = read.map(({ fields }) => pairsHeld(fields, pairs));
  const worth = new Map([...pairs].map((pair) => [pair, Math.log(1 + read.length / countOf(held, pair))]));
  const scored = read.map(({ one, fields }, i) => {
    const inPairs = [...(held[i] ?? [])].reduce((sum, pair) => sum + (worth.get(pair) ?? 0), 0);
    const score = answers(terms, fields, flatName(one)) + WEIGHT.pair * inPairs + WEIGHT.named * spelled(one, names);
    const told = new Set([...fields.name, ...fields.doc]);
    return { one, words: [...told], score: score * standingOf(one.path, one.symbol) };
  });
  return spread(scored);
}

/** Names that a question spells out, in small letters without underscores. */
export function namesIn(question: string): string[] {
  const words = question.match(/[\p{L}_$][\p{L}\p{N}_$.]*/gu) ?? [];
  const spelledOut = words.filter((word) => words.length === 1 || /_|\p{L}\.\p{L}|\p{Ll}\p{Lu}/u.test(word));
  return spelledOut.map((word) => flat(lastPart(word)));
}

/** A word as it is compared, with other words for the same. */
export interface Term {
  readonly stem: string;
  readonly same: ReadonlySet<string>;
  readonly rarity: number;
}

export function termsOf(asked: readonly AskedWord[]): Term[] {
  return asked.map(({ word, rarity }) => ({
    stem: stem(word),
    same: new Set(synonymsOf(word).map(stem)),
    rarity,
  }));
}

/** What a symbol in which a word and its synonyms weigh so much answers.
 *  @param within what the word counts as a part of a longer name */
export function answerOf(exact: number, other: number, within = 0): number {
  return Math.max(saturated(exact), WEIGHT.synonym * saturated(other), within);
}

/** More than any symbol answers to one word. */
export const BEST_ANSWER = SATURATION + 1;

/** Which share of the word such a symbol covers. */
export function shareOf(exact: number, other: number, within = 0): number {
  return Math.min(1, (exact > 0 ? 1 : 0) + (other > 0 ? WEIGHT.synonym : 0) + within);
}

type Fields = Readonly<Record<RankedField, readonly string[]>>;
/** The fields of the index, and one that is looked up for candidates alone. */
type RankedField = Field | 'owner';
const RANKED_FIELDS: readonly RankedField[] = [...FIELD_NAMES, 'owner'];

function fieldsOf({ path, symbol, text, ownerDoc }: OwnedSymbol): Fields {
  const texts = { ...fieldTexts(path, symbol, text), owner: ownerDoc };
  return Object.fromEntries(RANKED_FIELDS.map((field) => [field, stemsOf(texts[field])])) as Record<
    RankedField,
    string[]
  >;
}

function answers(terms: readonly Term[], fields: Fields, name: string): number {
  let score = 0;
  let covered = 0;
  let all = 0;
  const written = counted(fields);
  for (const { stem: own, same, rarity } of terms) {
    const exact = written.get(own) ?? 0;
    let other = 0;
    for (const word of same) other += written.get(word) ?? 0;
    const within = exact === 0 && own.length > 3 && name.includes(own) ? WEIGHT.partOfName : 0;
    score += rarity * answerOf(exact, other, within);
    covered += rarity * shareOf(exact, other, within);
    all += rarity;
  }
  return all === 0 ? 0 : (score * covered) / all;
}

/** What every word of a symbol weighs, over all fields. */
function counted(fields: Fields): Map<string, number> {
  const weights = new Map<string, number>();
  for (const field of RANKED_FIELDS) {
    const words = fields[field];
    const each = weightOf(field, words.length);
    for (const word of words) weights.set(word, (weights.get(word) ?? 0) + each);
  }
  return weights;
}

function saturated(weight: number): number {
  return ((SATURATION + 1) * weight) / (SATURATION + weight);
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

/** Lowers what comes from a file that has answered already, so that the first hits show more than one place. */
function spread(scored: readonly RankedSymbol[]): RankedSymbol[] {
  const seen = new Map<string, number>();
  const lowered = [...scored].sort(byScore).map((each) => {
    const before = seen.get(each.one.path) ?? 0;
    seen.set(each.one.path, before + 1);
    return { ...each, score: each.score * WEIGHT.sameFile ** before };
  });
  return lowered.sort(byScore);
}

function byScore(a: RankedSymbol, b: RankedSymbol): number {
  return b.score - a.score;
}
