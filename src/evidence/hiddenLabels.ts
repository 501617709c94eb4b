import { readFile, stat } from 'node:fs/promises';
import type { Binding } from '../domain/run.ts';
import { informationOf } from './codeLength.ts';
import { filesOf, type NamedFile, tablesOf } from './inputFiles.ts';
import { isTable, openTable, readColumns } from './table.ts';
import { sameValue, tokensOf } from './tokens.ts';

/** A column that only hidden files hold: what nobody's text may contain. */
export interface LabelColumn {
  /** File and column, as a reader knows them. */
  readonly name: string;
  /** Every row's value, in the file's order, as it is compared. */
  readonly values: readonly string[];
  /** Rows by the id that visible inputs have for them; empty where there is none. */
  readonly rows: ReadonlyMap<string, number>;
}

export interface HiddenLabels {
  readonly columns: readonly LabelColumn[];
  /** What was left aside and why, in words; '' where nothing was. */
  readonly leftOut: string;
}

/** The least information that says more than chance could. Bits. */
export const LEAST_BITS = 48;
/** Rows of a hidden file that are searched for. */
const MOST_LABELS = 200_000;
const LARGEST_TEXT = 64 * 2 ** 20;
/** A column is held elsewhere when so much of it is. */
const HELD = 0.98;
/** Columns that only name a row. */
export const ID_NAME = /^(?:id|index|.*_id)$/i;

/** The columns of hidden files that no visible input holds and that are long enough to be known again. */
export async function readHiddenLabels(hidden: readonly Binding[], visible: readonly Binding[]): Promise<HiddenLabels> {
  const unread: string[] = [];
  const short: string[] = [];
  const columns: LabelColumn[] = [];
  const inputs = await tablesOf(visible);
  for (const file of await filesOf(hidden)) {
    const own = await columnsOf(file);
    if (own === null) {
      unread.push(file.name);
      continue;
    }
    const held = await heldColumns(own, inputs);
    const rows = idsOf(own, held);
    for (const [column, values] of own) {
      if (held.has(column) || ID_NAME.test(column)) continue;
      if (tells(values)) columns.push({ name: `${file.name} (${column})`, values, rows });
      else short.push(`${file.name} (${column})`);
    }
  }
  const reasons = [
    unread.length > 0 ? `${unread.join(', ')} cannot be read as a table or text` : '',
    short.length > 0 ? `${short.join(', ')} holds less than ${LEAST_BITS} bits` : '',
  ];
  return { columns, leftOut: reasons.filter(Boolean).join('; ') };
}

function tells(values: readonly string[]): boolean {
  return informationOf(values.slice(0, 512)) >= LEAST_BITS || informationOf(values.slice(0, 20_000)) >= LEAST_BITS;
}

type Columns = ReadonlyMap<string, readonly string[]>;

async function columnsOf({ path }: NamedFile): Promise<Columns | null> {
  const table = isTable(path) ? await openTable(path) : null;
  if (table === null) return await columnsOfText(path);
  const columns = [...(await readColumns(table))];
  return new Map(columns.map(([name, cells]) => [name, cells.slice(0, MOST_LABELS).map(compared)]));
}

/** A text: columns by position where all lines have as many words, else one column of all words. */
async function columnsOfText(path: string): Promise<Columns | null> {
  if ((await stat(path)).size > LARGEST_TEXT) return null;
  const text = await readFile(path, 'utf8');
  if (text.includes('\0') || text.includes('\uFFFD')) return null;
  const lines = text
    .split('\n')
    .map(tokensOf)
    .filter((tokens) => tokens.length > 0);
  const width = lines[0]?.length ?? 0;
  if (width < 2 || lines.some((tokens) => tokens.length !== width)) {
    return new Map([['text', lines.flat().slice(0, MOST_LABELS)]]);
  }
  const rows = lines.slice(0, MOST_LABELS);
  return new Map(Array.from({ length: width }, (_, i) => [`column ${i + 1}`, rows.map((tokens) => tokens[i] ?? '')]));
}

/** A cell of one word is that word; of several, all of them. */
function compared(cell: string): string {
  const tokens = tokensOf(cell);
  return tokens.length === 1 ? (tokens[0] ?? '') : sameValue(cell);
}

/** Names of columns that a visible input has too: row by row, or, of values that are nearly all different, in any order. */
async function heldColumns(own: Columns, inputs: readonly NamedFile[]): Promise<Set<string>> {
  const held = new Set<string>();
  for (const { path } of inputs) {
    const table = await openTable(path);
    if (table === null) continue;
    const trials = [...own].flatMap(([name, values]) => {
      if (held.has(name)) return [];
      const distinct = new Set(values);
      const rare = distinct.size >= 0.9 * values.length;
      return table.columns.map((_, at) => new Trial(name, at, values, rare ? distinct : null));
    });
    if (trials.length === 0) return held;
    let row = 0;
    for await (const cells of table.rows) {
      const seen = cells.map(compared);
      for (const trial of trials) trial.add(row, seen[trial.at] ?? '');
      row += 1;
    }
    for (const trial of trials) if (trial.holds(row)) held.add(trial.name);
  }
  return held;
}

/** Whether one column of a visible table is one hidden column. */
class Trial {
  readonly name: string;
  readonly at: number;
  readonly #values: readonly string[];
  readonly #distinct: ReadonlySet<string> | null;
  readonly #found = new Set<string>();
  /** What most rows hold, which two columns share by chance. */
  readonly #commonest: string;
  readonly #telling: number;
  #hits = 0;
  #equal = 0;

  constructor(name: string, at: number, values: readonly string[], distinct: ReadonlySet<string> | null) {
    this.name = name;
    this.at = at;
    this.#values = values;
    this.#distinct = distinct;
    this.#commonest = commonest(values);
    this.#telling = values.filter((value) => value !== this.#commonest).length;
  }

  add(row: number, value: string): void {
    if (this.#values[row] === value && value !== this.#commonest) this.#equal += 1;
    if (!this.#distinct?.has(value)) return;
    this.#hits += 1;
    this.#found.add(value);
  }

  holds(rows: number): boolean {
    if (rows === this.#values.length && this.#equal >= HELD * this.#telling) return true;
    if (this.#distinct === null) return false;
    return this.#found.size >= HELD * this.#distinct.size && this.#hits <= 1.2 * this.#found.size;
  }
}

function commonest(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), ['', 0])[0];
}

/** Rows by id: the column that visible inputs hold too, or that is named so, if all its values differ. */
function idsOf(own: Columns, held: ReadonlySet<string>): ReadonlyMap<string, number> {
  const names = [...own.keys()];
  const order = [...names.filter((name) => ID_NAME.test(name)), ...names.filter((name) => held.has(name))];
  for (const name of order) {
    const values = own.get(name) ?? [];
    const rows = new Map(values.map((value, row) => [value, row]));
    if (rows.size === values.length && rows.size > 0) return rows;
  }
  return new Map();
}
