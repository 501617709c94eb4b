/** Points of one arm that are drawn; of more seeds an even share is shown, and the description says so. */
export const MOST_POINTS = 400;

/** A number for people: four significant digits, no more than the metric's noise deserves. */
export function figure(value: number | null): string {
  if (value === null) return '–';
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(2);
  return String(Number(value.toPrecision(size >= 1 ? 5 : 4)));
}

/** The same with its sign, for differences. */
export function signed(value: number | null): string {
  return value !== null && value > 0 ? `+${figure(value)}` : figure(value);
}

/** Seconds as people say them. */
export function duration(seconds: number): string {
  if (seconds < 100) return `${figure(Number(seconds.toPrecision(2)))} s`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`;
  return `${figure(Number((seconds / 3600).toPrecision(2)))} h`;
}
