import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { Pace } from './pace.ts';
import { parseFile } from './parseFile.ts';
import { type FileState, SegmentWriter } from './segmentWriter.ts';
import { SpareThreads } from './spareThreads.ts';

/** One file to be parsed; `known` is the hash it had. */
export interface ParseTask extends FileState {
  readonly absolute: string;
  readonly language: string;
  readonly known: string;
}

/** What came of a batch: files that hold what they held, and a segment where one is full. */
export interface ParsedBatch {
  readonly same: readonly FileState[];
  readonly segment: Uint8Array<ArrayBuffer> | null;
}

export interface ParsePool {
  parse(tasks: readonly ParseTask[]): Promise<ParsedBatch>;
  /** The segments that are not full. */
  rest(): Promise<ParsedBatch[]>;
  close(): Promise<void>;
}

/** A segment of so many symbols is full: some 8 MB of source, and 40 MB while it is written. */
const FULL = 16_000;

/** Whoever edits will edit again soon. */
const spare = new SpareThreads();

/** Parses files into segments. */
export class SegmentParser {
  #writer = new SegmentWriter();

  async parse(tasks: readonly ParseTask[]): Promise<ParsedBatch> {
    const same: FileState[] = [];
    const pace = new Pace();
    for (const task of tasks) {
      if (pace.isDue) await pace.rest();
      const parsed = await parseFile(task, this.#writer.words, task.known);
      if (parsed.hash !== '' && parsed.hash === task.known) same.push(task);
      else this.#writer.add(task, parsed);
    }
    return { same, segment: this.#writer.symbols < FULL ? null : this.#taken() };
  }

  rest(): ParsedBatch {
    return { same: [], segment: this.#writer.files === 0 ? null : this.#taken() };
  }

  #taken(): Uint8Array<ArrayBuffer> {
    const segment = this.#writer.finish();
    this.#writer = new SegmentWriter();
    return segment;
  }
}

/** Parses in this thread, where there is no bundle for a worker. */
export function parseHere(): ParsePool {
  const parser = new SegmentParser();
  return {
    parse: (tasks) => parser.parse(tasks),
    rest: async () => [parser.rest()],
    close: async () => undefined,
  };
}

/** Up to so many worker threads, each started when there is something for it to do. One that dies takes along what it had
 *  not handed over; those files are parsed with the next update.
 *  @param bundle the worker's program; the one beside this bundle where it is not given */
export function parseThreads(count: number, bundle = workerBundle()): ParsePool {
  if (bundle === null || count < 1) return parseHere();
  const all: Worker[] = [];
  const idle: Worker[] = [];
  const waiting: { begin: (worker: Worker) => void; fail: (error: unknown) => void }[] = [];
  let isHandedOver = false;
  const take = async (): Promise<Worker> => {
    const free = idle.pop();
    if (free !== undefined) return free;
    if (all.length === count) return await new Promise((begin, fail) => waiting.push({ begin, fail }));
    const started = spare.take(bundle);
    all.push(started);
    return started;
  };
  const release = (worker: Worker): void => {
    const next = waiting.shift();
    if (next) next.begin(worker);
    else idle.push(worker);
  };
  return {
    parse: async (tasks) => {
      isHandedOver = false;
      const worker = await take();
      try {
        const done = await ask(worker, tasks);
        release(worker);
        return done;
      } catch (error) {
        // The thread is no more, and nobody may wait for it.
        for (const { fail } of waiting.splice(0)) fail(error);
        throw error;
      }
    },
    rest: async () => {
      const rest = await Promise.all(all.map((worker) => ask(worker, null)));
      isHandedOver = true;
      return rest;
    },
    close: async () => {
      if (isHandedOver) spare.keep(bundle, all);
      else await Promise.all(all.map((worker) => worker.terminate()));
    },
  };
}

function ask(worker: Worker, tasks: readonly ParseTask[] | null): Promise<ParsedBatch> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.off('message', told).off('error', failed).off('exit', left);
    };
    const told = (done: ParsedBatch): void => {
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
