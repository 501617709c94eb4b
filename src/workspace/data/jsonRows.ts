import type { Cell } from './columnProfiler.ts';
import { LARGEST_ROW } from './separatedRows.ts';
import type { TableProfiler } from './tableProfiler.ts';

const MOST_KEYS = 1000;

/** Reads one JSON object (or list, or value) a line. */
export class JsonLines {
  readonly #table: TableProfiler;
  readonly #objects: JsonObjects;
  #rest = '';
  #line = 0;
  #stopped = false;
  readonly #bad = { count: 0, line: 0, why: '' };

  constructor(table: TableProfiler) {
    this.#table = table;
    this.#objects = new JsonObjects(table);
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  take(piece: string): void {
    if (this.#stopped) return;
    const text = this.#rest + piece;
    let at = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      this.#add(text.slice(at, end));
      at = end + 1;
    }
    this.#rest = text.slice(at);
    if (this.#rest.length <= LARGEST_ROW) return;
    this.#stopped = true;
    this.#table.stop(
      `this line is longer than ${LARGEST_ROW / 2 ** 20} MB; the lines before it are profiled`,
      this.#line + 1,
    );
  }

  end(): void {
    if (!this.#stopped && this.#rest.trim() !== '') this.#add(this.#rest);
    const { count, line, why } = this.#bad;
    if (count > 0) this.#table.note(`${count === 1 ? 'this line is' : `${count} lines are`} no JSON (${why})`, line);
    if (this.#line === 0) this.#table.note('it is empty');
  }

  #add(text: string): void {
    this.#line += 1;
    if (text.trim() === '') return;
    try {
      this.#objects.add(JSON.parse(text), this.#line);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      if (this.#bad.count === 0) Object.assign(this.#bad, { line: this.#line, why: error.message.slice(0, 80) });
      this.#bad.count += 1;
    }
  }
}

/** Puts values into a table: an object's keys are columns, which may come late. */
export class JsonObjects {
  readonly #table: TableProfiler;
  readonly #places = new Map<string, number>();
  #left = 0;

  constructor(table: TableProfiler) {
    this.#table = table;
  }

  add(value: unknown, line: number): void {
    const entries = entriesOf(value);
    if (this.#places.size === 0) {
      const names = entries.slice(0, MOST_KEYS).map(([key]) => key);
      this.#table.header(names);
      for (const [at, name] of names.entries()) this.#places.set(name, at);
    }
    const cells: Cell[] = new Array(this.#table.width).fill(null);
    for (const [key, cell] of entries) {
      const at = this.#places.get(key) ?? this.#late(key);
      if (at !== null) cells[at] = cell as Cell;
    }
    this.#table.row(cells, line);
  }

  #late(name: string): number | null {
    if (this.#places.size >= MOST_KEYS) {
      this.#left += 1;
      if (this.#left === 1)
        this.#table.note(`there are more than ${MOST_KEYS} keys; ${name} and later ones are left out`);
      return null;
    }
    const at = this.#table.lateColumn(name);
    this.#places.set(name, at);
    return at;
  }
}

/** An object's keys or a list's places with their values; what is neither is a value. */
function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [['value', value]];
}

/** A JSON file as a table: a list of objects, or an object of lists of one length.
 *  @returns why it is none, or null */
export function readJsonTable(text: string, table: TableProfiler): string | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return `it is no JSON: ${error.message.slice(0, 120)}`;
  }
  const objects = new JsonObjects(table);
  if (Array.isArray(value)) {
    for (const one of value) objects.add(one, 1);
    return null;
  }
  if (typeof value !== 'object' || value === null) return 'it holds one value, no table';
  const lists = Object.entries(value).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  const [first] = lists;
  const isColumnar =
    lists.length === Object.keys(value).length && lists.every(([, l]) => l.length === first?.[1].length);
  if (first === undefined || !isColumnar) {
    const keys = Object.keys(value).slice(0, 8).join(', ');
    const [name, rows] = lists.sort((a, b) => b[1].length - a[1].length)[0] ?? [];
    if (name === undefined || rows === undefined) return `it holds an object, no table; its keys are ${keys}`;
    table.note(`it holds an object; the rows are those of its longest list, ${name} (keys: ${keys})`);
    for (const one of rows) objects.add(one, 1);
    return null;
  }
  for (const at of first[1].keys()) objects.add(Object.fromEntries(lists.map(([name, list]) => [name, list[at]])), 1);
  return null;
}
