import { type Cell, ColumnProfiler } from './columnProfiler.ts';
import { ID_COLUMN, type Note, type TableProfile } from './dataProfile.ts';
import { GapRows } from './gapRows.ts';
import { type Hash, HashSample, hashText, mixed } from './hashSample.ts';

/** Where a reader puts what it reads. */
export interface TableSink {
  header(names: readonly string[]): void;
  /** @param cells in the order of the columns; more of them make columns
   *  @param line from 1 */
  row(cells: readonly Cell[], line: number): void;
  note(text: string, line?: number): void;
  /** Reading stops before the end, for this reason. */
  stop(text: string, line: number): void;
}

/** Distinct rows kept of a file: above a million, counts are estimates (24 MB a set). */
const KEPT_ROWS = 1 << 20;
/** A table wider than this is a matrix: columns beyond are counted in rows, and not described. */
const MOST_COLUMNS = 2000;
/** Notes of one kind say it once; so many kinds are kept. */
const MOST_NOTES = 30;

interface RowKey {
  readonly columns: ReadonlySet<string> | null;
  readonly sample: HashSample;
  readonly sum: Hash;
}

/** A key with whether each column counts, in their order; null where all do. */
interface KeyInUse extends RowKey {
  readonly counts: readonly boolean[] | null;
}

/** Profiles a table from its rows, one at a time. */
export class TableProfiler implements TableSink {
  readonly #columns: ColumnProfiler[] = [];
  readonly #salts: Hash[] = [];
  readonly #notes: Note[] = [];
  readonly #gaps = new GapRows();
  readonly #whole: RowKey = keyOf(null);
  readonly #keys = new Map<string, RowKey>();
  #withoutIds: RowKey | null = null;
  #inUse: KeyInUse[] | null = null;
  #rows = 0;
  #complete = true;

  /** @param compared lists of columns by which rows are compared with those of other tables */
  constructor(compared: readonly (readonly string[])[] = []) {
    for (const columns of compared) this.#keys.set(columns.join('\0'), keyOf(new Set(columns)));
  }

  header(names: readonly string[]): void {
    if (names.length > MOST_COLUMNS) {
      this.note(
        `it has ${names.length} columns; the first ${MOST_COLUMNS} are described, and rows are compared by them`,
      );
    }
    for (const name of this.#unique(names.slice(0, MOST_COLUMNS))) this.#addColumn(name);
    const telling = names.filter((name) => !ID_COLUMN.test(name));
    if (telling.length > 0 && telling.length < names.length) this.#withoutIds = keyOf(new Set(telling));
  }

  row(cells: readonly Cell[], line: number): void {
    this.#rows += 1;
    this.#inUse ??= this.#keysInUse();
    const keys = this.#inUse;
    for (const key of keys) {
      key.sum.first = 0;
      key.sum.second = 0;
    }
    let lacks = false;
    for (let at = 0; at < this.#columns.length; at += 1) {
      const [column, salt] = [this.#columns[at], this.#salts[at]];
      if (column === undefined || salt === undefined) continue;
      column.add(cells[at], line);
      lacks ||= column.lacked;
      const first = mixed(column.hash.first ^ salt.first);
      const second = mixed(column.hash.second + salt.second);
      for (const { counts, sum } of keys) {
        if (counts !== null && counts[at] !== true) continue;
        // A sum has no order: tables with their columns in another order compare as well.
        sum.first = (sum.first + first) | 0;
        sum.second = (sum.second + second) | 0;
      }
    }
    for (const { sum, sample } of keys) sample.add(mixed(sum.first), sum.second);
    if (lacks) this.#gaps.add(this.#columns, cells, line);
  }

  /** A row of so many numbers that they are described as one column. */
  wideRow(cells: readonly Cell[], line: number): void {
    this.#rows += 1;
    const [column] = this.#columns;
    const { sum, sample } = this.#whole;
    sum.first = 0;
    sum.second = 0;
    for (const [at, cell] of cells.entries()) {
      column?.add(cell, line);
      sum.first = (sum.first + mixed((column?.hash.first ?? 0) ^ at)) | 0;
      sum.second = (sum.second + mixed((column?.hash.second ?? 0) + at)) | 0;
    }
    sample.add(mixed(sum.first), sum.second);
  }

  /** A column that shows up late: the rows before have no value there. */
  lateColumn(name: string): number {
    const at = this.#columns.length;
    this.#addColumn(name).miss(this.#rows);
    this.#gaps.all(this.#rows);
    return at;
  }

  get width(): number {
    return this.#columns.length;
  }

  note(text: string, line?: number): void {
    if (this.#notes.length < MOST_NOTES) this.#notes.push({ line: line ?? null, text });
  }

  stop(text: string, line: number): void {
    this.#complete = false;
    this.#notes.unshift({ line, text });
  }

  /** The rows by all that they hold. */
  get wholeRows(): HashSample {
    return this.#whole.sample;
  }

  /** The rows by these columns. */
  sampleBy(columns: readonly string[]): HashSample | null {
    return this.#keys.get(columns.join('\0'))?.sample ?? null;
  }

  finish(): Pick<
    TableProfile,
    'rows' | 'complete' | 'columns' | 'gaps' | 'duplicates' | 'duplicatesApartFromIds' | 'notes'
  > {
    const finished = this.#columns.map((column) => column.finish());
    return {
      rows: this.#rows,
      complete: this.#complete,
      columns: finished.map(({ profile }) => profile),
      gaps: this.#gaps.finish(),
      duplicates: this.#whole.sample.repeated(),
      duplicatesApartFromIds: this.#withoutIds?.sample.repeated() ?? null,
      notes: [...this.#notes, ...finished.flatMap(({ notes }) => notes)].slice(0, MOST_NOTES),
    };
  }

  #keysInUse(): KeyInUse[] {
    const keys = [this.#whole, ...(this.#withoutIds ? [this.#withoutIds] : []), ...this.#keys.values()];
    return keys.map((key) => {
      const { columns } = key;
      return { ...key, counts: columns && this.#columns.map(({ name }) => columns.has(name)) };
    });
  }

  #addColumn(name: string): ColumnProfiler {
    const column = new ColumnProfiler(name);
    const salt: Hash = { first: 0, second: 0 };
    hashText(name, salt);
    this.#columns.push(column);
    this.#salts.push(salt);
    this.#inUse = null;
    return column;
  }

  /** As pandas names them: a repeated name gets a number. */
  #unique(names: readonly string[]): string[] {
    const seen = new Map<string, number>();
    return names.map((given, at) => {
      const name = given === '' ? `Unnamed: ${at}` : given;
      const before = seen.get(name) ?? 0;
      seen.set(name, before + 1);
      if (before === 0) return name;
      this.note(`two columns are called ${JSON.stringify(name)}; this one is shown as ${name}.${before}`, 1);
      return `${name}.${before}`;
    });
  }
}

function keyOf(columns: ReadonlySet<string> | null): RowKey {
  return { columns, sample: new HashSample(KEPT_ROWS), sum: { first: 0, second: 0 } };
}
