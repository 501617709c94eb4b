import type { Arm, Measurement, Registration } from '../../../src/domain/evidence.ts';
import type { EndedRun } from '../../../src/domain/run.ts';
import { compareBlocks } from '../../../src/evidence/blocks.ts';
import { blocksOf, type RunEvidence, scored } from '../../../src/evidence/runEvidence.ts';
import { average } from '../../../src/evidence/statistics.ts';
import { judge } from '../../../src/evidence/verdict.ts';

export interface ExampleShape {
  readonly variants: number;
  readonly seeds: number;
  readonly hypothesis?: string;
  readonly revision?: string;
  /** What a check says. */
  readonly detail?: string;
}

const METRICS = { metrics: { accuracy: 'maximize' } } as const;

/** A measurement as the tool records it, with the records that it follows from; its variants gain 0.02, 0.03, …. */
export function exampleMeasurement(shape: ExampleShape): { measurement: Measurement; evidence: RunEvidence[] } {
  const baseline = armOf('baseline', 'main', 0);
  const variants = Array.from({ length: shape.variants }, (_, i) =>
    armOf(`variant-${i + 1}`, `${shape.revision ?? 'branch'}-${i + 1}`, i + 1),
  );
  const seeds = Array.from({ length: shape.seeds }, (_, i) => 1000 + 37 * i);
  const registration = registrationOf(shape, baseline, variants, seeds);
  const evidence = seeds.flatMap((seed) =>
    [baseline, ...variants].map((arm, i) => runOf(arm, seed, 0.7 + 0.01 * (i && i + 1) + noise(seed * 31 + i))),
  );
  const checks = [{ name: 'coverage', kind: 'void' as const, passed: true, detail: shape.detail ?? '40 ids each' }];
  const draft = { registration, seeds } as unknown as Measurement;
  const blocks = blocksOf(draft, evidence);
  const judged = judge(
    registration,
    variants.map((arm) => ({
      revision: arm.revision,
      comparison: compareBlocks(registration, blocks, arm),
      stopped: false,
    })),
    checks,
  );
  const side = (arm: Arm) => {
    const values = blocks.map((block) => block.get(arm.name)?.scores?.metrics.accuracy ?? null);
    return { revision: arm.revision, values, mean: average(values.filter((value) => value !== null)) };
  };
  const measurement: Measurement = {
    session: '20260101-120000-abcdef',
    verdict: judged.verdict,
    reason: judged.reason,
    metric: 'accuracy',
    goal: 'maximize',
    seeds,
    baseline: side(baseline),
    variants: variants.map((arm, i) => ({ ...side(arm), ...(judged.variants[i] ?? fail()) })),
    checks,
    tried: 1,
    runs: evidence.map(({ run, scores }) => ({
      id: run.id,
      revision: [baseline, ...variants].find((arm) => arm.name === run.arm?.name)?.revision ?? '',
      seed: run.seed ?? 0,
      exit: 0,
      metrics: { ...scores?.metrics },
    })),
    registration,
  };
  return { measurement, evidence };
}

function armOf(name: string, revision: string, i: number): Arm {
  return { name, revision, commit: String(i).repeat(40), tree: String(i + 5).repeat(40) };
}

function registrationOf({ hypothesis }: ExampleShape, baseline: Arm, variants: Arm[], seeds: number[]): Registration {
  return {
    id: 'm0123456789ab',
    hypothesis: hypothesis ?? 'it helps',
    metric: 'accuracy',
    goal: 'maximize',
    baseline,
    variants,
    seeds,
    seedsFrom: 'drawn',
    orderSeed: 'ab'.repeat(16),
    order: seeds.map(() => [baseline, ...variants].map(({ name }) => name)),
    minimumEffect: 0.005,
    alpha: 0.05,
    budget: { wallSeconds: 90, memoryBytes: 2 ** 29 },
    accepted: {},
    family: 'f'.repeat(64),
    tryNumber: 1,
    leastSeeds: 5,
    detectableEffect: 1.85,
  };
}

function runOf(arm: Arm, seed: number, accuracy: number): RunEvidence {
  const id = `m0123456789ab-${seed}-${arm.name}`;
  const run = recordOf(id, 'run', arm, seed);
  const printed = JSON.stringify({ accuracy });
  return { run, evaluation: recordOf(`${id}-evaluate`, 'evaluate', arm, seed), ...scored(printed, METRICS, run) };
}

function recordOf(id: string, purpose: 'run' | 'evaluate', arm: Arm, seed: number): EndedRun {
  return {
    state: 'finished',
    version: 1,
    id,
    session: '20260101-120000-abcdef',
    purpose,
    arm: { name: arm.name, commit: arm.commit, tree: arm.tree },
    seed,
    argv: ['/home/ada/venv/bin/python3', 'train.py'],
    cwd: '/home/ada/work',
    confinement: 'bwrap',
    startedAt: '2026-01-01T12:00:00.000Z',
    pid: 4711,
    environment: { python: '3.11.2', system: 'linux 6.1 x64' },
    endedAt: '2026-01-01T12:00:02.000Z',
    exit: 0,
    resources: { wallSeconds: 2.1, memoryBytes: 12_345_678, processes: 1 },
    hashes: [],
    output: null,
  };
}

/** Noise of about a hundredth, the same on every machine. */
function noise(key: number): number {
  return (((key * 2654435761) % 4294967296) / 4294967296 - 0.5) * 0.01;
}

function fail(): never {
  throw new Error('a variant was not judged');
}
