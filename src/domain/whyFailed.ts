import type { Run } from './run.ts';

/** Why a run failed, as a person wants to read it: what it printed of it says more than its exit code. */
export function whyFailed(run: Extract<Run, { state: 'failed' }>): string {
  return run.printed ?? run.reason;
}
