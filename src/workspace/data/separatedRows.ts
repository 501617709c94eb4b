import type { TableSink } from './tableProfiler.ts';

/** A longer record is no row but a quote that was never closed. UTF-16 units. */
export const LARGEST_ROW = 16 * 2 ** 20;
const SEPARATORS = [',', ';', '\t', '|'];
const [QUOTE, NEWLINE, RETURN] = [34, 10, 13];

/**
 * Reads comma-separated text (RFC 4180, with what spreadsheets make of it) into a sink. A reader of its own: the
 * well-kept parsers give every cell through layers of options, at a tenth of the speed, and do not say where a quote
 * was opened that nobody closes.
 * @param separator null: the likeliest by the first line
 */
export class SeparatedRows {
  readonly #sink: TableSink;
  #separator: string | null;
  #rest = '';
  #line = 1;
  #width = 0;
  #hasHeader = false;
  #stopped = false;
  readonly #ragged = { count: 0, line: 0, cells: 0 };

  constructor(sink: TableSink, separator: string | null) {
    this.#sink = sink;
    this.#separator = separator;
  }

  /** Nothing more is wanted. */
  get stopped(): boolean {
    return this.#stopped;
  }

  take(piece: string): void {
    if (!this.#stopped) this.#read(this.#rest + piece, false);
  }

  end(): void {
    if (!this.#stopped && this.#rest !== '') this.#read(this.#rest, true);
    if (!this.#hasHeader && !this.#stopped) this.#sink.note('it is empty: no header, no rows');
    const { count, line, cells } = this.#ragged;
    if (count === 0) return;
    const rows = count === 1 ? 'this row has' : `this row (and ${count - 1} more that differ) has`;
    this.#sink.note(`${rows} ${cells} cells where the header has ${this.#width}`, line);
  }

  #read(text: string, last: boolean): void {
    this.#separator ??= likeliest(text, this.#sink);
    let at = 0;
    let quote = text.indexOf('"');
    while (at < text.length && !this.#stopped) {
      let end = text.indexOf('\n', at);
      if (end < 0 && !last) break;
      if (end < 0) end = text.length;
      if (quote >= 0 && quote < at) quote = text.indexOf('"', at);
      if (quote < 0 || quote > end) {
        this.#plain(text, at, end);
        at = end + 1;
        continue;
      }
      const next = this.#quoted(text, at, last);
      if (next < 0) break;
      at = next;
    }
    this.#rest = at < text.length ? text.slice(at) : '';
    if (!this.#stopped && this.#rest.length > LARGEST_ROW) this.#tooLong();
  }

  /** A line without a quote. */
  #plain(text: string, from: number, to: number): void {
    const end = to > from && text.charCodeAt(to - 1) === RETURN ? to - 1 : to;
    const line = this.#line;
    this.#line += 1;
    if (end === from) return;
    const separator = this.#separator ?? ',';
    const cells: string[] = [];
    for (let at = from; ; ) {
      const next = text.indexOf(separator, at);
      if (next < 0 || next >= end) {
        cells.push(text.slice(at, end));
        break;
      }
      cells.push(text.slice(at, next));
      at = next + 1;
    }
    this.#row(cells, line);
  }

  /** A record with quotes, which may hold line breaks.
   *  @returns where the next one begins; -1 where this one is not all here */
  #quoted(text: string, from: number, last: boolean): number {
    const separator = this.#separator ?? ',';
    const cells: string[] = [];
    let end = text.indexOf('\n', from);
    let lines = 1;
    for (let at = from; ; ) {
      const quoted = quotedPart(text, at);
      if (quoted === null) return this.#open(text, from, at, last);
      if (quoted.cell.includes('\n')) lines += count(quoted.cell, NEWLINE);
      if (end >= 0 && end < quoted.end) end = text.indexOf('\n', quoted.end);
      if (end < 0 && !last) return -1;
      const stop = end < 0 ? text.length : end;
      const to = cellEnd(text, quoted.end, stop, separator);
      const isLast = to === stop;
      cells.push(quoted.cell + (to === quoted.end ? '' : restOf(text, quoted.end, to, isLast)));
      at = to + 1;
      if (!isLast) continue;
      this.#row(cells, this.#line);
      this.#line += lines;
      return at;
    }
  }

  #row(cells: string[], line: number): void {
    if (!this.#hasHeader) {
      this.#header(cells, line);
      return;
    }
    if (cells.length !== this.#width) {
      if (this.#ragged.count === 0) Object.assign(this.#ragged, { line, cells: cells.length });
      this.#ragged.count += 1;
    }
    this.#sink.row(cells, line);
  }

  #header(cells: string[], line: number): void {
    this.#hasHeader = true;
    this.#width = cells.length;
    const isData = cells.some((cell) => /^[+-]?[\d.]+(?:e[+-]?\d+)?$/i.test(cell.trim()));
    if (!isData) {
      this.#sink.header(cells.map((cell) => cell.trim()));
      return;
    }
    this.#sink.note('the first line holds numbers, so it is read as data; columns are named by their place', line);
    this.#sink.header(cells.map((_, at) => `column ${at + 1}`));
    this.#sink.row(cells, line);
  }

