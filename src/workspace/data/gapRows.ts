import type { Cell } from './columnProfiler.ts';
import { type Gaps, ID_COLUMN } from './dataProfile.ts';

/** Rows with a gap that are kept by name. */
const MOST_ROWS = 3;
const LONGEST_NAME = 40;
/** Columns that say which rows a row belongs to. */
const PART_COLUMN = /^(?:split|fold|set|subset|partition)$/i;

/** Gathers the rows of a table that lack a value, the first of them by what names them. */
export class GapRows {
  #rows = 0;
  readonly #first: Gaps['first'][number][] = [];

  /** @param columns in the order of the cells
   *  @param line from 1 */
  add(columns: readonly { readonly name: string }[], cells: readonly Cell[], line: number): void {
    this.#rows += 1;
    if (this.#first.length >= MOST_ROWS) return;
    const telling = columns.flatMap(({ name }, at) => {
      const cell = cells[at];
      const isName = ID_COLUMN.test(name) || PART_COLUMN.test(name);
      if (!isName || cell === '' || cell === null || cell === undefined) return [];
      return [`${name} ${String(cell).slice(0, LONGEST_NAME)}`];
    });
    this.#first.push({ line, names: telling });
  }

  /** So many rows, which are all there were, had nothing in a column that shows up only now. */
  all(rows: number): void {
    this.#rows = rows;
  }

  finish(): Gaps {
    return { rows: this.#rows, first: this.#first };
  }
}
