import { useState } from 'preact/hooks';
import { Interval, scaleOf } from './forest.tsx';
import type { ArmRow, ResultRunRow, Results } from './messages.ts';
import { figure, signed } from './numbers.ts';
import { type Column, SortableTable, type Sorting } from './sortableTable.tsx';

/** How the tables stand; kept while the page is hidden. */
export interface TableState {
  readonly arms: Sorting | null;
  readonly runs: Sorting | null;
  /** Id of the arm whose runs are shown; null: all. */
  readonly chosen: string | null;
}

interface ResultsProps {
  readonly results: Results;
  readonly state: TableState;
  readonly onState: (state: TableState) => void;
  readonly onFollow: (run: ResultRunRow) => void;
}

/** Arms with what they gain, and their runs; both sort, and an arm's name narrows the runs to its own. */
export function ResultTables({ results, state: initial, onState, onFollow }: ResultsProps) {
  const [state, setState] = useState(initial);
  const change = (part: Partial<TableState>): void => {
    const next = { ...state, ...part };
    setState(next);
    onState(next);
  };
  const { arms, runs, title, summary } = results;
  if (arms.length === 0) {
    return (
      <main>
        <h1>{title}</h1>
        <p class="quiet">Nothing has been measured here yet.</p>
      </main>
    );
  }
  const chosen = arms.find((arm) => arm.id === state.chosen);
  const shown = chosen ? runs.filter((run) => run.of === chosen.id) : runs;
  return (
    <main>
      <h1>{title}</h1>
      <p>{summary}</p>
      <SortableTable
        caption={`Arms (${arms.length})`}
        rows={arms}
        columns={armColumns(results, chosen?.id, (id) => change({ chosen: id === state.chosen ? null : id }))}
        keyOf={(arm) => arm.id}
        sorting={state.arms}
        onSort={(sorting) => change({ arms: sorting })}
        isChosen={(arm) => arm.id === chosen?.id}
      />
      <SortableTable
        caption={chosen ? `Runs of ${chosen.arm} (${shown.length})` : `Runs (${shown.length})`}
        rows={shown}
        columns={runColumns(runs, onFollow)}
        keyOf={(run) => run.id}
        sorting={state.runs}
        onSort={(sorting) => change({ runs: sorting })}
      />
    </main>
  );
}

function armColumns(
  { arms, minimumEffect }: Results,
  chosen: string | undefined,
  onChoose: (id: string) => void,
): Column<ArmRow>[] {
  const scale = scaleOf(arms, minimumEffect);
  const metrics = [...new Set(arms.map((arm) => arm.metric))];
  const name = (arm: ArmRow) => (
    <button type="button" class="link" aria-pressed={arm.id === chosen} onClick={() => onChoose(arm.id)}>
      {arm.arm}
    </button>
  );
  const bar = (arm: ArmRow) => <Interval row={arm} scale={scale} minimumEffect={minimumEffect} />;
  const verdict = (arm: ArmRow) => <span class={`word ${arm.verdict}`}>{arm.verdict || '–'}</span>;
  const score = metrics.length === 1 ? `mean ${metrics[0]}` : 'mean';
  const all: (Column<ArmRow> | false)[] = [
    { key: 'arm', title: 'arm', value: (arm) => arm.arm, cell: name, hint: 'Press an arm to see only its runs' },
    { key: 'verdict', title: 'verdict', value: (arm) => arm.verdict || null, cell: verdict, isText: true },
    number('mean', score, (arm) => arm.mean),
    metrics.length > 1 && { key: 'metric', title: 'metric', value: (arm) => arm.metric, isText: true },
    { key: 'gain', title: 'gain', value: (arm) => arm.gain, cell: (arm) => signed(arm.gain), hint: GAIN },
    { key: 'bar', title: 'plotted', value: (arm) => arm.gain, cell: bar },
    { key: 'low', title: 'interval', value: (arm) => arm.low, cell: intervalWords },
    number('p', 'p, adjusted', (arm) => arm.adjustedP),
    { key: 'won', title: 'pairs won', value: (arm) => arm.won, cell: (arm) => percent(arm.won) },
    { key: 'runs', title: 'runs', value: (arm) => arm.done, cell: runWords },
    { key: 'seconds', title: 'time', hint: TIME, value: (arm) => arm.seconds, cell: (arm) => time(arm.seconds) },
    several(arms) && { key: 'experiment', title: 'experiment', value: (arm) => arm.experiment, isText: true },
  ];
  return all.filter((column) => column !== false);
}

const TIME = 'Wall time of a run with its evaluation, on average';
const GAIN = 'Mean paired difference to the baseline; larger is better, whatever the metric’s direction';

function runColumns(runs: readonly ResultRunRow[], onFollow: (run: ResultRunRow) => void): Column<ResultRunRow>[] {
  const seed = (run: ResultRunRow) => (
    <button type="button" class="link" aria-label={`Follow ${run.arm}, seed ${run.seed}`} onClick={() => onFollow(run)}>
      {run.seed ?? '–'}
    </button>
  );
  const state = (run: ResultRunRow) => (
    <span class={`word ${run.state}`} title={run.reason}>
      {run.reason === '' ? run.state : `${run.state}: ${run.reason.split('\n')[0]}`}
    </span>
  );
  const all: (Column<ResultRunRow> | false)[] = [
    {
      key: 'seed',
      title: 'seed',
      value: (run) => run.seed,
      cell: seed,
      hint: 'Press a seed to see what its run printed',
    },
    { key: 'arm', title: 'arm', value: (run) => run.arm, isText: true },
    { key: 'state', title: 'state', value: (run) => run.state, cell: state, isText: true },
    number('value', 'score', (run) => run.value),
    { key: 'gain', title: 'gain', value: (run) => run.gain, cell: (run) => signed(run.gain) },
    { key: 'seconds', title: 'time', value: (run) => run.seconds, cell: (run) => time(run.seconds) },
    several(runs) && { key: 'experiment', title: 'experiment', value: (run) => run.experiment, isText: true },
  ];
  return all.filter((column) => column !== false);
}

function number<Row>(key: string, title: string, value: (row: Row) => number | null): Column<Row> {
  return { key, title, value, cell: (row) => figure(value(row)) };
}

function several(rows: readonly { experiment: string }[]): boolean {
  return new Set(rows.map((row) => row.experiment)).size > 1;
}

function intervalWords({ low, high }: ArmRow): string {
  return low === null || high === null ? '–' : `${signed(low)} to ${signed(high)}`;
}

function runWords({ done, planned, failed }: ArmRow): string {
  const counts = done === planned ? String(done) : `${done} of ${planned}`;
  return failed > 0 ? `${counts}, ${failed} failed` : counts;
}

function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(100 * share)} %`;
}

function time(seconds: number | null): string {
  return seconds === null ? '–' : `${seconds < 100 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}
