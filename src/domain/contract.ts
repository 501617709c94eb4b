import * as z from 'zod';
import { quoteWords } from './commandWords.ts';
import { ContainerPlace, type SlurmRequest } from './run.ts';

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

const Input = z.union([
  RelativePath,
  z.strictObject({
    from: z.string().min(1).describe('Where it lies on this machine.'),
    as: RelativePath.describe('Where a run sees it, in the workspace folder.'),
  }),
]);

/** An image that runs are started from, or the dev container that it is made of; podman before docker, where no engine
 *  is named. */
export const ContainerEnvironment = z
  .strictObject({
    image: z
      .string()
      .trim()
      .min(1)
      .optional()
      .describe('An image that is on this machine, as podman or docker call it.'),
    devcontainer: z
      .string()
      .trim()
      .min(1)
      .optional()
      .describe('In place of an image: a devcontainer.json, whose image is made when it is first needed.'),
    engine: ContainerPlace.shape.engine
      .optional()
      .describe('Whichever has the image, podman first, where none is named.'),
  })
  .refine(
    ({ image, devcontainer }) => image === undefined || devcontainer === undefined,
    'expected one of image and devcontainer',
  );
export type ContainerEnvironment = z.infer<typeof ContainerEnvironment>;

const Line = z
  .string()
  .trim()
  .min(1)
  .refine((text) => !text.includes('\n'), 'expected one line');

/** What a job of Slurm is submitted with; its processors, memory and time are those of `budget`. */
export const SlurmEnvironment = z.strictObject({
  partition: Line.optional().describe("Where jobs wait and run; the cluster's default where none is named."),
  account: Line.optional().describe('Whom the hours are charged to.'),
  qos: Line.optional().describe('The quality of service.'),
  constraint: Line.optional().describe('Features that a node must have, as `sbatch --constraint` takes them.'),
  gpus: z
    .union([
      z.number().int().min(0),
      z
        .string()
        .regex(/^[A-Za-z][\w.-]*(?::[1-9]\d*)?$/, 'expected a number of GPUs, or a model such as a100 or a100:2'),
    ])
    .optional()
    .describe(
      'How many GPUs, or of which model: 2, `a100` or `a100:2`; `budget.gpus` of any model where it is left out.',
    ),
  modules: z.array(Line).default([]).describe('Environment modules that a job loads first.'),
  setup: z.array(Line).default([]).describe('Lines of sh that a job runs first, after the modules.'),
  options: z
    .array(z.string().regex(/^--?[A-Za-z]/, 'expected an option of sbatch, such as --reservation=course'))
    .default([])
    .describe('Further options of sbatch, such as `--exclusive` or `--reservation=course`.'),
});
export type SlurmEnvironment = z.output<typeof SlurmEnvironment>;

/** A command line, or its words as a list, such as `["bash", "-c", "…"]`. */
const Command = z.union([z.string().trim().min(1), z.array(z.string()).min(1).transform(quoteWords)]);

