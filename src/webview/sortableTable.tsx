import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** What it is sorted by; null stands last, whichever way. */
  value(row: Row): number | string | null;
  cell?(row: Row): ComponentChildren;
  /** Words begin at the left, numbers end at the right. */
  readonly isText?: boolean;
  /** Explains the heading. */
  readonly hint?: string;
}

export interface Sorting {
  readonly key: string;
  readonly ascending: boolean;
}

interface TableProps<Row> {
  readonly caption: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  readonly sorting: Sorting | null;
  readonly onSort: (sorting: Sorting | null) => void;
  readonly isChosen?: (row: Row) => boolean;
}

/** Rows drawn at first, and more each time they are asked for: a page of ten thousand rows would be slow. */
const AT_ONCE = 200;

/** A table whose headings sort it: once up, once down, then as it came. The first column names the row. */
export function SortableTable<Row>(props: TableProps<Row>) {
  const { caption, columns, keyOf, sorting, onSort, isChosen } = props;
  const [most, setMost] = useState(AT_ONCE);
  const rows = sorted(props.rows, columns, sorting);
  return (
    <section aria-label={caption}>
      <p class="quiet" role="status">
        {sortingWords(columns, sorting)}
      </p>
      <div class="wide">
        <table>
          <caption>{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <Heading key={column.key} column={column} sorting={sorting} onSort={onSort} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, most).map((row) => (
              <tr key={keyOf(row)} class={isChosen?.(row) ? 'chosen' : undefined}>
                {columns.map((column, i) => (
                  <Cell key={column.key} column={column} row={row} isName={i === 0} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > most && (
        <button type="button" class="secondary" onClick={() => setMost(most + AT_ONCE)}>
          Show {Math.min(AT_ONCE, rows.length - most)} more of {rows.length}
        </button>
      )}
    </section>
  );
}

/** The same rows in order; rows that are equal keep theirs. */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Pick<Column<Row>, 'key' | 'value'>[],
  sorting: Sorting | null,
): Row[] {
  const column = columns.find((one) => one.key === sorting?.key);
  if (!column || !sorting) return [...rows];
  const sign = sorting.ascending ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [one, other] = [column.value(a), column.value(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    if (typeof one === 'number' && typeof other === 'number') return sign * (one - other);
    return sign * String(one).localeCompare(String(other), undefined, { numeric: true });
  });
}

interface HeadingProps<Row> {
  readonly column: Column<Row>;
  readonly sorting: Sorting | null;
  readonly onSort: (sorting: Sorting | null) => void;
}

function Heading<Row>({ column: { key, title, hint, isText }, sorting, onSort }: HeadingProps<Row>) {
  const order = sorting?.key === key ? orderOf(sorting) : 'none';
  return (
    <th scope="col" aria-sort={order} class={isText ? 'text' : undefined}>
      <button type="button" class="heading" title={hint} onClick={() => onSort(nextSorting(key, sorting))}>
        {title}
        <span class="arrow" aria-hidden="true">
          {ARROWS[order]}
        </span>
      </button>
    </th>
  );
}

function Cell<Row>({ column, row, isName }: { column: Column<Row>; row: Row; isName: boolean }) {
  const content = column.cell?.(row) ?? column.value(row) ?? '–';
  if (isName) return <th scope="row">{content}</th>;
  return <td class={column.isText ? 'text' : undefined}>{content}</td>;
}

const ARROWS = { ascending: '▲', descending: '▼', none: '' } as const;

function orderOf({ ascending }: Sorting): 'ascending' | 'descending' {
  return ascending ? 'ascending' : 'descending';
}

function nextSorting(key: string, sorting: Sorting | null): Sorting | null {
  if (sorting?.key !== key) return { key, ascending: true };
  return sorting.ascending ? { key, ascending: false } : null;
}

function sortingWords<Row>(columns: readonly Column<Row>[], sorting: Sorting | null): string {
  const title = columns.find((one) => one.key === sorting?.key)?.title;
  return title && sorting ? `Sorted by ${title}, ${orderOf(sorting)}.` : '';
}
