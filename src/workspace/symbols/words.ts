import type { IndexedSymbol, SymbolText } from './facts.ts';

/** What a symbol is found by, a column of the full-text table each. SQLite cuts the words to their stems. */
export interface Words {
  /** Its name whole, without underscores, and in parts. */
  readonly name: string;
  /** Its parameters, its file's path and its documentation. */
  readonly doc: string;
  /** The messages and comments of its code. */
  readonly body: string;
}

export function wordsOf(symbol: IndexedSymbol, { about, says }: SymbolText, path: string): Words {
  const { name, doc, signature } = symbol;
  const parameters = signature.slice(name.length);
  const whole = lastPart(name);
  const flat = whole.includes('_') ? `${whole} ${whole.replaceAll('_', '')}` : whole;
  return {
    name: `${flat} ${split(name === '' ? path : name).join(' ')}`,
    doc: `${split(`${parameters} ${path}`).join(' ')} ${doc} ${about}`,
    body: says,
  };
}

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
