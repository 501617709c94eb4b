import type { RunPulse, RunRow } from './messages.ts';
import { figure } from './numbers.ts';

/** Of the runs that go on: what each shows of itself now, and its last line. */
export function Pulses({ rows, pulses }: { rows: readonly RunRow[]; pulses: Readonly<Record<string, RunPulse>> }) {
  const live = rows.filter((row) => row.state === 'queued' && pulses[row.id]);
  if (live.length === 0) return null;
  return (
    <ul class="pulses" aria-label="Runs that go on">
      {live.map((row) => (
        <Pulse key={row.id} row={row} pulse={pulses[row.id]} />
      ))}
    </ul>
  );
}

function Pulse({ row, pulse }: { row: RunRow; pulse: RunPulse | undefined }) {
  if (!pulse) return null;
  const { metric, step, share, line } = pulse;
  const how = [step, share === null ? '' : `${Math.round(100 * share)}%`].filter(Boolean).join(' · ');
  return (
    <li>
      <p>
        <span class="quiet">
          {row.arm}, seed {row.seed}
        </span>
        {metric && (
          <span class="metric">
            <Course values={metric.course} /> {metric.name} {figure(metric.newest)}
          </span>
        )}
        {how && <span>{how}</span>}
      </p>
      {line && (
        <p class="last" title={line}>
          {line}
        </p>
      )}
    </li>
  );
}

const WIDTH = 64;
const HEIGHT = 14;

/** The course of a number as a line; its newest value stands beside it in words. */
function Course({ values }: { values: readonly number[] }) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const y = (value: number): number => 1 + (HEIGHT - 2) * (most === least ? 0.5 : (most - value) / (most - least));
  const x = (i: number): number => 1 + (WIDTH - 2) * (i / Math.max(1, values.length - 1));
  const points = values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  return (
    <svg class="course" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <polyline points={points} />
    </svg>
  );
}
