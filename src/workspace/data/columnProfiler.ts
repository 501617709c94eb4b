import type { CellKind, ColumnProfile, Note } from './dataProfile.ts';
import { type Hash, HashSample, hashText } from './hashSample.ts';

/** What a reader gives for a cell: text is read as what it says, other values are what they are. */
export type Cell = string | number | bigint | boolean | Date | object | null | undefined;

/** Values that are counted one by one; what has more is no class. */
const MOST_VALUES = 100;
/** A longer value is no class either. UTF-16 units. */
const LONGEST_VALUE = 80;
const KEPT_HASHES = 1 << 13;
/** So small a share of other kinds in a column is a mistake rather than a mixture. */
const STRAY = 0.05;
/** What pandas reads as missing. */
const MISSING = new Set(
  ',#N/A,#N/A N/A,#NA,-1.#IND,-1.#QNAN,-NaN,-nan,1.#IND,1.#QNAN,<NA>,N/A,NA,NULL,NaN,None,n/a,nan,null'.split(','),
);
const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const KINDS = ['integer', 'number', 'boolean', 'date', 'text', 'nested'] as const;

/** Gathers what can be said of one column, in bounded memory. */
export class ColumnProfiler {
  readonly name: string;
  readonly hash: Hash = { first: 0, second: 0 };
  #missing = 0;
  readonly #kinds: Record<CellKind, number> = { integer: 0, number: 0, boolean: 0, date: 0, text: 0, nested: 0 };
  readonly #seen = new Map<CellKind, { line: number; text: string }>();
  readonly #numbers = { count: 0, infinite: 0, mean: 0, squares: 0, min: Infinity, max: -Infinity };
  #dates: { first: string; last: string } | null = null;
  readonly #lengths = { min: Infinity, max: 0 };
  readonly #distinct = new HashSample(KEPT_HASHES);
  #values: Map<string, number> | null = new Map();

  constructor(name: string) {
    this.name = name;
  }

  /** Takes a value; `hash` is its hash afterwards. */
  add(cell: Cell, line: number): void {
    if (typeof cell === 'string') this.#addText(cell, line);
    else if (cell === null || cell === undefined || Number.isNaN(cell)) this.#addMissing();
    else {
      const number = typeof cell === 'number' || typeof cell === 'bigint' ? Number(cell) : 0;
      this.#count(kindOf(cell), textOf(cell), number, line);
    }
  }

  /** Whether the value taken last was none. */
  get lacked(): boolean {
    return this.hash.first === 0 && this.hash.second === 0;
  }

  /** So many rows had nothing here. */
  miss(rows: number): void {
    this.#missing += rows;
  }

  finish(): { profile: ColumnProfile; notes: Note[] } {
    const { count, mean, squares, min, max } = this.#numbers;
    const given = KINDS.reduce((sum, kind) => sum + this.#kinds[kind], 0);
    const few = this.#values !== null && given > 0 ? this.#values : null;
    const profile: ColumnProfile = {
      name: this.name,
      type: this.#type(given),
      missing: this.#missing,
      distinct: this.#distinct.distinct(),
      numbers: count === 0 ? null : { min, max, mean, deviation: count < 2 ? 0 : Math.sqrt(squares / (count - 1)) },
      dates: this.#dates,
      lengths: this.#kinds.text === 0 ? null : { ...this.#lengths },
      values: few && [...few].map(([value, n]) => ({ value, count: n })).sort(byCount),
    };
    return { profile, notes: this.#notes(given) };
  }

  #addText(raw: string, line: number): void {
    const code = raw.charCodeAt(0);
    // Padding is rare, and looking for it in every cell is not free.
    const text = code <= 32 || raw.charCodeAt(raw.length - 1) <= 32 ? raw.trim() : raw;
    if (text.length < 10 && MISSING.has(text)) {
      this.#addMissing();
      return;
    }
    const number = looksNumeric(text) ? Number(text) : Number.NaN;
    if (Number.isNaN(number)) this.#count(kindOfText(text), text, 0, line);
    else this.#count(isWhole(text, number) ? 'integer' : 'number', text, number, line);
  }

  #addMissing(): void {
    this.#missing += 1;
    this.hash.first = 0;
    this.hash.second = 0;
  }

