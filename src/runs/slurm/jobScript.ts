import { quoteWords } from '../../domain/commandWords.ts';
import type { RunSpec, SlurmRequest } from '../../domain/run.ts';
import { inJob } from './jobFolder.ts';

/** What a job takes beside its runs: the program that watches them. Bytes. */
const OVERHEAD_BYTES = 512 * 2 ** 20;
/** For laying a run out, hashing and clearing away. Seconds. */
const OVERHEAD_SECONDS = 60;

/** How much one job needs, so that each of its runs can use all that it may. */
export interface JobSize {
  readonly seconds: number;
  readonly memoryBytes: number;
  readonly cpus: number;
}

/** Its runs come one after the other. */
export function sizeOf(specs: readonly Pick<RunSpec, 'limits' | 'cpus'>[]): JobSize {
  return {
    seconds: specs.reduce((sum, { limits }) => sum + limits.wallSeconds + OVERHEAD_SECONDS, 0),
    memoryBytes: Math.max(...specs.map(({ limits }) => limits.memoryBytes)) + OVERHEAD_BYTES,
    cpus: Math.max(...specs.map(({ cpus }) => cpus ?? 1)),
  };
}

/** The options of sbatch for a job on one node. Those that the contract adds come last, so that they have the last word. */
export function sbatchWords(
  request: SlurmRequest,
  size: JobSize,
  { name, folder }: { name: string; folder: string },
): string[] {
  const { partition, account, qos, constraint, gres } = request;
  const named = { partition, account, qos, constraint, gres };
  // In names of files % begins a pattern.
  const log = inJob.log(folder).replaceAll('%', '%%');
  return [
    ...[`--job-name=${name}`, `--output=${log}`, `--error=${log}`, '--open-mode=append', `--chdir=${folder}`],
    ...['--nodes=1', '--ntasks=1', `--cpus-per-task=${size.cpus}`, `--mem=${Math.ceil(size.memoryBytes / 2 ** 20)}M`],
    ...[`--time=${Math.ceil(size.seconds / 60)}`, '--requeue', '--export=ALL'],
    ...Object.entries(named).flatMap(([key, value]) => (value === undefined ? [] : [`--${key}=${value}`])),
    ...request.options,
  ];
}

/**
 * The script of a job, in POSIX sh: writes where it runs, loads what the contract names, and becomes the program that
 * runs and records. A node without Node.js, or on which a line of the contract fails, is told of in a sentence.
 * @param words the program and its words; the job's folder follows them
 */
export function jobScript(request: SlurmRequest, folder: string, words: readonly string[]): string {
  const [node = 'node', ...rest] = words;
  const modules =
    request.modules.length === 0
      ? []
      : [LOAD_MODULES, ...request.modules.map((name) => step(`module load ${quoteWords([name])}`))];
  return `#!/bin/sh
# Written by MLR Copilot for one job; what it is given comes from \`environment\` of mlr.yaml.
folder=${quoteWords([folder])}
where=\${SLURMD_NODENAME:-$(hostname)}
put() { printf '%s\\n' "$2" >"$folder/$1.tmp" && mv "$folder/$1.tmp" "$folder/$1"; }
fail() { put failed "$1"; echo "$1" >&2; exit 78; }
if ! cd "$folder"; then
  echo "$where does not see $folder: the workspace must lie on a file system that all nodes share." >&2
  exit 78
fi
put began "\${SLURM_JOB_ID:-} $where \${SLURM_RESTART_COUNT:-0}"
${[...modules, ...request.setup.map(step)].join('\n')}
node=${quoteWords([node])}
[ -x "$node" ] || node=$(command -v node) || fail "$where has no Node.js: neither ${node.replaceAll(/["$`\\]/g, '')} nor a node on PATH; load one by \\\`modules\\\` or \\\`setup\\\` of \\\`environment: {slurm: …}\\\` in mlr.yaml."
exec "$node" ${quoteWords([...rest, folder])}
`;
}

/** \`module\` is a function that login shells have. */
const LOAD_MODULES = `command -v module >/dev/null 2>&1 || [ ! -r /etc/profile ] || . /etc/profile
command -v module >/dev/null 2>&1 || fail "$where knows no environment modules: leave \\\`modules\\\` out of mlr.yaml, or load what you need in \\\`setup\\\`."`;

/** On lines of its own, so that it may end in a comment. */
function step(line: string): string {
  const said = quoteWords([`fails: ${line}; mend it in mlr.yaml, under \`environment\`.`]);
  return `{\n${line}\n} || fail "On $where this "${said}`;
}
