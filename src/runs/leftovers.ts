import type { RunSpec } from '../domain/run.ts';
import { removeContainer } from './container/containerProcesses.ts';
import { killMarked } from './runProcesses.ts';

/** Ends what is left of a run whose supervisor is gone, wherever it runs. */
export async function endLeftovers(spec: Pick<RunSpec, 'id' | 'container'>): Promise<void> {
  if (spec.container !== undefined) await removeContainer(spec.id, spec.container);
  await killMarked(spec.id);
}
