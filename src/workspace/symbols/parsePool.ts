import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Pace } from './pace.ts';
import { parseFile } from './parseFile.ts';
import { type FileState, SegmentWriter } from './segmentWriter.ts';

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

/** Of a thread that parses, besides its trees: with more, what is done with is kept longer, at no gain. */
const MEMORY = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 };

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

/** Parses in this thread: for few files, and where there is no bundle for a worker. */
export function parseHere(): ParsePool {
  const parser = new SegmentParser();
  return {
    parse: (tasks) => parser.parse(tasks),
    rest: async () => [parser.rest()],
    close: async () => undefined,
  };
}

/** As many worker threads as are asked for. One that dies takes along what it had not handed over; those files are parsed
 *  with the next update.
 *  @param bundle the worker's program; the one beside this bundle where it is not given */
export function parseThreads(count: number, bundle = workerBundle()): ParsePool {
  if (bundle === null || count < 1) return parseHere();
  const all = Array.from({ length: count }, () => new Worker(bundle, { resourceLimits: MEMORY }));
  const idle = [...all];
  const waiting: ((worker: Worker) => void)[] = [];
  const release = (worker: Worker): void => {
    const next = waiting.shift();
    if (next) next(worker);
    else idle.push(worker);
  };
  const take = async (): Promise<Worker> => idle.pop() ?? (await new Promise((resolve) => waiting.push(resolve)));
  return {
    parse: async (tasks) => {
      const worker = await take();
      const done = await ask(worker, tasks);
      release(worker);
      return done;
    },
    rest: () => Promise.all(all.map((worker) => ask(worker, null))),
    close: async () => {
      await Promise.all(all.map((worker) => worker.terminate()));
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