  #count(kind: CellKind, text: string, number: number, line: number): void {
    hashText(text, this.hash);
    this.#distinct.add(this.hash.first, this.hash.second);
    const known = this.#kinds[kind];
    this.#kinds[kind] = known + 1;
    if (known === 0) this.#seen.set(kind, { line, text: text.slice(0, 40) });
    if (this.#values !== null) this.#countValue(text);
    if (kind === 'integer' || kind === 'number') this.#addNumber(number);
    else if (kind === 'date') this.#addDate(text);
    else if (kind === 'text') {
      if (text.length < this.#lengths.min) this.#lengths.min = text.length;
      if (text.length > this.#lengths.max) this.#lengths.max = text.length;
    }
  }

  #countValue(text: string): void {
    if (this.#values === null) return;
    // A cell may be a slice of a piece of the file, which it would keep in memory: a class is copied.
    const known = this.#values.get(text);
    if (known !== undefined) this.#values.set(text, known + 1);
    else if (text.length > LONGEST_VALUE || this.#values.size === MOST_VALUES) this.#values = null;
    else this.#values.set(Buffer.from(text).toString(), 1);
  }

  /** Source: Welford (1962). */
  #addNumber(value: number): void {
    const all = this.#numbers;
    if (!Number.isFinite(value)) {
      all.infinite += 1;
      return;
    }
    all.count += 1;
    const apart = value - all.mean;
    all.mean += apart / all.count;
    all.squares += apart * (value - all.mean);
    if (value < all.min) all.min = value;
    if (value > all.max) all.max = value;
  }

  #addDate(text: string): void {
    if (this.#dates === null) this.#dates = { first: text, last: text };
    else if (text < this.#dates.first) this.#dates.first = text;
    else if (text > this.#dates.last) this.#dates.last = text;
  }

  #named(): string {
    return /^column \d+$/.test(this.name) ? this.name : `column ${this.name}`;
  }

  #type(given: number): ColumnProfile['type'] {
    if (given === 0) return 'empty';
    const { integer, number } = this.#kinds;
    if (integer + number === given) return number > 0 ? 'number' : 'integer';
    return KINDS.find((kind) => this.#kinds[kind] === given) ?? 'mixed';
  }

  #notes(given: number): Note[] {
    const notes: Note[] = [];
    if (this.#numbers.infinite > 0)
      notes.push({ line: null, text: `${this.#named()} holds ${this.#numbers.infinite} infinite values` });
    const { integer, number, ...others } = this.#kinds;
    if (given === 0 || integer + number < given * (1 - STRAY)) return notes;
    for (const kind of KINDS) {
      const seen = this.#seen.get(kind);
      if (kind === 'integer' || kind === 'number' || seen === undefined) continue;
      const text = `${this.#named()} holds numbers, but ${JSON.stringify(seen.text)} here (${others[kind]} of ${given} values are ${kind})`;
      notes.push({ line: seen.line, text });
    }
    return notes;
  }
}

function kindOf(cell: Exclude<Cell, string | null | undefined>): CellKind {
  if (typeof cell === 'number') return Number.isInteger(cell) ? 'integer' : 'number';
  if (typeof cell === 'bigint') return 'integer';
  if (typeof cell === 'boolean') return 'boolean';
  return cell instanceof Date ? 'date' : 'nested';
}

function textOf(cell: Exclude<Cell, string | null | undefined>): string {
  if (cell instanceof Date) return cell.toISOString();
  return typeof cell === 'object' ? JSON.stringify(cell, bigintsAsText) : String(cell);
}

function bigintsAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function kindOfText(text: string): CellKind {
  if (/^(?:true|false)$/i.test(text)) return 'boolean';
  return text.charCodeAt(4) === 45 && DATE.test(text) ? 'date' : 'text';
}

/** By its first character, and not hexadecimal: `0x10` is no number to those who read tables. */
function looksNumeric(text: string): boolean {
  const code = text.charCodeAt(0);
  const isSign = code === 43 || code === 45;
  const next = isSign ? text.charCodeAt(1) : code;
  const digit = (next >= 48 && next <= 57) || next === 46;
  if (digit) return !/^[+-]?0[xob]/i.test(text);
  return /^[+-]?Infinity$/.test(text);
}

function isWhole(text: string, value: number): boolean {
  return Number.isInteger(value) && !text.includes('.') && !text.includes('e') && !text.includes('E');
}

function byCount(a: { value: string; count: number }, b: { value: string; count: number }): number {
  return b.count - a.count || (a.value < b.value ? -1 : 1);
}
