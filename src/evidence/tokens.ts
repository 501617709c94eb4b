const BETWEEN = /[\s,;|"'`(){}[\]:=<>]+/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** Digits of a number that are compared: enough to know it again, too few to be lost in printing. */
const DIGITS = 12;

/** The words and numbers of a text, each as it is compared: see `sameValue`. */
export function tokensOf(text: string): string[] {
  return text.split(BETWEEN).filter(Boolean).map(sameValue);
}

/** One form for all ways to write a value: numbers by value to 12 digits, words without regard to case. */
export function sameValue(token: string): string {
  const plain = token.trim();
  if (!NUMBER.test(plain)) return plain.toLowerCase();
  return String(Number(Number(plain).toPrecision(DIGITS)) + 0);
}
