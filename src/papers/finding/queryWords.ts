/** Words that say nothing of what a paper is about. */
const EMPTY = new Set(
  'a an and are as at be by can do does for from how in into is it its of on or our that the their these this to towards using via we what which with without'.split(
    ' ',
  ),
);

/** The words of a question that a search can use: in small letters, without marks of any query language. */
export function queryWords(question: string): string[] {
  const words = fold(question).match(/[\p{L}\p{N}]+(?:[-.+][\p{L}\p{N}]+)*/gu) ?? [];
  const telling = words.filter((word) => !EMPTY.has(word));
  return [...new Set(telling.length > 0 ? telling : words)];
}

/** Text in small letters without accents, so that different spellings of one word are the same. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}
