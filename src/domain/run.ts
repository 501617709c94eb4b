import * as z from 'zod';

/** How far a run is kept from the rest of the machine. */
export const ConfinementLevel = z.enum(['bwrap', 'seatbelt', 'container', 'slurm', 'none']);
export type ConfinementLevel = z.infer<typeof ConfinementLevel>;

/** A container engine of this machine and the image that runs are started from. */
export const ContainerPlace = z.object({
  engine: z.enum(['podman', 'docker']),
  /** As the contract names it. */
  image: z.string(),
  /** Its content hash, `sha256:…` or the hexadecimal digits alone: what is started, wherever the name moves. */
  id: z.string(),
});
export type ContainerPlace = z.infer<typeof ContainerPlace>;

/** What Slurm is asked for; processors, memory and time come from the run's own limits. */
export const SlurmRequest = z.object({
  partition: z.string().optional(),
  account: z.string().optional(),
  qos: z.string().optional(),
  constraint: z.string().optional(),
  /** As `--gres` has it: `gpu:2`, or `gpu:a100:1`. */
  gres: z.string().optional(),
  /** Environment modules to load, and lines of sh to run, before the first run of a job. */
  modules: z.array(z.string()),
  setup: z.array(z.string()),
  /** Further options of sbatch, word by word. */
  options: z.array(z.string()),
});
export type SlurmRequest = z.infer<typeof SlurmRequest>;

export const RunPurpose = z.enum(['run', 'evaluate', 'pilot', 'validate', 'trivial', 'control', 'command']);
export type RunPurpose = z.infer<typeof RunPurpose>;

/** What a run may use. Seconds and bytes. */
export const RunLimits = z.object({
  wallSeconds: z.number().positive(),
  memoryBytes: z.number().positive(),
  processes: z.number().int().positive(),
  outputBytes: z.number().positive(),
});
export type RunLimits = z.infer<typeof RunLimits>;

/** A read-only file or folder that comes from outside the arm: host path, and where the run sees it, relative to the workspace folder. */
export const Binding = z.object({ from: z.string(), as: z.string() });
export type Binding = z.infer<typeof Binding>;

/** Everything needed to start a run; written to the run's folder as `spec.json`, read by the supervisor. */
export const RunSpec = z.object({
  version: z.literal(1),
  id: z.string(),
  session: z.string(),
  purpose: RunPurpose,
  /** Name of the arm (baseline, variant, …), its commit and tree; absent for a run that is no arm's. */
  arm: z.object({ name: z.string(), commit: z.string(), tree: z.string() }).nullable(),
  seed: z.number().int().nullable(),
  /** The words to start, without a shell; `{seed}` and `{out}` are replaced already, `{out}` as the run will see it. */
  argv: z.array(z.string()).min(1),
  /** Folder with the exported arm; the run may write into its copy of it. */
  source: z.string(),
  /** SHA-256 of that folder when it was exported: a run gets no other files. Absent for a folder that is no export. */
  sourceSha256: z.string().optional(),
  /** Absolute path at which the run sees the arm when it is mounted: the repository's own top folder. */
  mountAt: z.string(),
  /** The workspace folder below `mountAt` ('' for the top), the run's working directory. */
  folder: z.string(),
  /** Where `out/` is on this machine; null: `out/` inside the run's folder. `evaluate` gets the run's, read-only. */
  out: z.object({ path: z.string(), readOnly: z.boolean() }).nullable(),
  inputs: z.array(Binding),
  /** Files that exist only for this run (hidden files for `evaluate`), relative to the workspace folder. */
  revealed: z.array(Binding),
  /** Absolute folders of this machine that it may write at their own place: an environment that it makes. */
  writable: z.array(z.string()).optional(),
  /** Paths of the machine that must not exist for this run. */
  masked: z.array(z.string()),
  /** Hashed before and after, relative to the workspace folder, in the run's own tree. */
  watched: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  limits: RunLimits,
  network: z.array(z.string()),
  /** How many GPUs are lent to it. */
  gpus: z.number().int().min(0).optional(),
  /** How many processors it is said to use. */
  cpus: z.number().int().min(1).optional(),
  /** The run whose output it reads: it is started only where that one finished. */
  after: z.string().optional(),
  confinement: ConfinementLevel,
  /** Where `confinement` is `container`. */
  container: ContainerPlace.optional(),
  /** Where it runs in a job of Slurm; runs that name the same job share it, one after the other on one node. */
  slurm: SlurmRequest.extend({ job: z.string() }).optional(),
});
export type RunSpec = z.infer<typeof RunSpec>;

