import { informationOf } from './codeLength.ts';
import { type LabelColumn, LEAST_BITS } from './hiddenLabels.ts';
import { type LabelFinding, larger } from './labelFinding.ts';
import { findById } from './labelsById.ts';
import { type Match, SubstringIndex } from './longestMatches.ts';
import { isOneWord, lettersOf, tokensOf } from './tokens.ts';

/** A text is searched over its whole and by the position of words in its lines, so far. */
const MOST_POSITIONS = 32;
/** Tokens of matches that are weighed before a text of endless repetition is given up. */
const MOST_WORK = 5_000_000;
/** Agreement that is believed of a copy or a prediction when its stretch is followed beyond an error. Bits. */
const COPY_RATE = 0.95;
const ERROR_COST = 3;
const GIVE_UP = 24;

/** Looks for one hidden column in texts: its values in a row, or beside their ids in any order (trust.md,
 *  `hidden-unseen`). Made once for a column, since indexing it takes most of the time. */
export class LabelSearch {
  readonly #column: LabelColumn;
  readonly #symbols = new Map<string, number>();
  readonly #coded: readonly number[];
  readonly #shares: readonly number[];
  readonly #least: number;
  /** Values that are measured, not classes: then other numbers between them are errors, not other text. */
  readonly #measured: boolean;
  /** Whether every value is letters and digits alone, so that any sign between them may part them. */
  readonly #plain: boolean;
  #index: SubstringIndex | null = null;
  #work = 0;

  constructor(column: LabelColumn) {
    this.#column = column;
    this.#coded = column.values.map((value) => {
      const symbol = this.#symbols.get(value) ?? this.#symbols.size;
      this.#symbols.set(value, symbol);
      return symbol;
    });
    const counts = new Array<number>(this.#symbols.size).fill(0);
    for (const symbol of this.#coded) counts[symbol] = (counts[symbol] ?? 0) + 1;
    this.#shares = counts.map((count) => count / this.#coded.length);
    this.#least = leastLength(this.#symbols.size);
    this.#plain = [...this.#symbols.keys()].every(isOneWord);
    this.#measured = this.#symbols.size > 0.2 * this.#coded.length;
  }

  /** The largest finding of a text, given as lines; null where it holds none of the labels. */
  find(lines: readonly string[]): LabelFinding | null {
    const words = lines.map(tokensOf);
    const found = larger(this.#among(words), this.#aligned(this.#code(this.#digits(lines))));
    if (!this.#plain) return found;
    const letters = lines.map(lettersOf);
    const isOther = letters.some((line, i) => line.length !== words[i]?.length);
    return isOther ? larger(found, this.#among(letters)) : found;
  }

  #among(words: readonly string[][]): LabelFinding | null {
    const all = words.flat();
    const byId = findById(all, this.#column, { coded: this.#coded, symbols: this.#symbols, shares: this.#shares });
    return [...byId, this.#inARow(all, words)].reduce(larger, null);
  }

  #inARow(all: readonly string[], words: readonly string[][]): LabelFinding | null {
    let best = this.#aligned(this.#code(all));
    if (words.length >= this.#least) {
      for (let at = 0; at < MOST_POSITIONS; at += 1) {
        const column = words.flatMap((line) => line[at] ?? []);
        if (column.length < this.#least) break;
        if (column.length < all.length) best = larger(best, this.#aligned(this.#code(column)));
      }
    }
    return best;
  }

  /** Labels of one character may be written without anything between them. */
  #digits(lines: readonly string[]): string[] {
    const labels = [...this.#symbols.keys()];
    if (!labels.every((label) => label.length === 1)) return [];
    const runs = new RegExp(
      `[${labels.map((label) => `\\u{${label.codePointAt(0)?.toString(16)}}`).join('')}]{8,}`,
      'gu',
    );
    return lines.flatMap((line) => [...(line.toLowerCase().match(runs) ?? []).join('')]);
  }

  #code(tokens: readonly string[]): number[] {
    const coded = tokens.map((token) => this.#symbols.get(token) ?? (this.#measured && isNumber(token) ? -1 : -2));
    return coded.filter((symbol) => symbol !== -2);
  }

  #aligned(text: readonly number[]): LabelFinding | null {
    if (text.length < this.#least) return null;
    this.#index ??= new SubstringIndex(this.#coded, this.#symbols.size);
    const constantSince = startsOfRuns(text);
    let best: LabelFinding | null = null;
    let done = { diagonal: Number.NaN, end: -1 };
    for (const match of this.#index.matches(text, this.#least)) {
      const end = match.at + match.length;
      if ((constantSince[end - 1] ?? 0) <= match.at) continue;
      if (done.diagonal === match.at - match.in && end <= done.end) continue;
      if (this.#work > MOST_WORK) break;
      if (!this.#tells(text.slice(match.at, Math.min(end, match.at + 20_000)))) continue;
      const stretch = this.#stretch(text, match);
      done = { diagonal: match.at - match.in, end: stretch.end };
      best = larger(best, { column: this.#column.name, how: 'in a row', of: stretch.of, agreeing: stretch.agreeing });
    }
    return best;
  }

  #tells(match: readonly number[]): boolean {
    const values = match.map((symbol) => this.#value(symbol));
    for (const length of [512, values.length]) {
      this.#work += Math.min(length, values.length);
      if (informationOf(values.slice(0, length)) >= LEAST_BITS) return true;
      if (values.length <= length) return false;
    }
    return false;
  }

  #value(symbol: number): string {
    this.#names ??= [...this.#symbols.keys()];
    return this.#names[symbol] ?? '';
  }
  #names: string[] | null = null;

  /** Follows a match beyond errors for as long as what follows looks more like a copy than like chance. */
  #stretch(text: readonly number[], { at, in: start, length }: Match): { of: number; agreeing: number; end: number } {
    const follow = (from: number, step: 1 | -1): { length: number; agreeing: number } => {
      let best = { length: 0, agreeing: 0 };
      let [score, top, agreeing] = [0, 0, 0];
      for (let i = 0; score > top - GIVE_UP; i += 1) {
        const seen = text[from + step * i];
        const label = this.#coded[from + step * i - at + start];
        if (seen === undefined || label === undefined) break;
        if (seen === label) agreeing += 1;
        score += seen === label ? Math.max(0, Math.log2(COPY_RATE / (this.#shares[label] ?? 1))) : -ERROR_COST;
        if (score < top) continue;
        top = score;
        best = { length: i + 1, agreeing };
      }
      return best;
    };
    const [left, right] = [follow(at - 1, -1), follow(at + length, 1)];
    this.#work += left.length + right.length;
    return {
      of: left.length + length + right.length,
      agreeing: left.agreeing + length + right.agreeing,
      end: at + length + right.length,
    };
  }
}

/** No fewer tokens of so many classes reach the least information, with room for the code's own cost. */
function leastLength(alphabet: number): number {
  let length = 2;
  while (length * Math.log2(Math.min(Math.max(2, alphabet), length)) + 8 < LEAST_BITS) length += 1;
  return length;
}

/** For each token the first one of its run of equals. */
function startsOfRuns(text: readonly number[]): number[] {
  const starts: number[] = [];
  for (const [i, symbol] of text.entries()) starts.push(i > 0 && text[i - 1] === symbol ? (starts[i - 1] ?? i) : i);
  return starts;
}

function isNumber(token: string): boolean {
  return token !== '' && Number.isFinite(Number(token));
}
