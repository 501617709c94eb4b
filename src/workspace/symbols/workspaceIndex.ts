import { join } from 'node:path';
import type { FileFacts } from './facts.ts';
import { IndexStore } from './indexStore.ts';
import { Pace } from './pace.ts';
import { type ParsedBatch, type ParsePool, type ParseTask, parseThreads } from './parsePool.ts';
import type { FileState } from './segmentWriter.ts';
import { LARGEST } from './sourceText.ts';
import { type FoundFile, filesAt, walkFiles } from './walkFiles.ts';

export interface IndexOptions {
  /** Where the index is kept; null: in memory. Default `.mlr/index` in the workspace. */
  readonly folder?: string | null;
  /** Threads that parse, when there is much to parse (default 2). */
  readonly threads?: number;
  /** One sentence for the log: what was made anew. */
  readonly notice?: (sentence: string) => void;
}

export interface IndexCounts {
  readonly files: number;
  readonly symbols: number;
  /** Files by language. */
  readonly languages: Readonly<Record<string, number>>;
  /** Of this update: how many files were parsed, and how long it took. */
  readonly parsed: number;
  readonly seconds: number;
}

/** So much source is parsed at a time, and so many batches are under way for each thread. */
const BATCH = { bytes: 400_000, files: 48, ahead: 2 };

/** A workspace's index: brought up to date by what changed since, and asked for symbols. */
export class WorkspaceIndex {
  readonly root: string;
  readonly store: IndexStore;
  readonly #threads: number;

  private constructor(root: string, store: IndexStore, threads: number) {
    this.root = root;
    this.store = store;
    this.#threads = threads;
  }

  static async open(root: string, options: IndexOptions = {}): Promise<WorkspaceIndex> {
    const folder = options.folder === undefined ? join(root, '.mlr', 'index') : options.folder;
    return new WorkspaceIndex(root, await IndexStore.open(folder, options.notice), options.threads ?? 2);
  }

  /** Looks at every file's size and time, and parses those that differ. */
  async update(): Promise<IndexCounts> {
    const gone = new Set(this.store.known.keys());
    return await this.#update(walkFiles(this.root), gone);
  }

  /** The same for files or folders that are named, relative to the workspace: no other is looked at. */
  async updateAt(paths: readonly string[]): Promise<IndexCounts> {
    const gone = new Set(paths.flatMap((path) => (this.store.known.has(path) ? [path] : this.store.knownWithin(path))));
    return await this.#update(filesAt(this.root, paths), gone);
  }

  /** Everything that is known of every file, in the order of their paths. */
  files(): Generator<{ path: string; facts: FileFacts }> {
    return this.store.files();
  }

  close(): void {
    this.store.close();
  }

  /** @param gone those of the known files that are no more unless they are found */
  async #update(found: Iterable<FoundFile | null>, gone: Set<string>): Promise<IndexCounts> {
    const began = performance.now();
    const pace = new Pace();
    const parsing = new Parsing(this.store, this.#threads);
    let parsed = 0;
    try {
      for (const file of found) {
        if (pace.isDue) await pace.rest();
        if (file === null) continue;
        gone.delete(file.path);
        const before = this.store.known.get(file.path);
        if (before?.bytes === file.bytes && before.changed === file.changed) continue;
        parsed += 1;
        await parsing.take({ ...file, known: before?.file.hash ?? '' });
      }
      await parsing.finish();
      await this.store.note([...gone], parsing.same);
      await this.store.compact(pace);
      await this.#renew(parsing);
    } finally {
      await parsing.close();
    }
    return { ...this.store.counts(), parsed, seconds: (performance.now() - began) / 1000 };
  }

  /** Frees segments of which most is no more. */
  async #renew(parsing: Parsing): Promise<void> {
    for (const { file, bytes, changed } of this.store.worn()) {
      const { path, language } = file;
      await parsing.take({ path, absolute: join(this.root, path), language, bytes, changed, known: '' });
    }
    await parsing.finish();
    await this.store.dropDead();
  }
}

/** The files of one update on their way through the threads: nothing is parsed in this one, which answers others
 *  meanwhile. */
class Parsing {
  readonly same: FileState[] = [];
  readonly #store: IndexStore;
  readonly #threads: number;
  readonly #pool: ParsePool;
  readonly #underWay = new Set<Promise<void>>();
  #failure: Error | null = null;
  #batch: ParseTask[] = [];
  #bytes = 0;

  constructor(store: IndexStore, threads: number) {
    this.#store = store;
    this.#threads = threads;
    this.#pool = parseThreads(threads);
  }

  async take(task: ParseTask): Promise<void> {
    this.#batch.push(task);
    this.#bytes += Math.min(task.bytes, LARGEST);
    if (this.#bytes < BATCH.bytes && this.#batch.length < BATCH.files) return;
    this.#send();
    // Waiting keeps memory small.
    if (this.#underWay.size >= BATCH.ahead * this.#threads) await Promise.race(this.#underWay);
    this.#check();
  }

  async finish(): Promise<void> {
    if (this.#batch.length > 0) this.#send();
    await Promise.all(this.#underWay);
    this.#check();
    for (const batch of await this.#pool.rest()) await this.#keep(batch);
  }

  async close(): Promise<void> {
    await Promise.all(this.#underWay);
    await this.#pool.close();
  }

  #send(): void {
    const work: Promise<void> = this.#pool
      .parse(this.#batch)
      .then((done) => this.#keep(done))
      .catch((error: unknown) => {
        // Thrown by the next step of the update, because nobody waits for this one.
        this.#failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
    this.#batch = [];
    this.#bytes = 0;
  }

  #check(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  async #keep({ same, segment }: ParsedBatch): Promise<void> {
    this.same.push(...same);
    if (segment !== null) await this.#store.add(segment);
  }
}
