import type { SessionEvent } from '../domain/event.ts';
import type { RunPurpose } from '../domain/run.ts';

/** A run as the tree shows it. */
export interface RunEntry {
  id: string;
  purpose: RunPurpose | string;
  arm: string | null;
  seed: number | null;
  state: 'queued' | 'finished' | 'failed' | 'stopped';
  seconds: number | null;
  /** The metric that is measured, with its name; empty where there is none. */
  metric: string;
  reason: string;
}

/** Runs that belong together: an arm's, or those that try whether things work. */
export interface RunGroup {
  name: string;
  runs: RunEntry[];
}

const TRIALS = 'trials';

/** The runs of a session by arm, as its events tell. Evaluations are shown only where one fails: they are a part of
 *  the run that they evaluate. */
export function groupsOf(events: readonly SessionEvent[]): RunGroup[] {
  const runs = new Map<string, RunEntry>();
  let metric = '';
  for (const event of events) {
    if (event.type === 'registered') metric = event.registration.metric;
    const entry = entryOf(event, metric);
    if (entry) runs.set(entry.id, entry);
  }
  const groups = new Map<string, RunEntry[]>();
  for (const run of runs.values()) {
    if (run.purpose === 'evaluate' && run.state !== 'failed') continue;
    const name = run.purpose === 'run' || run.purpose === 'evaluate' ? (run.arm ?? TRIALS) : TRIALS;
    groups.set(name, [...(groups.get(name) ?? []), run]);
  }
  return [...groups].map(([name, entries]) => ({ name, runs: entries }));
}

function entryOf(event: SessionEvent, metric: string): RunEntry | undefined {
  if (event.type === 'run.queued') {
    const { run: id, purpose, arm, seed } = event;
    return { id, purpose, arm, seed, state: 'queued', seconds: null, metric: '', reason: '' };
  }
  if (event.type !== 'run.ended') return undefined;
  const { run } = event;
  if (run.state === 'queued' || run.state === 'running') return undefined;
  const value = event.metrics[metric];
  return {
    id: run.id,
    purpose: run.purpose,
    arm: run.arm?.name ?? null,
    seed: run.seed,
    state: run.state,
    seconds: run.resources.wallSeconds,
    metric: typeof value === 'number' ? `${metric} ${Number(value.toPrecision(4))}` : '',
    reason: reasonOf(run),
  };
}

function reasonOf(run: Extract<SessionEvent, { type: 'run.ended' }>['run']): string {
  if (run.state === 'failed') return run.reason;
  return run.state === 'stopped' ? `stopped by ${run.by}` : '';
}