  /** The rest of the quote may come with the next piece. */
  #open(text: string, from: number, quote: number, last: boolean): number {
    return last ? this.#unclosed(text, from, quote) : -1;
  }

  #unclosed(text: string, from: number, quote: number): number {
    this.#stopped = true;
    const line = this.#line + count(text.slice(from, quote), NEWLINE);
    this.#sink.stop('a quote is opened here and never closed; the rows before it are profiled', line);
    return -1;
  }

  #tooLong(): void {
    const quote = this.#rest.indexOf('"');
    const long = this.#rest.indexOf('\n');
    if (quote >= 0 && (long < 0 || quote < long)) {
      this.#unclosed(this.#rest, 0, quote);
      return;
    }
    this.#stopped = true;
    this.#sink.stop(`this row is longer than ${LARGEST_ROW / 2 ** 20} MB; the rows before it are profiled`, this.#line);
  }
}

/** What stands in quotes at a place, '' where there are none; null where they are not closed yet. */
function quotedPart(text: string, at: number): { cell: string; end: number } | null {
  if (text.charCodeAt(at) !== QUOTE) return { cell: '', end: at };
  const closed = closingQuote(text, at + 1);
  if (closed < 0) return null;
  const cell = text.slice(at + 1, closed);
  return { cell: cell.includes('"') ? cell.replaceAll('""', '"') : cell, end: closed + 1 };
}

function cellEnd(text: string, from: number, lineEnd: number, separator: string): number {
  const next = text.indexOf(separator, from);
  return next < 0 || next > lineEnd ? lineEnd : next;
}

/** The rest of a cell, without the carriage return that ends a line. */
function restOf(text: string, from: number, to: number, isLast: boolean): string {
  return text.slice(from, isLast && to > from && text.charCodeAt(to - 1) === RETURN ? to - 1 : to);
}

/** The quote that closes, two in a row standing for one; -1 where there is none yet. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text.charCodeAt(at + 1) !== QUOTE) return at;
  }
  return -1;
}

function count(text: string, code: number): number {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) === code) sum += 1;
  return sum;
}

function likeliest(text: string, sink: TableSink): string {
  const head = (text.split('\n', 1)[0] ?? '').replace(/"(?:[^"]|"")*"/g, '');
  const [best = ',', next = ','] = [...SEPARATORS].sort((a, b) => head.split(b).length - head.split(a).length);
  const found = head.split(best).length > head.split(next).length || best === ',' ? best : ',';
  if (found !== ',') sink.note(`cells are separated by ${JSON.stringify(found)}, not by commas`, 1);
  return found;
}
