import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Repository } from '../git/repository.ts';
import {
  type MapAnswer,
  type MapRequest,
  mapWorkspace,
  openIndex,
  type SearchAnswer,
  type SearchRequest,
} from './reading.ts';

export type Asked =
  | { readonly id: number; readonly kind: 'map'; readonly request: MapRequest }
  | { readonly id: number; readonly kind: 'search'; readonly request: SearchRequest }
  | { readonly id: number; readonly kind: 'takeUp'; readonly paths: readonly string[] }
  | { readonly id: number; readonly kind: 'close' };
export type Told =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failure: string };

/** With nothing to do for so long the thread ends and gives its memory and the index back. Milliseconds. */
const IDLE = 60_000;

/** Reads the workspace in a thread of its own, so that the engine answers meanwhile. */
export class ReadingThread {
  readonly #workspace: string;
  readonly #bundle: string | null;
  readonly #waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | null = null;
  #next = 1;

  /** @param bundle the thread's program; the one beside this bundle where it is not given. Without one, as from source, the
   *  work is done here. */
  constructor(workspace: string, bundle = workerBundle()) {
    this.#workspace = workspace;
    this.#bundle = bundle;
  }

  async map(request: MapRequest): Promise<MapAnswer> {
    if (this.#bundle === null) return await mapWorkspace(this.#workspace, request);
    return (await this.#ask({ kind: 'map', request }, this.#bundle)) as MapAnswer;
  }

  async search(request: SearchRequest): Promise<SearchAnswer> {
    if (this.#bundle === null) return await searchOnce(this.#workspace, request);
    return (await this.#ask({ kind: 'search', request }, this.#bundle)) as SearchAnswer;
  }

  /** Tells that files were written or removed. Nothing is started for it: the next thread looks at every file.
   *  @param paths relative to the workspace, with forward slashes */
  async takeUp(paths: readonly string[]): Promise<void> {
    if (this.#worker === null || this.#bundle === null || paths.length === 0) return;
    // What could not be taken up is found by the next thread, which looks at every file.
    await this.#ask({ kind: 'takeUp', paths }, this.#bundle).catch(() => this.close());
  }

  /** The same for paths relative to the top of the repository that holds the workspace, as git names them; what lies beside
   *  the workspace is left out. */
  async takeUpAdopted(paths: readonly string[]): Promise<void> {
    if (this.#worker === null || this.#bundle === null) return;
    const folder = await Repository.open(this.#workspace).then(
      (repository) => repository.folder,
      () => null,
    );
    if (folder === null) await this.close();
    else await this.takeUp(paths.map((one) => posix.relative(folder, one)).filter((one) => !one.startsWith('..')));
  }

  async close(): Promise<void> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    if (this.#worker === null || this.#bundle === null) return;
    const worker = this.#worker;
    await this.#ask({ kind: 'close' }, this.#bundle);
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#worker = null;
    await worker.terminate();
  }

  #ask(asked: WithoutId<Asked>, bundle: string): Promise<unknown> {
    const worker = this.#worker ?? this.#start(bundle);
    const id = this.#next;
    this.#next += 1;
    if (this.#idle !== null) clearTimeout(this.#idle);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ ...asked, id });
    });
  }

  #start(bundle: string): Worker {
    const worker = new Worker(bundle, { workerData: this.#workspace });
    worker.unref();
    worker.on('message', (told: Told) => this.#told(told));
    worker.on('error', (error) => this.#ended(worker, error));
    worker.on('exit', (code) =>
      this.#ended(worker, new Error(`The thread that reads the workspace ended with ${code}.`)),
    );
    this.#worker = worker;
    return worker;
  }

  #told(told: Told): void {
    const asker = this.#waiting.get(told.id);
    this.#waiting.delete(told.id);
    if ('failure' in told) asker?.reject(new Error(told.failure));
    else asker?.resolve(told.answer);
    if (this.#waiting.size > 0) return;
    this.#idle = setTimeout(() => void this.close(), IDLE).unref();
  }

  /** Whoever waits is told; the next question starts another thread. */
  #ended(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

async function searchOnce(workspace: string, request: SearchRequest): Promise<SearchAnswer> {
  const index = await openIndex(workspace);
  try {
    return await index.search(request);
  } finally {
    index.close();
  }
}

function workerBundle(): string | null {
  const file = fileURLToPath(new URL('./readingWorker.mjs', import.meta.url));
  return existsSync(file) ? file : null;
}