/** The experiment contract, `mlr.yaml`: what is run, what is measured, and what nobody may touch. */
export const Contract = z.strictObject({
  version: z.literal(1).describe('Version of this format: 1.'),
  task: z.string().min(1).describe('What is to be predicted or achieved, in a sentence.'),
  run: Command.describe(
    'Runs one arm with one seed and writes predictions below {out}. `{seed}`, `{out}` and `{args}` are replaced; `MLR_SEED` and `MLR_OUT` are set too. Started without a shell: a list of words, such as `["bash", "-c", "…"]`, starts one.',
  ),
  evaluate: Command.describe(
    'Scores what a run wrote, as a process of its own; its last line of output is one JSON object of metrics.',
  ),
  metrics: z
    .record(z.string(), Goal)
    .refine((m) => Object.keys(m).length > 0, 'expected at least one metric')
    .describe(
      "Metrics and whether to maximize or minimize each; the first decides. `seconds` and `memory` come from the run's own record.",
    ),
  inputs: z
    .array(Input)
    .default([])
    .describe(
      'Files and folders that runs read, never write; tracked by git or not. `{from: /data/corpus, as: data}` for what lies elsewhere.',
    ),
  hidden: z
    .array(RelativePath)
    .default([])
    .describe('Files that exist only while `evaluate` runs: the labels of the test set.'),
  protected: z
    .array(RelativePath)
    .default([])
    .describe("Files that neither an agent nor a run may change; always the baseline's copy is used."),
  seeds: z
    .union([z.number().int().min(1), z.array(z.number().int().min(0)).min(1)])
    .default(10)
    .describe('How many seeds, drawn when the arms are fixed, or a list of them. Ten are the advice, five the least.'),
  minimum_effect: z
    .number()
    .min(0)
    .default(0)
    .describe("The smallest gain worth having, in the primary metric's unit; not the gain hoped for."),
  alpha: z
    .number()
    .gt(0)
    .lt(0.5)
    .default(0.05)
    .describe('How often a change without effect may be called an improvement.'),
  budget: z
    .strictObject({
      wall: Seconds.default(600).describe('Wall time of a run, in seconds, or as 90m or 2h.'),
      memory: Bytes.default(4 * 1024 ** 3).describe("Memory of a run's whole process tree, in bytes, or as 4GiB."),
      gpus: z.number().int().min(0).default(0).describe('GPUs lent to a run.'),
      cpus: z.number().int().min(1).default(1).describe('Processors lent to a run.'),
    })
    .default({ wall: 600, memory: 4 * 1024 ** 3, gpus: 0, cpus: 1 })
    .describe('What one run may use.'),
  environment: z
    .union([
      z.literal('local'),
      z.literal('container'),
      z.strictObject({ container: ContainerEnvironment }),
      z.strictObject({ slurm: SlurmEnvironment }),
    ])
    .default('local')
    .describe('Where runs run: `local`, `container` (the dev container), `{container: {image: …}}` or `{slurm: …}`.'),
  validate: Command.optional().describe(
    'Scores validation data, for agents, pilots and debugging; `evaluate` is for registered seeds.',
  ),
  prepare: Command.optional().describe(
    'Run once for each state of the lock files, with network; its result is bound read-only.',
  ),
  caches: z
    .array(z.string())
    .default([])
    .describe('Folders of models and data sets, bound read-only, such as ~/.cache/huggingface.'),
  spend: z
    .strictObject({
      gpu_hours: z.number().positive().describe('Hours of GPUs in all.'),
      money: z.number().positive().describe('Money for models in all.'),
    })
    .partial()
    .optional()
    .describe('Most that a session may spend; the next run does not start beyond it.'),
  trivial: Command.optional().describe('Writes a prediction that needs no learning, to be beaten.'),
  python: z
    .string()
    .optional()
    .describe("The interpreter or its environment, such as .venv; else the editor's choice, else python3."),
  network: z.array(z.string()).default([]).describe('Names of hosts that a run may reach; none if empty.'),
  predictions: z
    .strictObject({
      file: RelativePath.describe('The file, below {out}.'),
      id: z.string().optional().describe('The column that names a row.'),
    })
    .optional()
    .describe('The file of predictions below {out} and its id column; lets coverage be checked.'),
  train: z.array(RelativePath).optional().describe('Training data; lets overlap with the test data be checked.'),
  test: z.array(RelativePath).optional().describe('Test inputs; lets overlap with the training data be checked.'),
  labels: z
    .strictObject({
      file: RelativePath.describe('The file with the training labels.'),
      column: z.string().describe('The column that holds them.'),
    })
    .optional()
    .describe('The training labels; lets them be shuffled as a control.'),
  pilot: Command.optional().describe('A cheap run that proves that an arm runs; no score is looked at.'),
  varies: z.array(RelativePath).default([]).describe('Training inputs that an arm may change.'),
  final: z
    .strictObject({
      evaluate: Command.describe('Scores what a run wrote on the locked test set.'),
      hidden: z.array(RelativePath).describe('Its labels.'),
    })
    .optional()
    .describe('A second, locked test set, scored only with `--final`.'),
  accept: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe("Doubts accepted, each by its check's name with the reason."),
  parity: z
    .strictObject({
      wall: z.number().positive().describe('Times the wall time of the baseline.'),
      memory: z.number().positive().describe('Times the memory of the baseline.'),
    })
    .partial()
    .optional()
    .describe("How many times the baseline's wall time or memory a variant may use in every block."),
  output_limit: Bytes.default(2 * 1024 ** 3).describe(
    'Most that a run may write below {out}; it is kept and hashed for every run.',
  ),
  keep: z
    .array(RelativePath)
    .default([])
    .describe('Files or folders below {out} that `mlr clean` keeps, however large they are.'),
});
/** A contract as the tool uses it: wall in seconds, memory in bytes, every default filled in. */
export type Contract = z.output<typeof Contract>;

/** The container that runs are to have; one without a name is the dev container. null where they are to have none. */
export function containerOf({ environment }: Pick<Contract, 'environment'>): ContainerEnvironment | null {
  if (environment === 'container') return {};
  return typeof environment === 'object' && 'container' in environment ? environment.container : null;
}

/** What the jobs of a cluster are asked for; null where runs run on this machine. A model of GPU without a number is as
 *  many as the budget says, at least one. */
export function slurmOf({ environment, budget }: Pick<Contract, 'environment' | 'budget'>): SlurmRequest | null {
  if (typeof environment !== 'object' || !('slurm' in environment)) return null;
  const { gpus = budget.gpus, ...rest } = environment.slurm;
  const counted = /^\d+$|:/.test(String(gpus));
  const gres = counted ? String(gpus) : `${gpus}:${budget.gpus || 1}`;
  return { ...rest, ...(gres !== '0' && { gres: `gpu:${gres}` }) };
}

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
