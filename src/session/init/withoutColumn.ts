import { parse } from 'csv-parse/sync';

/** A table without one of its columns, as CSV; null where the text is no table with that column. */
export function withoutColumn(text: string, column: string): string | null {
  const rows = parse(text, { relax_column_count: true, skip_empty_lines: true, bom: true }) as string[][];
  const at = rows[0]?.indexOf(column) ?? -1;
  if (at < 0) return null;
  return rows
    .map(
      (row) =>
        `${row
          .filter((_, index) => index !== at)
          .map(cell)
          .join(',')}\n`,
    )
    .join('');
}

function cell(value: string): string {
  return /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
