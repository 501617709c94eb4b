import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from './runError.ts';
import { writeWhole } from './runFolder.ts';

/** One waiting or running run. Names sort by order of submission. */
export interface QueueEntry {
  name: string;
  id: string;
}

const ENTRY = /^(\d{15}-\d{6})-(.+)\.json$/;

let last = '';
let counter = 0;

/** Where the queue of a session lies. */
export function queueIn(session: string): string {
  return join(session, 'queue');
}

/** Adds a run behind those that wait; one that is there already keeps its place. */
export async function enqueue(session: string, id: string): Promise<void> {
  if ((await queued(session)).some((entry) => entry.id === id)) return;
  const now = String(Date.now()).padStart(15, '0');
  counter = now === last ? counter + 1 : 0;
  last = now;
  const name = `${now}-${String(counter).padStart(6, '0')}-${id}.json`;
  await writeWhole(join(queueIn(session), name), `${JSON.stringify({ id })}\n`);
}

export async function queued(session: string): Promise<QueueEntry[]> {
  return (await namesIn(queueIn(session))).sort().flatMap((name) => {
    const id = ENTRY.exec(name)?.[2];
    return id === undefined ? [] : [{ name, id }];
  });
}

export async function dequeue(session: string, entry: QueueEntry): Promise<void> {
  await rm(join(queueIn(session), entry.name), { force: true });
}

/** Takes a run off the queue, wherever it stands. */
export async function dequeueRun(session: string, id: string): Promise<void> {
  for (const entry of await queued(session)) if (entry.id === id) await dequeue(session, entry);
}

/** Makes whoever works on the queue look at it: something about it changed elsewhere. */
export async function nudgeQueue(session: string): Promise<void> {
  await writeWhole(join(queueIn(session), 'nudge'), '');
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
