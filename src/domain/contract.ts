import { z } from 'zod';

/** Metric names the tool measures itself: wall seconds and peak memory of a run, from the supervisor's record. */
export const MEASURED_METRICS = ['seconds', 'memory'] as const;

export const Goal = z.enum(['maximize', 'minimize']);
export type Goal = z.infer<typeof Goal>;

const DURATION = /^(\d+(?:\.\d+)?)\s*(s|m|h|d)?$/;
const SIZE = /^(\d+(?:\.\d+)?)\s*(B|[KMGT]i?B)$/;
const SECONDS_IN = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const POWER_OF = { K: 1, M: 2, G: 3, T: 4 } as const;

/** Seconds: a number, or text such as `90m`. */
export const Seconds = z
  .union([z.number().positive(), z.string().regex(DURATION, 'expected seconds, or a duration such as 90m or 2h')])
  .transform((given) => {
    if (typeof given === 'number') return given;
    const [, amount, unit] = DURATION.exec(given) ?? [];
    return Number(amount) * SECONDS_IN[(unit ?? 's') as keyof typeof SECONDS_IN];
  });

/** Bytes: a number, or text such as `4GiB` (1024³) or `4GB` (1000³). */
export const Bytes = z
  .union([z.number().positive(), z.string().regex(SIZE, 'expected bytes, or a size such as 4GiB')])
  .transform((given) => {
    if (typeof given === 'number') return given;
    const [, amount, unit = 'B'] = SIZE.exec(given) ?? [];
    if (unit === 'B') return Number(amount);
    const base = unit.includes('i') ? 1024 : 1000;
    return Number(amount) * base ** POWER_OF[unit[0] as keyof typeof POWER_OF];
  });

const RelativePath = z
  .string()
  .min(1)
  .refine((p) => !p.startsWith('/') && !p.split('/').includes('..'), 'expected a path inside the workspace folder');

const Input = z.union([RelativePath, z.strictObject({ from: z.string().min(1), as: RelativePath })]);

const Command = z.string().trim().min(1);

/** The experiment contract, `mlr.yaml`: what is run, what is measured, and what nobody may touch. */
export const Contract = z.strictObject({
  version: z.literal(1),
  task: z.string().min(1),
  run: Command,
  evaluate: Command,
  metrics: z.record(z.string(), Goal).refine((m) => Object.keys(m).length > 0, 'expected at least one metric'),
  inputs: z.array(Input).default([]),
  hidden: z.array(RelativePath).default([]),
  protected: z.array(RelativePath).default([]),
  seeds: z.union([z.number().int().min(1), z.array(z.number().int().min(0)).min(1)]).default(10),
  minimum_effect: z.number().min(0).default(0),
  alpha: z.number().gt(0).lt(0.5).default(0.05),
  budget: z
    .strictObject({
      wall: Seconds.default(600),
      memory: Bytes.default(4 * 1024 ** 3),
      gpus: z.number().int().min(0).default(0),
      cpus: z.number().int().min(1).default(1),
    })
    .default({ wall: 600, memory: 4 * 1024 ** 3, gpus: 0, cpus: 1 }),
  environment: z
    .union([
      z.literal('local'),
      z.strictObject({ container: z.record(z.string(), z.unknown()) }),
      z.strictObject({ slurm: z.record(z.string(), z.unknown()) }),
    ])
    .default('local'),
  validate: Command.optional(),
  prepare: Command.optional(),
  caches: z.array(z.string()).default([]),
  spend: z.strictObject({ gpu_hours: z.number().positive(), money: z.number().positive() }).partial().optional(),
  trivial: Command.optional(),
  python: z.string().optional(),
  network: z.array(z.string()).default([]),
  predictions: z.strictObject({ file: RelativePath, id: z.string().optional() }).optional(),
  train: z.array(RelativePath).optional(),
  test: z.array(RelativePath).optional(),
  labels: z.strictObject({ file: RelativePath, column: z.string() }).optional(),
  pilot: Command.optional(),
  varies: z.array(RelativePath).default([]),
  final: z.strictObject({ evaluate: Command, hidden: z.array(RelativePath) }).optional(),
  accept: z.record(z.string(), z.string().min(1)).default({}),
  parity: z.strictObject({ wall: z.number().positive(), memory: z.number().positive() }).partial().optional(),
  /** Most that a run may write below {out}; what is kept and hashed for every run. */
  output_limit: Bytes.default(2 * 1024 ** 3),
  keep: z.array(RelativePath).default([]),
});
/** A contract as the tool uses it: wall in seconds, memory in bytes, every default filled in. */
export type Contract = z.output<typeof Contract>;

/** Every file that no run, agent or validation may see: hidden ones, and those of the test set that is not asked now. */
export function concealed(contract: Pick<Contract, 'hidden' | 'final'>): string[] {
  return [...new Set([...contract.hidden, ...(contract.final?.hidden ?? [])])];
}

/** The contract under which the locked test set is scored: the two test sets change places, so that each is concealed
 *  while the other is asked. */
export function lockedContract(contract: Contract): Contract {
  const { evaluate, hidden, final } = contract;
  if (final === undefined) throw new RangeError('A contract without `final` has no locked test set.');
  return { ...contract, evaluate: final.evaluate, hidden: final.hidden, final: { evaluate, hidden } };
}

/** The primary metric, the only one that gets a verdict: the first one named. */
export function primaryMetric(contract: Pick<Contract, 'metrics'>): { name: string; goal: Goal } {
  const [first] = Object.entries(contract.metrics);
  if (!first) throw new RangeError('A contract names at least one metric.');
  return { name: first[0], goal: first[1] };
}
