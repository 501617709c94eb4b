import { WordTable } from './wordTable.ts';

/** The words of a text or an identifier in small letters: split at what is no letter or digit, at capitals, and between
 *  letters and digits. */
export function split(text: string): string[] {
  return (text.match(WORD) ?? []).map((word) => word.toLowerCase());
}
const WORD = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}]+|\p{Lu}|\p{N}+/gu;

/** What a question asks for: its words without those that only make it a question, and words with a hyphen as one. */
export function wordsOfQuestion(question: string): string[] {
  const hyphened = [...question.matchAll(/\b(\w{1,4})-(\w+)\b/g)].map(([, one, two]) => `${one}${two}`.toLowerCase());
  const asked = split(question).filter((word) => word.length > 1 && !ASKING.has(word));
  return [...new Set([...asked, ...hyphened])];
}

/** The stems of a text's words, in their order. A run of letters and digits is taken apart once and then remembered. */
export function stemsOf(text: string): string[] {
  if (runs.size > MOST_RUNS) [runs, stemsOfRuns] = [new WordTable(), []];
  const stemmed: string[] = [];
  eachRun(text, (from, to) => {
    const run = runs.number(text, from, to);
    stemsOfRuns[run] ??= split(runs.text(run)).map(stem);
    for (const one of stemsOfRuns[run]) stemmed.push(one);
  });
  return stemmed;
}
/** Then they are forgotten: words that nobody asks for again are not kept for ever. */
const MOST_RUNS = 50_000;
let runs = new WordTable();
let stemsOfRuns: string[][] = [];

/** Every run of letters and digits, by its two ends: no word reaches beyond one, so that each may be looked up as a whole. */
export function eachRun(text: string, take: (from: number, to: number) => void): void {
  let from = -1;
  for (let at = 0; at < text.length; at += 1) {
    const inside = isRun(text.charCodeAt(at));
    if (inside && from < 0) from = at;
    else if (!inside && from >= 0) {
      take(from, at);
      from = -1;
    }
  }
  if (from >= 0) take(from, text.length);
}

/** Letters beyond ASCII are told from signs when the run is taken apart. */
function isRun(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code >= 128;
}

/** English endings off, as far as questions and code have them; what is compared must be cut the same way. */
export function stem(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const found = cut(word);
  if (stems.size > 50_000) stems.clear();
  stems.set(word, found);
  return found;
}

export function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

const stems = new Map<string, string>();
const ENDING =
  /(?:ation|ition|ating|ment|ness|ings|ing|edly|ed|ions|ion|ers|er|ors|or|ly|ive|able|ible|al|ate|ise|ize|ity|es|e|y)$/;

function cut(word: string): string {
  if (word.length <= 3) return word;
  const singular = word
    .replace(/[iy][sz]ation$/, 'ize')
    .replace(/sses$/, 'ss')
    .replace(/ies$/, 'y')
    .replace(/([^su])s$/, '$1');
  const bare = singular.replace(ENDING, '');
  const found = bare.length >= 3 ? bare : singular;
  return found.replace(/([^lsz])\1$/, '$1');
}

const ASKING = new Set(
  (
    'the of and to in is for that this with are be it as on by an or from if at was can has have its will what where how ' +
    'does do who when we you used use uses using return returns self none true false my me own their there no so into out ' +
    'give gives get gets find finds function functions method code made make makes them they would should could being been ' +
    'before after than then over under some any each every decide decides decided whether work worked works called python which not'
  ).split(' '),
);
