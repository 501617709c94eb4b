/** The longest context of the adaptive code: trust.md asks for the best of orders 0 to 3. */
const HIGHEST_ORDER = 3;

/** Bits that a sequence of tokens takes to tell somebody who knows nothing but its alphabet: the smaller of the code
 *  lengths of the tokens and, where all are numbers, of their differences, so that counting up is nothing.
 *  Source: trust.md, `hidden-unseen`. */
export function informationOf(tokens: readonly string[]): number {
  const plain = adaptiveCodeLength(tokens);
  const numbers = tokens.map(Number);
  if (tokens.length < 2 || !numbers.every(Number.isFinite)) return plain;
  const differences = numbers.slice(1).map((value, i) => Number((value - (numbers[i] ?? 0)).toPrecision(12)));
  return Math.min(plain, adaptiveCodeLength(differences.map(String)));
}

/** Bits of the adaptive code of Krichevsky and Trofimov (1981), the best of orders 0 to 3, over the alphabet that the
 *  sequence itself uses. */
export function adaptiveCodeLength(tokens: readonly string[]): number {
  const symbols = new Map<string, number>();
  const coded = tokens.map((token) => {
    const known = symbols.get(token) ?? symbols.size;
    symbols.set(token, known);
    return known;
  });
  if (symbols.size < 2) return 0;
  let best = Number.POSITIVE_INFINITY;
  for (let order = 0; order <= HIGHEST_ORDER; order += 1) {
    // Contexts that no number can hold exactly are all new anyway: such an alphabet repeats nothing at that order.
    if ((symbols.size + 1) ** (order + 1) > Number.MAX_SAFE_INTEGER) break;
    best = Math.min(best, lengthAtOrder(coded, symbols.size, order));
  }
  return best;
}

function lengthAtOrder(coded: readonly number[], alphabet: number, order: number): number {
  // A context is a number in base alphabet + 1, where 0 stands for what lies before the beginning.
  const base = alphabet + 1;
  const size = base ** order;
  const seen = new Map<number, number>();
  const totals = new Map<number, number>();
  let bits = 0;
  let context = 0;
  for (const symbol of coded) {
    const key = context * base + symbol + 1;
    const count = seen.get(key) ?? 0;
    const total = totals.get(context) ?? 0;
    bits -= Math.log2((count + 0.5) / (total + alphabet / 2));
    seen.set(key, count + 1);
    totals.set(context, total + 1);
    context = size === 1 ? 0 : key % size;
  }
  return bits;
}
