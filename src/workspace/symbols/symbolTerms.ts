import type { IndexedSymbol, ParsedText } from './facts.ts';
import { FIELD_NAMES, type Field, fieldTexts, weightOf } from './fields.ts';
import { eachRun, split, stem } from './words.ts';
import { WordTable } from './wordTable.ts';

/** Numbers the terms of a segment, and says what each weighs in a symbol. All in numbers: a thousand files have millions
 *  of words, and a look into a map for each takes as long as parsing them. */
export class SymbolTerms {
  /** Numbers the words of what is parsed. */
  readonly words = new WordTable();
  readonly #numbers = new Map<string, number>();
  /** How many terms a word is taken apart into, then those terms; one word behind the other, from 1 on. */
  #parts = new Int32Array(1 << 12);
  #partsEnd = 1;
  /** Where the parts of each word stand; 0 where it was not taken apart. */
  #places = new Int32Array(1 << 12);
  /** The terms of the field at hand. */
  #field = new Int32Array(1 << 10);
  #length = 0;
  #weights = new Float64Array(1 << 12);
  readonly #held: number[] = [];

  /** Terms in the order of their texts, and their numbers. */
  sorted(): { texts: string[]; numbers: Int32Array } {
    const texts = [...this.#numbers.keys()].sort();
    return { texts, numbers: Int32Array.from(texts, (text) => this.#numbers.get(text) ?? 0) };
  }

  number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(text, number);
    if (number === this.#weights.length) {
      const before = this.#weights;
      this.#weights = new Float64Array(2 * number);
      this.#weights.set(before);
    }
    return number;
  }

  /** Calls for every term of a symbol with what it weighs over all of its fields, as it is weighed again when candidates
   *  are ranked. */
  weigh(path: string, symbol: IndexedSymbol, text: ParsedText, take: (term: number, weight: number) => void): void {
    const fields = fieldTexts(path, symbol, { about: text.about, says: '' });
    for (const field of FIELD_NAMES) {
      this.#length = 0;
      if (field === 'says') for (const name of text.names) this.#put(name);
      for (const piece of field === 'says' ? text.messages : [fields[field]]) this.#putAll(piece);
      this.#raise(field);
    }
    for (const term of this.#held) {
      take(term, this.#weights[term] ?? 0);
      this.#weights[term] = 0;
    }
    this.#held.length = 0;
  }

  #putAll(text: string): void {
    eachRun(text, (from, to) => this.#put(this.words.number(text, from, to)));
  }

  /** Adds the terms of a word to the field. */
  #put(word: number): void {
    const at = this.#places[word] || this.#takenApart(word);
    const count = this.#parts[at] ?? 0;
    this.#field = roomFor(this.#field, this.#length + count);
    for (let i = 1; i <= count; i += 1) this.#field[this.#length++] = this.#parts[at + i] ?? 0;
  }

  /** Once for each word, since it comes again and again. @returns where its parts stand */
  #takenApart(word: number): number {
    const terms = split(this.words.text(word)).map((part) => this.number(stem(part)));
    const at = this.#partsEnd;
    this.#partsEnd += terms.length + 1;
    this.#parts = roomFor(this.#parts, this.#partsEnd);
    this.#parts[at] = terms.length;
    this.#parts.set(terms, at + 1);
    this.#places = roomFor(this.#places, word + 1);
    this.#places[word] = at;
    return at;
  }

  #raise(field: Field): void {
    const each = weightOf(field, this.#length);
    for (let i = 0; i < this.#length; i += 1) {
      const term = this.#field[i] ?? 0;
      const before = this.#weights[term] ?? 0;
      if (before === 0) this.#held.push(term);
      this.#weights[term] = before + each;
    }
  }
}

/** The same numbers, or a copy that has room for so many. */
function roomFor(numbers: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (length <= numbers.length) return numbers;
  const larger = new Int32Array(Math.max(length, 2 * numbers.length));
  larger.set(numbers);
  return larger;
}
