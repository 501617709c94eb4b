import { memo } from 'preact/compat';
import type { Host } from './host.ts';
import type { ItemOf, RunPulse, RunRow } from './messages.ts';
import { figure, signed } from './numbers.ts';
import { Pulses } from './pulses.tsx';

interface RunsProps {
  item: ItemOf<'runs'>;
  pulses: Readonly<Record<string, RunPulse>>;
  host: Host;
}

/** The measurement as it fills in: a line a seed, a column an arm. Every cell leads to its run's output. */
export const Runs = memo(function Runs({ item, pulses, host }: RunsProps) {
  const seeds = [...new Set(item.rows.map((row) => row.seed))];
  const arms = armsOf(item.rows);
  const ended = item.rows.filter((row) => row.state !== 'queued');
  const failed = ended.filter((row) => row.state !== 'finished');
  const find = (arm: string, seed: number) => item.rows.findLast((row) => row.arm === arm && row.seed === seed);
  return (
    <li class="entry runs">
      <h2 class="who">Runs</h2>
      <p class="quiet" role="status">
        {ended.length} of {item.planned} runs ended{failed.length > 0 && `, ${failed.length} failed or stopped`}
      </p>
      <progress max={item.planned} value={ended.length} aria-label="Runs ended" />
      <Pulses rows={item.rows} pulses={pulses} />
      {seeds.length > 0 && (
        <section class="wide" aria-label="Runs by seed and arm">
          <table>
            <caption>{item.metric}</caption>
            <thead>
              <tr>
                <th scope="col">seed</th>
                {arms.map((arm) => (
                  <th scope="col" key={arm}>
                    {arm}
                  </th>
                ))}
                {arms.length === 2 && (
                  <th scope="col">
                    <abbr title="difference">Δ</abbr>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {seeds.map((seed) => (
                <tr key={seed}>
                  <th scope="row">{seed}</th>
                  {arms.map((arm) => (
                    <Cell key={arm} row={find(arm, seed)} host={host} />
                  ))}
                  {arms.length === 2 && <td>{difference(find(arms[0] ?? '', seed), find(arms[1] ?? '', seed))}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <Failures rows={failed} />
    </li>
  );
});

function Cell({ row, host }: { row: RunRow | undefined; host: Host }) {
  if (!row) return <td />;
  return (
    <td>
      <button
        type="button"
        class={`link ${row.state}`}
        aria-label={`${row.arm}, seed ${row.seed}: ${cellWords(row)}; follow the run`}
        title={[row.reason, row.seconds === null ? '' : `${row.seconds.toFixed(1)} s`].filter(Boolean).join(' · ')}
        onClick={() => host.post({ type: 'followRun', run: row.id })}
      >
        {cellWords(row)}
      </button>
    </td>
  );
}

function cellWords(row: RunRow): string {
  if (row.state === 'queued') return 'running';
  return row.state === 'finished' ? figure(row.value) : row.state;
}

function Failures({ rows }: { rows: readonly RunRow[] }) {
  if (rows.length === 0) return null;
  return (
    <ul class="failures">
      {rows.map((row) => (
        <li key={row.id}>
          {row.arm}, seed {row.seed}: {row.reason}
        </li>
      ))}
    </ul>
  );
}

/** The baseline first, the others as they came. */
function armsOf(rows: readonly RunRow[]): string[] {
  const arms = [...new Set(rows.map((row) => row.arm))];
  return [...arms.filter((arm) => arm === 'baseline'), ...arms.filter((arm) => arm !== 'baseline')];
}

function difference(baseline: RunRow | undefined, variant: RunRow | undefined): string {
  const [from, to] = [baseline?.value ?? null, variant?.value ?? null];
  return from === null || to === null ? '' : signed(to - from);
}
