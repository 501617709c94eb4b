import { ByteSink } from './byteSink.ts';
import type { IndexedSymbol, ParsedText } from './facts.ts';
import { flat, SATURATION, standingOf } from './fields.ts';
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
import { SymbolTerms } from './symbolTerms.ts';
import { lastPart } from './words.ts';
import type { WordTable } from './wordTable.ts';

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
  readonly #terms = new SymbolTerms();
  /** The term of what is called. */
  readonly #calls = new Map<string, number>();
  #count = 0;

  /** Numbers the names of what is parsed for this segment. */
  get words(): WordTable {
    return this.#terms.words;
  }

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
      this.#addSymbol(file.path, symbol, texts[i] ?? { about: '', names: [], messages: [] });
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
    const { texts, numbers } = this.#terms.sorted();
    const { counts, bytes } = this.#postings.write(sink, numbers);
    at.terms = sink.length;
    const blocks = writeTerms(sink, texts, counts, bytes);
    at.standing = sink.length;
    sink.bytes(this.#standing.taken());
    sink.bytes(headerBytes({ files: this.#files, gone, touched, symbols: this.#count, at, blocks }));
    return sink.taken();
  }

  #addSymbol(path: string, symbol: IndexedSymbol, text: ParsedText): void {
    this.#symbols.word(this.#records.length);
    this.#symbols.word(this.#records.text(symbolRecord(symbol, { about: text.about, says: this.#said(text) })));
    this.#symbols.word(this.#files.length);
    this.#standing.byte(Math.round(100 * standingOf(path, symbol)));
    this.#terms.weigh(path, symbol, text, (term, weight) =>
      this.#postings.add(term, this.#count, packedWeight(weight)),
    );
    if (symbol.name !== '')
      this.#postings.add(this.#terms.number(TERM.name(flat(lastPart(symbol.name)))), this.#count, 0);
    for (const term of new Set(symbol.calls.map((call) => this.#callTerm(call))))
      this.#postings.add(term, this.#count, 0);
    this.#count += 1;
  }

  #said({ names, messages }: ParsedText): string {
    let said = '';
    for (const name of names) said += `${this.words.text(name)} `;
    return said + messages.join(' ');
  }

  #callTerm(call: string): number {
    const known = this.#calls.get(call);
    if (known !== undefined) return known;
    const term = this.#terms.number(TERM.call(call));
    this.#calls.set(call, term);
    return term;
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
