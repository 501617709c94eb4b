import { execFile } from 'node:child_process';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import type { ClusterJob, RunSpec } from '../../domain/run.ts';

let models: Promise<string[]> | undefined;

/** The job of Slurm that this process is in, for the record of a run that belongs into one. */
export async function jobHere({ slurm }: Pick<RunSpec, 'slurm'>): Promise<{ job?: ClusterJob }> {
  const { SLURM_JOB_ID: id, SLURMD_NODENAME: node, SLURM_RESTART_COUNT: requeued } = process.env;
  if (slurm === undefined || id === undefined) return {};
  models ??= graphicsCards();
  return { job: { id, node: node ?? hostname(), gpus: await models, requeued: Number(requeued ?? 0) } };
}

/** Models of the GPUs that this process may use; none where there is no driver to ask. */
async function graphicsCards(): Promise<string[]> {
  try {
    const words = ['--query-gpu=name', '--format=csv,noheader'];
    const { stdout } = await promisify(execFile)('nvidia-smi', words, { timeout: 20_000 });
    return stdout.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
  } catch {
    // A node without NVIDIA's program: the record then names none.
    return [];
  }
}
