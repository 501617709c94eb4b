import { WORDS } from './wordTable.ts';

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
  const stemmed: string[] = [];
  eachRun(text, (run) => {
    let known = runs.get(run);
    if (known === undefined) {
      if (runs.size > 50_000) runs.clear();
      known = split(run).map(stem);
      runs.set(run, known);
    }
    for (const one of known) stemmed.push(one);
  });
  return stemmed;
}
const runs = new Map<string, readonly string[]>();

/** Every run of letters and digits: no word reaches beyond one, so that each may be looked up as a whole. */
export function eachRun(text: string, take: (run: string) => void): void {
  let from = -1;
  for (let at = 0; at < text.length; at += 1) {
    const inside = isRun(text.charCodeAt(at));
    if (inside && from < 0) from = at;
    else if (!inside && from >= 0) {
      take(WORDS.word(text, from, at));
      from = -1;
    }
  }
  if (from >= 0) take(WORDS.word(text, from, text.length));
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
