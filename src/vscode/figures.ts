/** A duration as a row has room for: `0.4 s`, `3 min 20 s`, `2 h 5 min`.
 *  @param seconds at least 0 */
export function shortTime(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return joined(minutes, 'min', Math.round(seconds % 60), 's');
  if (minutes < 60) return `${Math.round(seconds / 60)} min`;
  return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

/** A gain with its sign, three digits that count; empty where there is none. */
export function gainOf(value: number | null): string {
  if (value === null) return '';
  return `${value < 0 ? '−' : '+'}${Number(Math.abs(value).toPrecision(3))}`;
}

function joined(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;
}
