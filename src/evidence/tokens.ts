/** Between words; `\n` and the like stand for themselves in texts within texts, as in the output of a notebook. */
const BETWEEN = /(?:[\s,;|"'`(){}[\]:=<>]|\\[nrt]?)+/;
const BETWEEN_LETTERS = /[^\p{L}\p{N}]+/u;
const LETTERS = /^[\p{L}\p{N}]+$/u;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** Digits of a number that are compared: enough to know it again, too few to be lost in printing. */
const DIGITS = 12;

/** The words and numbers of a text, each as it is compared: see `sameValue`. */
export function tokensOf(text: string): string[] {
  return text.split(BETWEEN).filter(Boolean).map(sameValue);
}

/** The same where whatever is neither letter nor digit parts words, so that `t1-0` and `t1_0` are two. */
export function lettersOf(text: string): string[] {
  return text.split(BETWEEN_LETTERS).filter(Boolean).map(sameValue);
}

/** Whether a value is still one token among `lettersOf`. */
export function isOneWord(value: string): boolean {
  return LETTERS.test(value);
}

/** One form for all ways to write a value: numbers by value to 12 digits, words without regard to case. */
export function sameValue(token: string): string {
  const plain = token.trim();
  if (!NUMBER.test(plain)) return plain.toLowerCase();
  return String(Number(Number(plain).toPrecision(DIGITS)) + 0);
}