const Common = {
  version: z.literal(1),
  id: z.string(),
  session: z.string(),
  purpose: RunPurpose,
  arm: RunSpec.shape.arm,
  seed: z.number().int().nullable(),
  argv: z.array(z.string()),
  cwd: z.string(),
  confinement: ConfinementLevel,
  /** Where it runs in a job of Slurm, the name of that. */
  slurm: z.string().optional(),
};

/** Where in a cluster a run ran. */
const ClusterJob = z.object({
  /** Slurm's number of the job. */
  id: z.string(),
  node: z.string(),
  /** Models of the GPUs that the job was lent, as the driver names them. */
  gpus: z.array(z.string()),
  /** How often Slurm had put the job back into its queue: each time its runs began anew, with their seeds. */
  requeued: z.number().int().min(0),
});
export type ClusterJob = z.infer<typeof ClusterJob>;

const Started = {
  ...Common,
  startedAt: z.string(),
  pid: z.number().int(),
  environment: z.record(z.string(), z.string()),
  job: ClusterJob.optional(),
};

const Ended = {
  ...Started,
  endedAt: z.string(),
  exit: z.number().int().nullable(),
  resources: z.object({
    wallSeconds: z.number(),
    /** Peak resident set of the whole process tree, sampled; bytes. */
    memoryBytes: z.number(),
    processes: z.number().int(),
  }),
  /** SHA-256 by path, before and after the run; null where the file is missing. */
  hashes: z.array(z.object({ path: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
  /** SHA-256 over names and contents of `out/`, with its files and bytes; null where there is none. */
  output: z.object({ sha256: z.string(), files: z.number().int(), bytes: z.number() }).nullable(),
  /** SHA-256 of the files beside the record, by name: what was to be run, what it printed and when. Absent in records of
   *  versions that kept none. */
  beside: z.record(z.string(), z.string()).optional(),
};

/** Why a run failed by itself, or was lost: `exit` (non-zero), a limit, `spawn` (could not start), `host` (lost with the machine or its supervisor), `output` (forbidden or too large), `disk` (no room was left: it is repeated once there is). */
export const RunFailure = z.enum(['exit', 'signal', 'wall', 'memory', 'processes', 'output', 'spawn', 'host', 'disk']);
export type RunFailure = z.infer<typeof RunFailure>;

/** A run's record, `run.json` in its folder: the only record there is. */
export const Run = z.discriminatedUnion('state', [
  z.object({ state: z.literal('queued'), ...Common }),
  z.object({ state: z.literal('running'), ...Started }),
  z.object({ state: z.literal('finished'), ...Ended }),
  z.object({
    state: z.literal('failed'),
    ...Ended,
    failure: RunFailure,
    reason: z.string(),
    /** What it printed last of its failure, in one line; absent where it printed nothing or did not fail by itself. */
    printed: z.string().optional(),
  }),
  z.object({ state: z.literal('stopped'), ...Ended, by: z.string() }),
]);
export type Run = z.infer<typeof Run>;
export type EndedRun = Extract<Run, { state: 'finished' | 'failed' | 'stopped' }>;

export function hasEnded(run: Run): run is EndedRun {
  return run.state === 'finished' || run.state === 'failed' || run.state === 'stopped';
}
