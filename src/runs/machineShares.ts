import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism, tmpdir, totalmem, userInfo } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { RunSpec } from '../domain/run.ts';
import { type Lock, takeLock } from './lock.ts';
import { RunError } from './runError.ts';
import { readIfThere, writeWhole } from './runFolder.ts';

/** What a session's runs may use of this machine at a time, as its engine last said. */
const Allowance = z.object({ atOnce: z.number().int().min(1) });

function allowanceIn(session: string): string {
  return join(session, 'allowance.json');
}

/** @param atOnce how many of its runs may run at a time */
export async function allow(session: string, atOnce: number): Promise<void> {
  if ((await atOnceIn(session)) !== atOnce) await writeWhole(allowanceIn(session), `${JSON.stringify({ atOnce })}\n`);
}

/** One after the other, where nobody said otherwise. */
export async function atOnceIn(session: string): Promise<number> {
  const text = await readIfThere(allowanceIn(session));
  return text === null ? 1 : Allowance.parse(JSON.parse(text)).atOnce;
}

/** What a run holds while it runs. */
export interface Share {
  /** What tells it which GPUs are lent to it. */
  readonly env: Readonly<Record<string, string>>;
  release(): Promise<void>;
}

interface Held {
  readonly cpus: number;
  readonly memoryBytes: number;
}

/**
 * Processors, memory and GPUs of this machine, shared among the runs of a session. A run that asks for more processors
 * or memory than the machine has runs alone. GPUs are lent to one run at a time across all sessions of this user.
 */
export class MachineShares {
  readonly #held = new Set<Held>();
  readonly #cpus: number;
  readonly #memoryBytes: number;

  constructor({ cpus = availableParallelism(), memoryBytes = totalmem() } = {}) {
    this.#cpus = cpus;
    this.#memoryBytes = memoryBytes;
  }

  /** What a run asks for, or null while others have it.
   *  @throws RunError `spec` where it asks for more GPUs than there are */
  async take(spec: Pick<RunSpec, 'cpus' | 'gpus' | 'limits'>, atOnce: number): Promise<Share | null> {
    const wanted = { cpus: spec.cpus ?? 1, memoryBytes: spec.limits.memoryBytes };
    const sum = (what: keyof Held): number => [...this.#held].reduce((all, one) => all + one[what], wanted[what]);
    const fits = sum('cpus') <= this.#cpus && sum('memoryBytes') <= this.#memoryBytes;
    if (this.#held.size >= atOnce || (this.#held.size > 0 && !fits)) return null;
    const lent = await lend(spec.gpus ?? 0);
    if (lent === null) return null;
    this.#held.add(wanted);
    const release = async (): Promise<void> => {
      this.#held.delete(wanted);
      await lent.release();
    };
    return { env: lent.env, release };
  }
}

/** The GPUs that this process may lend, as CUDA names them; none where the machine has no NVIDIA driver. */
export function graphicsCards(env: NodeJS.ProcessEnv = process.env): string[] {
  const named = env.CUDA_VISIBLE_DEVICES?.split(',').map((name) => name.trim());
  if (named !== undefined) return named.filter((name) => /^[\w/-]+$/.test(name) && name !== '-1');
  if (!existsSync('/dev')) return [];
  return readdirSync('/dev')
    .flatMap((name) => /^nvidia(\d+)$/.exec(name)?.[1] ?? [])
    .sort((a, b) => Number(a) - Number(b));
}

async function lend(count: number): Promise<Share | null> {
  const all = count === 0 ? [] : graphicsCards();
  // Cards of another maker, or none: nobody could say which one is meant.
  if (all.length === 0) return { env: {}, release: async () => undefined };
  if (count > all.length) {
    throw new RunError(
      'spec',
      `It asks for ${count} GPUs, and this machine lends ${all.length}; lower \`budget.gpus\` in mlr.yaml.`,
    );
  }
  const locks: Lock[] = [];
  const names: string[] = [];
  const release = async (): Promise<void> => {
    for (const lock of locks) await lock.release();
  };
  for (const name of all) {
    if (names.length === count) break;
    const lock = await takeFree(join(tmpdir(), `mlr-gpus-${userInfo().uid}`, `${name.replaceAll('/', '-')}.lock`));
    if (lock === null) continue;
    locks.push(lock);
    names.push(name);
  }
  if (names.length === count) {
    return { env: { CUDA_VISIBLE_DEVICES: names.join(','), CUDA_DEVICE_ORDER: 'PCI_BUS_ID' }, release };
  }
  await release();
  return null;
}

async function takeFree(path: string): Promise<Lock | null> {
  try {
    return await takeLock(path);
  } catch (error) {
    if (RunError.is(error, 'locked')) return null;
    throw error;
  }
}
