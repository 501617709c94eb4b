import { parentPort, workerData } from 'node:worker_threads';
import { mapWorkspace, type OpenIndex, openIndex } from './reading.ts';
import type { Asked, Told } from './readingThread.ts';

/** The thread that reads the workspace for the engine: it may be busy for seconds, and whoever talks to the engine is
 *  answered meanwhile. */
const workspace: string = workerData;
let index: Promise<OpenIndex> | null = null;
let before: Promise<unknown> = Promise.resolve();

parentPort?.on('message', (asked: Asked) => {
  // One after the other: they share the index.
  before = before.then(() => tell(asked));
});

async function tell(asked: Asked): Promise<void> {
  let told: Told;
  try {
    told = { id: asked.id, answer: await answerTo(asked) };
  } catch (error) {
    told = { id: asked.id, failure: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(told);
}

async function answerTo(asked: Asked): Promise<unknown> {
  if (asked.kind === 'close') return await closeIndex();
  if (asked.kind === 'map') {
    await closeIndex();
    return await mapWorkspace(workspace, asked.request);
  }
  if (asked.kind === 'takeUp') return await (await index)?.takeUp(asked.paths);
  index ??= openIndex(workspace);
  return await (await index).search(asked.request);
}

/** The index on disk has one owner, which is no longer this thread. */
async function closeIndex(): Promise<void> {
  const open = index;
  index = null;
  (await open)?.close();
}
