import type { ArmRow, ResultRunRow, Results } from '../webview/messages.ts';
import {
  type ArmEntry,
  comparedArms,
  countedRuns,
  type Experiment,
  isLive,
  mean,
  progressOf,
  type RunEntry,
} from './experimentLedger.ts';
import { armName } from './experimentWords.ts';

/** A session's share of a results table. */
export interface ResultsSource {
  readonly session: string;
  readonly experiments: readonly Experiment[];
}

/** The rows of a results table: every arm, and every run of an arm, of experiments that measure something.
 *  @param title what stands above the table */
export function resultsOf(title: string, sources: readonly ResultsSource[]): Results {
  const found = sources.flatMap(({ session, experiments }) =>
    experiments.filter((one) => one.kind !== 'trials').map((experiment) => ({ session, experiment })),
  );
  // The newest session comes first, and the oldest experiment has number one.
  const shown = found.map(({ session, experiment }, i) => {
    const name = `#${found.length - i} ${comparedWith(experiment)}`;
    return { session, experiment, name };
  });
  return {
    title,
    summary: summaryOf(shown.map(({ experiment }) => experiment)),
    minimumEffect: shown.length === 1 ? (shown[0]?.experiment.registration?.minimumEffect ?? 0) : 0,
    arms: shown.flatMap(({ experiment, name }) => experiment.arms.map((arm) => armRow(experiment, arm, name))),
    runs: shown.flatMap(({ session, experiment, name }) => runRows(experiment, session, name)),
  };
}

function comparedWith({ kind, arms: [baseline] }: Experiment): string {
  return kind === 'noise' ? `noise of ${baseline?.revision}` : `against ${baseline?.revision}`;
}

function armRow(experiment: Experiment, arm: ArmEntry, name: string): ArmRow {
  const { metric, seeds, measurement } = experiment;
  const place = measurement?.registration.variants.findIndex((one) => one.name === arm.name) ?? -1;
  const measured = arm.role === 'variant' ? measurement?.variants[place] : undefined;
  const runs = countedRuns(arm);
  const ended = runs.filter((run) => !isLive(run));
  const seconds = ended.flatMap(({ wholeSeconds }) => (wholeSeconds === null ? [] : [wholeSeconds]));
  const values = ended.flatMap(({ value }) => (value === null ? [] : [value]));
  const { mean: gain = null, low = null, high = null, adjustedP = null } = measured?.difference ?? {};
  const own = arm.role === 'baseline' ? measurement?.baseline : measured;
  return {
    id: rowId(experiment, arm),
    experiment: name,
    arm: armName(arm),
    role: arm.role,
    metric,
    verdict: measured?.verdict ?? (arm.role === 'variant' && !measurement ? 'not yet' : ''),
    done: ended.length,
    planned: arm.role === 'control' ? ended.length : seeds.length,
    failed: ended.filter((run) => run.state === 'failed').length,
    mean: own?.mean ?? (values.length > 0 ? mean(values) : null),
    ...{ gain, low, high, adjustedP },
    won: measured && measurement ? wonShare(measured.values, measurement.baseline.values, signOf(experiment)) : null,
    seconds: seconds.length > 0 ? mean(seconds) : null,
  };
}

function runRows(experiment: Experiment, session: string, name: string): ResultRunRow[] {
  const baseline = experiment.arms.find((arm) => arm.role === 'baseline');
  const values = new Map(baseline && countedRuns(baseline).map((run) => [run.seed, run.value]));
  return experiment.arms.flatMap((arm) =>
    arm.runs.map((run) => ({
      ...{ id: run.id, session, of: rowId(experiment, arm), experiment: name, arm: armName(arm), seed: run.seed },
      ...{ state: run.state, value: run.value, seconds: run.seconds, reason: run.reason },
      gain: arm.role === 'variant' ? gainOver(values.get(run.seed) ?? null, run, signOf(experiment)) : null,
    })),
  );
}

function gainOver(baseline: number | null, { value }: RunEntry, sign: 1 | -1): number | null {
  return baseline === null || value === null ? null : sign * (value - baseline);
}

function wonShare(
  values: readonly (number | null)[],
  baseline: readonly (number | null)[],
  sign: 1 | -1,
): number | null {
  const gains = values.flatMap((value, i) => {
    const from = baseline[i] ?? null;
    return value === null || from === null ? [] : [sign * (value - from)];
  });
  return gains.length === 0 ? null : gains.filter((gain) => gain > 0).length / gains.length;
}

function signOf({ registration }: Experiment): 1 | -1 {
  return registration?.goal === 'minimize' ? -1 : 1;
}

function rowId({ id }: Experiment, { role, name }: ArmEntry): string {
  return `${id} ${role} ${name}`;
}

function summaryOf(experiments: readonly Experiment[]): string {
  const [only] = experiments;
  if (only && experiments.length === 1) {
    if (only.measurement) return `${capital(only.measurement.verdict)}: ${only.measurement.reason}`;
    const { done, planned } = progressOf(only);
    return only.noise ? 'The baseline alone.' : `${done} of ${planned} runs have ended; no verdict yet.`;
  }
  const verdicts = new Map<string, number>();
  for (const { measurement } of experiments) {
    const word = measurement?.verdict ?? 'without a verdict';
    verdicts.set(word, (verdicts.get(word) ?? 0) + 1);
  }
  const arms = experiments.reduce((sum, one) => sum + comparedArms(one).length, 0);
  const words = [...verdicts].map(([word, count]) => `${count} ${word}`).join(', ');
  return `${experiments.length} experiments with ${arms} arms: ${words}.`;
}

function capital(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
