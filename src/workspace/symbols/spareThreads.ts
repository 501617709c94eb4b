import { Worker } from 'node:worker_threads';

/** So many threads are kept for whoever comes next, and so long. */
const KEPT = { threads: 2, milliseconds: 30_000 };

/** Of a thread that parses, besides its trees: with more, what is done with is kept longer, at no gain. */
const MEMORY = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 };

interface Spare {
  readonly worker: Worker;
  readonly bundle: string;
  /** Forgets it, and ends it. */
  readonly drop: () => void;
  readonly leave: NodeJS.Timeout;
}

/** Threads that have nothing to do. They are kept for a while, since starting one and reading a grammar takes ten times as
 *  long as parsing the file that was edited; and they keep no process alive. */
export class SpareThreads {
  readonly #threads: Spare[] = [];

  /** One of these, or a new one. */
  take(bundle: string): Worker {
    const at = this.#threads.findIndex((one) => one.bundle === bundle);
    const [kept] = at < 0 ? [] : this.#threads.splice(at, 1);
    if (kept === undefined) return new Worker(bundle, { resourceLimits: MEMORY });
    clearTimeout(kept.leave);
    kept.worker.off('error', kept.drop).off('exit', kept.drop).ref();
    return kept.worker;
  }

  /** Keeps some of the threads, which must have handed over what they had, and ends the others. */
  keep(bundle: string, workers: readonly Worker[]): void {
    for (const worker of workers) {
      if (this.#threads.length >= KEPT.threads) {
        void worker.terminate();
        continue;
      }
      const drop = (): void => this.#drop(worker);
      // One that dies while nobody waits for it is replaced by the next that is asked for.
      worker.on('error', drop).on('exit', drop).unref();
      this.#threads.push({ worker, bundle, drop, leave: setTimeout(drop, KEPT.milliseconds).unref() });
    }
  }

  #drop(worker: Worker): void {
    const at = this.#threads.findIndex((one) => one.worker === worker);
    const [dropped] = at < 0 ? [] : this.#threads.splice(at, 1);
    if (dropped === undefined) return;
    clearTimeout(dropped.leave);
    void worker.terminate();
  }
}
