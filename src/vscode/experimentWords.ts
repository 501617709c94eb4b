import type { ArmEntry, Experiment, RunEntry } from './experimentLedger.ts';

/** An experiment by what it compares. */
export function experimentName({ kind, registration, arms }: Experiment, place: number): string {
  if (kind === 'trials') return 'Trials';
  if (kind === 'noise') return `Noise of ${arms[0]?.revision ?? 'the baseline'}`;
  const variants = registration?.variants.length ?? 0;
  const what = variants === 1 ? '1 variant' : `${variants} variants`;
  const seeds = `${registration?.seeds.length ?? 0} seeds`;
  return `Experiment ${place}: ${what}, ${seeds}${registration?.final ? ', locked test set' : ''}`;
}

export function armName({ role, revision, name }: ArmEntry): string {
  if (role === 'control') return name === 'trials' ? 'Trials' : `Control: ${name}`;
  return role === 'baseline' ? `${revision} (baseline)` : revision;
}

/** A run by what it is, as a terminal or a list names it. */
export function runName(run: Pick<RunEntry, 'purpose' | 'arm' | 'seed'>): string {
  const what = run.purpose === 'run' ? '' : run.purpose;
  return [what, run.arm ?? '', run.seed === null ? '' : `seed ${run.seed}`].filter(Boolean).join(' ');
}
