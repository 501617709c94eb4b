import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { FileFacts } from './facts.ts';
import { IndexStore, type KnownFile, type StoredFile } from './indexStore.ts';
import { HERE, type ParsePool, type ParseTask, parseThreads } from './parsePool.ts';
import { LARGEST } from './sourceText.ts';
import { type FoundFile, walkFiles } from './walkFiles.ts';

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
/** Fewer bytes are parsed here: a thread takes longer to start. */
const WORTH_A_THREAD = 300_000;

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
    const began = performance.now();
    const known = this.store.known();
    const changed: { file: FoundFile; before: KnownFile | undefined }[] = [];
    for (const file of walkFiles(this.root)) {
      const before = known.get(file.path);
      known.delete(file.path);
      if (before?.bytes === file.bytes && before.changed === file.changed) continue;
      changed.push({ file, before });
    }
    if (changed.length > 0 || known.size > 0) {
      this.store.mark(false);
      this.store.transaction(() => {
        for (const { id } of known.values()) this.store.remove(id);
      });
      await this.#parse(changed);
      this.store.mark(true);
    }
    return { ...this.store.counts(), parsed: changed.length, seconds: (performance.now() - began) / 1000 };
  }

  /** Everything that is known of every file, in the order of their paths. */
  files(): Generator<{ path: string; facts: FileFacts }> {
    return this.store.files();
  }

  close(): void {
    this.store.close();
  }

  async #parse(changed: readonly { file: FoundFile; before: KnownFile | undefined }[]): Promise<void> {
    const bytes = changed.reduce((sum, { file }) => sum + Math.min(file.bytes, LARGEST), 0);
    const pool: ParsePool = bytes < WORTH_A_THREAD ? HERE : parseThreads(this.#threads);
    const underWay = new Set<Promise<void>>();
    try {
      for (const batch of batchesOf(changed)) {
        const work = this.#parseBatch(pool, batch).finally(() => underWay.delete(work));
        underWay.add(work);
        // Waiting on the eldest keeps the threads busy, and memory small.
        if (underWay.size >= BATCH.ahead * this.#threads) await Promise.race(underWay);
      }
      await Promise.all(underWay);
    } finally {
      await pool.close();
    }
  }

  async #parseBatch(
    pool: ParsePool,
    batch: readonly { file: FoundFile; before: KnownFile | undefined }[],
  ): Promise<void> {
    const tasks = batch.map(({ file, before }): ParseTask => {
      const { path, absolute, language } = file;
      return { path, absolute, language, known: before?.hash ?? '' };
    });
    const done = await pool.parse(tasks);
    this.store.transaction(() => {
      for (const [i, { file, before }] of batch.entries()) {
        const parsed = done[i];
        if (parsed) this.#store(file, before, parsed);
      }
    });
    await breathe();
  }

  #store(file: FoundFile, before: KnownFile | undefined, parsed: StoredFile): void {
    if (before && parsed.hash !== '' && parsed.hash === before.hash) {
      this.store.touch(before.id, file);
      return;
    }
    if (before) this.store.remove(before.id);
    this.store.put(file, parsed);
  }
}

function* batchesOf<T extends { file: FoundFile }>(changed: readonly T[]): Generator<T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const one of changed) {
    batch.push(one);
    bytes += Math.min(one.file.bytes, LARGEST);
    if (bytes < BATCH.bytes && batch.length < BATCH.files) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}
