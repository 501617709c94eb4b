/** Words as one command line, quoted so that splitting it by POSIX shell rules (2.2 Quoting) gives the same words. */
export function quoteWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w{}@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
