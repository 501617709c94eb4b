import { ByteSink } from './byteSink.ts';
import type { IndexedSymbol, ParsedText } from './facts.ts';
import { FIELD_NAMES, fieldTexts, flat, SATURATION, standingOf, weightOf } from './fields.ts';
import type { ParsedFile } from './parseFile.ts';
import { Postings } from './postings.ts';
import {
  headerBytes,
  type SegmentFile,
  type SegmentHeader,
  symbolRecord,
  TERM,
  TERMS_A_BLOCK,
} from './segmentFormat.ts';
import { eachRun, lastPart, split, stem } from './words.ts';

/** A file's size and time when it was found. */
export interface FileState {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly changed: number;
}

/** Gathers parsed files into one segment. Where files are parsed it is written too: what passes between threads is
 *  finished bytes. */
export class SegmentWriter {
  readonly #records = new ByteSink();
  readonly #symbols = new ByteSink();
  readonly #standing = new ByteSink();
  readonly #postings = new Postings();
  readonly #files: SegmentFile[] = [];
  /** Every term's number; those of the words in a run of letters, in a name; that of what is called. */
  readonly #terms = new Map<string, number>();
  readonly #runs = new Map<string, readonly number[]>();
  readonly #names = new Map<string, readonly number[]>();
  readonly #calls = new Map<string, number>();
  /** What each term weighs in the symbol at hand, and which do. */
  #weights = new Float64Array(1 << 12);
  readonly #held: number[] = [];
  #count = 0;

  get files(): number {
    return this.#files.length;
  }

  get symbols(): number {
    return this.#count;
  }

  add(file: FileState, { hash, facts, texts }: ParsedFile): void {
    const { symbols, ...rest } = facts;
    const at = this.#records.length;
    const length = this.#records.text(JSON.stringify(rest));
    const first = this.#count;
    for (const [i, symbol] of symbols.entries())
      this.#addSymbol(file.path, symbol, texts[i] ?? { about: '', says: [] });
    const definitions = symbols.filter(({ kind }) => kind !== 'file').length;
    const { path, bytes, changed } = file;
    const { language, problem } = facts;
    const own = { facts: [at, length], symbols: [first, symbols.length, definitions] } as const;
    this.#files.push({ path, bytes, changed, hash, language, problem, ...own });
  }

  /** @param older what becomes of files that older segments hold */
  finish({ gone = [], touched = [] }: Partial<Pick<SegmentHeader, 'gone' | 'touched'>> = {}): Uint8Array<ArrayBuffer> {
    const sink = this.#records;
    const at = { symbols: sink.length, postings: 0, terms: 0, standing: 0 };
    sink.bytes(this.#symbols.taken());
    at.postings = sink.length;
    const sorted = [...this.#terms.keys()].sort();
    const order = Int32Array.from(sorted, (term) => this.#terms.get(term) ?? 0);
    const { counts, bytes } = this.#postings.write(sink, order);
    at.terms = sink.length;
    const blocks = writeTerms(sink, sorted, counts, bytes);
    at.standing = sink.length;
    sink.bytes(this.#standing.taken());
    sink.bytes(headerBytes({ files: this.#files, gone, touched, symbols: this.#count, at, blocks }));
    return sink.taken();
  }

  #addSymbol(path: string, symbol: IndexedSymbol, text: ParsedText): void {
    this.#symbols.word(this.#records.length);
    this.#symbols.word(this.#records.text(symbolRecord(symbol, { about: text.about, says: text.says.join(' ') })));
    this.#symbols.word(this.#files.length);
    this.#standing.byte(Math.round(100 * standingOf(path, symbol)));
    this.#weigh(path, symbol, text);
    for (const term of this.#held) {
      const weight = this.#weights[term] ?? 0;
      this.#weights[term] = 0;
      this.#postings.add(term, this.#count, packedWeight(weight));
    }
    this.#held.length = 0;
    if (symbol.name !== '') this.#postings.add(this.#term(TERM.name(flat(lastPart(symbol.name)))), this.#count, 0);
    for (const term of new Set(symbol.calls.map((call) => this.#callTerm(call))))
      this.#postings.add(term, this.#count, 0);
    this.#count += 1;
  }

  /** What every word of a symbol weighs, over all of its fields, as it is weighed again when candidates are ranked. */
  #weigh(path: string, symbol: IndexedSymbol, { about, says }: ParsedText): void {
    const fields = fieldTexts(path, symbol, { about, says: '' });
    const words: number[] = [];
    const take = (run: string): void => {
      for (const term of this.#termsOf(run)) words.push(term);
    };
    for (const field of FIELD_NAMES) {
      words.length = 0;
      if (field !== 'says') eachRun(fields[field], take);
      else for (const piece of says) this.#termsOfPiece(piece, take, words);
      const each = weightOf(field, words.length);
      for (const term of words) {
        const before = this.#weights[term] ?? 0;
        if (before === 0) this.#held.push(term);
        this.#weights[term] = before + each;
      }
    }
  }

  /** A name is looked up as a whole, since it comes again and again; a message is taken apart. */
  #termsOfPiece(piece: string, take: (run: string) => void, words: number[]): void {
    const known = this.#names.get(piece);
    if (known !== undefined) {
      for (const term of known) words.push(term);
      return;
    }
    const from = words.length;
    eachRun(piece, take);
    if (/^\w+$/.test(piece)) this.#names.set(piece, words.slice(from));
  }

  #termsOf(run: string): readonly number[] {
    const known = this.#runs.get(run);
    if (known !== undefined) return known;
    const terms = split(run).map((word) => this.#term(stem(word)));
    this.#runs.set(run, terms);
    return terms;
  }

  #callTerm(call: string): number {
    const known = this.#calls.get(call);
    if (known !== undefined) return known;
    const term = this.#term(TERM.call(call));
    this.#calls.set(call, term);
    return term;
  }

  #term(text: string): number {
    const known = this.#terms.get(text);
    if (known !== undefined) return known;
    const number = this.#terms.size;
    this.#terms.set(text, number);
    if (number === this.#weights.length) {
      const larger = new Float64Array(2 * number);
      larger.set(this.#weights);
      this.#weights = larger;
    }
    return number;
  }
}

/** A weight as a share of what an endless one would count, in a byte. */
function packedWeight(weight: number): number {
  return Math.min(254, Math.max(1, Math.round((255 * weight) / (SATURATION + weight))));
}

/** What each byte stands for. */
export const WEIGHTS = Float64Array.from(
  { length: 256 },
  (_, byte) => (SATURATION * byte) / (255 - Math.min(254, byte)),
);

function writeTerms(
  sink: ByteSink,
  sorted: readonly string[],
  counts: Int32Array,
  bytes: Int32Array,
): SegmentHeader['blocks'] {
  const began = sink.length;
  const blocks: (readonly [string, number, number])[] = [];
  let postings = 0;
  for (const [i, term] of sorted.entries()) {
    if (i % TERMS_A_BLOCK === 0) blocks.push([term, sink.length - began, postings]);
    sink.varint(Buffer.byteLength(term));
    sink.text(term);
    sink.varint(counts[i] ?? 0);
    sink.varint(bytes[i] ?? 0);
    postings += bytes[i] ?? 0;
  }
  return blocks;
}
