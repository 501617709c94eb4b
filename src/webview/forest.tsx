/** What all intervals of a table are drawn on. */
export interface ForestScale {
  readonly from: number;
  readonly to: number;
}

const [WIDTH, HEIGHT, EDGE] = [72, 18, 6];

/** From the least to the greatest end of any interval, zero and the minimum effect among them. */
export function scaleOf(
  rows: readonly { gain: number | null; low: number | null; high: number | null }[],
  minimumEffect: number,
): ForestScale {
  const ends = rows.flatMap(({ gain, low, high }) => [gain, low, high].filter((end) => end !== null));
  const [from, to] = [Math.min(0, ...ends), Math.max(0, minimumEffect, ...ends)];
  return from === to ? { from: from - 1, to: to + 1 } : { from, to };
}

/** A gain and its interval beside zero, and the minimum effect. The numbers stand beside it, so it is no text. */
export function Interval({
  row: { gain, low, high },
  scale,
  minimumEffect,
}: {
  row: { gain: number | null; low: number | null; high: number | null };
  scale: ForestScale;
  minimumEffect: number;
}) {
  if (gain === null) return null;
  const x = (value: number): number => EDGE + ((value - scale.from) / (scale.to - scale.from)) * (WIDTH - EDGE - EDGE);
  const middle = HEIGHT / 2;
  return (
    <svg class="forest" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <line class="zero" x1={x(0)} x2={x(0)} y1={0} y2={HEIGHT} />
      {minimumEffect > 0 && <line class="least" x1={x(minimumEffect)} x2={x(minimumEffect)} y1={0} y2={HEIGHT} />}
      {low !== null && high !== null && <line class="range" x1={x(low)} x2={x(high)} y1={middle} y2={middle} />}
      <circle cx={x(gain)} cy={middle} r={4} />
    </svg>
  );
}
