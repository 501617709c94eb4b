import { basename, join } from 'node:path';
import { ContainerPlace, type RunSpec } from '../../../src/domain/run.ts';
import { writeSpec } from '../../../src/runs/runFolder.ts';
import { supervise } from '../../../src/runs/supervise.ts';

/** Where `escapeArena.py` has put what a run needs, and what the run may use. Seconds and bytes. */
export interface AttemptRequest {
  places: { workspace: string; arm: string; run: string; hidden: string };
  limits: { wall: number; memory: number; processes: number };
}

/** Names the container to run in, as JSON; without it the run is confined by bubblewrap. */
export const CONTAINER = 'MLR_ATTEMPT_CONTAINER';

/** Runs the `attempt.sh` of an arm as `mlr measure` runs an experiment: confined, its hidden file masked. */
export async function superviseAttempt({ places, limits }: AttemptRequest): Promise<void> {
  const { workspace, arm, run, hidden } = places;
  const { [CONTAINER]: named } = process.env;
  const container = named === undefined ? undefined : ContainerPlace.parse(JSON.parse(named));
  const spec: RunSpec = {
    ...{
      version: 1,
      id: basename(run),
      session: 's1',
      purpose: 'run',
      arm: null,
      seed: 7,
      env: {},
      confinement: container ? 'container' : 'bwrap',
      ...(container && { container }),
    },
    ...{ argv: ['/bin/sh', 'attempt.sh'], source: arm, mountAt: workspace, folder: '', out: null },
    ...{ inputs: [], revealed: [], masked: [join(workspace, hidden)], watched: [], network: [] },
    limits: { wallSeconds: limits.wall, memoryBytes: limits.memory, processes: limits.processes, outputBytes: 2 ** 24 },
  };
  await writeSpec(run, spec);
  await supervise(spec, run);
}
