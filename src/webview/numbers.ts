/** A number as a table shows it: four digits that count; a dash where there is none. */
export function figure(value: number | null): string {
  return value === null ? '–' : String(Number(value.toPrecision(4))).replace('-', '−');
}

/** A difference: with its sign, three digits that count. */
export function signed(value: number | null): string {
  if (value === null) return '–';
  return `${value < 0 ? '−' : '+'}${Number(Math.abs(value).toPrecision(3))}`;
}
