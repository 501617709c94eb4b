import { statSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunSpec } from '../domain/run.ts';
import { HAS_PROC, listPids, threadsOf } from './processTable.ts';
import { systemCode } from './runError.ts';

/** The kernel's own bound on the tasks (processes and threads) of a run. */
export interface TaskBound {
  /** Lines of POSIX sh, to be run by the process that becomes the run. */
  prelude: string;
  release(): Promise<void>;
}

/** Threads are cheap and libraries take many, so the kernel's bound lies well above the limit of processes. */
const LEAST = 2_048;
const TASKS_PER_PROCESS = 4;

/**
 * Keeps a run that multiplies from taking the machine before anybody looks: counting processes every 200 ms is too
 * slow for that. As a user by RLIMIT_NPROC; root is exempt from it and gets a control group where there is one.
 */
export async function boundTasks(spec: RunSpec): Promise<TaskBound> {
  // A container's engine bounds its own.
  if (spec.confinement === 'container') return { prelude: ':', release: async () => undefined };
  const most = mostTasks(spec.limits);
  if (process.getuid?.() !== 0) {
    const limit = most + tasksOfUser();
    // dash says -p, bash and busybox say -u.
    const prelude = `{ ulimit -u ${limit} || ulimit -p ${limit} || :; } 2>/dev/null`;
    return { prelude, release: async () => undefined };
  }
  const group = await makeGroup(groupName(spec.id), most);
  if (group === null) return { prelude: ':', release: async () => undefined };
  return { prelude: `echo $$ >'${group}/cgroup.procs'`, release: async () => await removeGroup(group) };
}

/** Tasks that a run may have at a time, by its limit of processes. */
export function mostTasks({ processes }: RunSpec['limits']): number {
  return Math.max(LEAST, TASKS_PER_PROCESS * processes);
}

/** Removes the bound of a run whose supervisor was killed. Its processes are gone. */
export async function dropBound(id: string): Promise<void> {
  const parent = HAS_PROC ? await ownGroup() : null;
  if (parent !== null) await removeGroup(join(parent, groupName(id)));
}

function groupName(id: string): string {
  return `mlr-${id}`;
}

/** RLIMIT_NPROC counts everything that this user runs. */
function tasksOfUser(): number {
  const mine = process.getuid?.();
  return listPids()
    .filter((pid) => statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === mine)
    .reduce((sum, pid) => sum + threadsOf(pid), 0);
}

/** A group below our own, in the hierarchy that can count; null where the machine has or lends none. */
async function makeGroup(name: string, most: number): Promise<string | null> {
  const parent = HAS_PROC ? await ownGroup() : null;
  if (parent === null) return null;
  const group = join(parent, name);
  try {
    await mkdir(group, { recursive: true });
    await writeFile(join(group, 'pids.max'), String(most), { flag: 'r+' });
    return group;
  } catch (error) {
    // A read-only hierarchy (in a container), or one without this controller: there is no bound but the sampled one.
    if (systemCode(error) === undefined) throw error;
    await removeGroup(group);
    return null;
  }
}

async function ownGroup(): Promise<string | null> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' '));
  const groups = (await readFile('/proc/self/cgroup', 'utf8')).split('\n').map((line) => line.split(':'));
  const [, place] =
    mounts.find(([, , type, options]) => type === 'cgroup' && options?.split(',').includes('pids')) ?? [];
  const path = groups.find(([, controllers]) => controllers?.split(',').includes('pids'))?.[2];
  if (place && path) return join(place, path);
  const [, unified] = mounts.find(([, , type]) => type === 'cgroup2') ?? [];
  const unifiedPath = groups.find(([number]) => number === '0')?.[2];
  return unified && unifiedPath ? join(unified, unifiedPath) : null;
}

/** Its processes are dead by now, but the kernel may need a moment to let go of them. */
async function removeGroup(group: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    try {
      return await rmdir(group);
    } catch (error) {
      // An empty group that stays is worth less than the run's record.
      if (systemCode(error) !== 'EBUSY') return;
      await sleep(10);
    }
  }
}
