import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type StoredFile, stored } from './indexStore.ts';
import { parseFile } from './parseFile.ts';

/** One file to be parsed; `known` is the hash it had. */
export interface ParseTask {
  readonly path: string;
  readonly absolute: string;
  readonly language: string;
  readonly known: string;
}

export interface ParsePool {
  /** The files in the order that they were given. */
  parse(tasks: readonly ParseTask[]): Promise<StoredFile[]>;
  close(): Promise<void>;
}

/** Parses in this thread: for few files, and where there is no bundle for a worker. */
export const HERE: ParsePool = {
  parse: async (tasks) => await parseAll(tasks),
  close: async () => undefined,
};

export async function parseAll(tasks: readonly ParseTask[]): Promise<StoredFile[]> {
  const done: StoredFile[] = [];
  for (const task of tasks) done.push(stored(await parseFile(task, task.known)));
  return done;
}

/** As many worker threads as are asked for; one that dies fails its batch, and another takes its place.
 *  @param bundle the worker's program; the one beside this bundle where it is not given */
export function parseThreads(count: number, bundle = workerBundle()): ParsePool {
  if (bundle === null || count < 1) return HERE;
  const idle: Worker[] = [];
  const waiting: ((worker: Worker) => void)[] = [];
  const all = new Set<Worker>();
  const start = (): Worker => {
    const worker = new Worker(bundle);
    all.add(worker);
    return worker;
  };
  for (let i = 0; i < count; i += 1) idle.push(start());
  const release = (worker: Worker): void => {
    const next = waiting.shift();
    if (next) next(worker);
    else idle.push(worker);
  };
  const take = async (): Promise<Worker> => idle.pop() ?? (await new Promise((resolve) => waiting.push(resolve)));
  return {
    parse: async (tasks) => {
      const worker = await take();
      try {
        const done = await ask(worker, tasks);
        release(worker);
        return done;
      } catch (error) {
        all.delete(worker);
        release(start());
        throw error;
      }
    },
    close: async () => {
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}

function ask(worker: Worker, tasks: readonly ParseTask[]): Promise<StoredFile[]> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.off('message', told).off('error', failed).off('exit', left);
    };
    const told = (done: StoredFile[]): void => {
      settle();
      resolve(done);
    };
    const failed = (error: Error): void => {
      settle();
      reject(error);
    };
    const left = (code: number): void => failed(new Error(`A parsing thread ended with code ${code}.`));
    worker.on('message', told).on('error', failed).on('exit', left);
    worker.postMessage(tasks);
  });
}

function workerBundle(): string | null {
  const file = fileURLToPath(new URL('./parseWorker.mjs', import.meta.url));
  return existsSync(file) ? file : null;
}
