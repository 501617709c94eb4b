/** The words that a symbol is found by. */
export interface Words {
  /** Its name whole, and the name's parts. */
  readonly name: string;
  /** Of its parameters, its file's path and its documentation. */
  readonly doc: string;
}

/** Identifiers are split at underscores, capitals and digits; every word is cut to its stem. */
export function wordsOf(symbol: { name: string; doc: string; signature: string }, path: string): Words {
  const { name, doc, signature } = symbol;
  const last = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return {
    name: [last, ...split(name === '' ? path : name)].join(' '),
    doc: [...split(signature.slice(name.length)), ...split(path), ...split(doc)].join(' '),
  };
}

/** The words of a question or a text, as they stand in the index. */
export function split(text: string): string[] {
  const parts = text
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .match(/\p{L}+|\p{N}+/gu);
  return (parts ?? []).filter((part) => part.length > 1 && !STOP.has(part)).map(stem);
}

/** English endings off, as far as names in code have them; the same word in a question and in a name gives one stem. */
function stem(word: string): string {
  if (word.length <= 4) return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
  return word
    .replace(/ies$/, 'y')
    .replace(/(?:ization|ation|izing|izer|ized|izes|ize)$/, 'iz')
    .replace(/(?:ing|ed|er|or|es|s|e)$/, '');
}

const STOP = new Set(
  (
    'the of and to in is for that this with are be it as on by an or from if at not which was can has have its will what ' +
    'where how does do who when we you used use uses using return returns self none true false'
  ).split(' '),
);
