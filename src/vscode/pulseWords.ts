import type { RunPulse } from '../domain/pulse.ts';

const BLOCKS = '▁▂▃▄▅▆▇█';
/** Columns of a course in a row of the tree. */
const WIDTH = 12;

/** A run's pulse in one line: `loss 0.31 ▇▅▃▂▁ · epoch 3/10 · 30%`. */
export function pulseWords({ metric, step, share }: RunPulse): string[] {
  const course =
    metric === null ? '' : `${metric.name} ${Number(metric.newest.toPrecision(4))} ${blocks(metric.course)}`;
  return [course, step, share === null ? '' : `${Math.round(100 * share)}%`].filter((word) => word !== '');
}

/** Numbers as letters of eight heights; each stands for the mean of its share of them. */
export function blocks(values: readonly number[]): string {
  const columns = Math.min(WIDTH, values.length);
  const means = Array.from({ length: columns }, (_, i) => {
    const part = values.slice(
      Math.floor((i * values.length) / columns),
      Math.floor(((i + 1) * values.length) / columns),
    );
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const [least, most] = [Math.min(...means), Math.max(...means)];
  const height = (value: number): number => (most === least ? 3 : Math.round((7 * (value - least)) / (most - least)));
  return means.map((value) => BLOCKS[height(value)]).join('');
}
