import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isOutOfReach } from '../ignoreRules.ts';
import type { FileFacts, ParsedText, SymbolText } from './facts.ts';
import { Pace } from './pace.ts';
import { fileSource, memorySource, Segment, SegmentDamaged } from './segment.ts';
import type { SegmentFile } from './segmentFormat.ts';
import { type FileState, SegmentWriter } from './segmentWriter.ts';

/** A file that the index holds, and where. */
export interface KnownFile {
  readonly segment: Segment;
  readonly file: SegmentFile;
  /** As they were last seen, which may be later than the segment. */
  readonly bytes: number;
  readonly changed: number;
}

/** Where there are so many segments of so few symbols, some are put together: of so many symbols, since that is done in
 *  one go. */
const SMALL = { symbols: 500, segments: 24, together: 2_000 };
/** So many larger segments of which most is no more are read anew. */
const MOST_WORN = 6;
const NAME = /^(\d+)\.segment$/;

/** The index on disk: segments that never change, of which a later one goes before an earlier one, as in Lucene. An update
 *  only adds, under another name first, so whoever dies at it leaves a whole index behind. One process writes at a time. */
export class IndexStore {
  readonly #folder: string | null;
  readonly #notice: (sentence: string) => void;
  /** By their numbers, in order. */
  readonly #segments = new Map<number, Segment>();
  readonly #known = new Map<string, KnownFile>();
  #next = 1;
  /** Of the known files: their definitions, and how many there are of each language. */
  #definitions = 0;
  readonly #languages = new Map<string, number>();

  private constructor(folder: string | null, notice: (sentence: string) => void) {
    this.#folder = folder;
    this.#notice = notice;
  }

  /** Opens the index in a folder, or begins it; what is damaged or of another version is dropped and made anew.
   *  @param folder null keeps it in memory alone, as is done where another process owns the folder
   *  @param notice told in one sentence what is made anew */
  static async open(folder: string | null, notice: (sentence: string) => void = () => undefined): Promise<IndexStore> {
    const store = new IndexStore(folder !== null && ownIt(folder) ? folder : null, notice);
    await store.#load();
    return store;
  }

  close(): void {
    for (const segment of this.#segments.values()) segment.close();
    if (this.#folder !== null) rmSync(join(this.#folder, 'owner'), { force: true });
  }

  /** Every file that the index holds, by its path. */
  get known(): ReadonlyMap<string, KnownFile> {
    return this.#known;
  }

  /** The paths of known files in a folder. */
  knownWithin(folder: string): string[] {
    return [...this.#known.keys()].filter((path) => path.startsWith(`${folder}/`));
  }

  segments(): Segment[] {
    return [...this.#segments.values()];
  }

  /** Adds a segment: its files take the place of those of the same paths. */
  async add(bytes: Uint8Array): Promise<void> {
    const number = this.#next;
    this.#next += 1;
    if (this.#folder === null) {
      this.#take(number, new Segment(memorySource(bytes)));
      return;
    }
    const file = join(this.#folder, `${number}.segment`);
    await writeFile(`${file}.new`, bytes);
    await rename(`${file}.new`, file);
    this.#take(number, new Segment(fileSource(file)));
  }

  /** Says of files that they are no more, or that they were written anew as they were. */
  async note(gone: readonly string[], touched: readonly FileState[]): Promise<void> {
    if (gone.length > 0 || touched.length > 0) await this.add(new SegmentWriter().finish({ gone, touched }));
  }

  /** Puts the smallest segments together where there are many small ones. */
  async compact(pace: Pace): Promise<void> {
    const small = [...this.#segments].filter(([, { header }]) => header.symbols <= SMALL.symbols);
    if (small.length < SMALL.segments) return;
    const chosen = smallest(small);
    const old = new Set(chosen.map(([, segment]) => segment));
    const writer = new SegmentWriter();
    for (const { segment, file, bytes, changed } of this.#known.values()) {
      if (!old.has(segment)) continue;
      if (pace.isDue) await pace.rest();
      const { path, hash } = file;
      const read = this.read(segment, () => ({ facts: segment.facts(file), texts: segment.texts(file).map(asParsed) }));
      if (read !== null) writer.add({ path, bytes, changed }, { path, hash, ...read });
    }
    await this.#replace(chosen, writer);
  }

  /** Files of large segments of which most is no more, where there are many of those: once these are parsed anew,
   *  `dropDead` frees their segments. */
  worn(): KnownFile[] {
    const worn = new Set(this.segments().filter((segment) => isLarge(segment) && segment.isMostlyDead));
    return worn.size < MOST_WORN ? [] : [...this.#known.values()].filter(({ segment }) => worn.has(segment));
  }

  /** Drops large segments of which nothing is left. */
  async dropDead(): Promise<void> {
    const dead = [...this.#segments].filter(([, segment]) => isLarge(segment) && segment.isDead);
    if (dead.length > 0) await this.#replace(dead, new SegmentWriter());
  }

  /** Writes a segment that takes the place of others. What those say of segments before them is said by it. */
  async #replace(old: readonly (readonly [number, Segment])[], writer: SegmentWriter): Promise<void> {
    const dropped = new Set(old.map(([, segment]) => segment));
    const elsewhere = this.segments().filter((segment) => !dropped.has(segment));
    const held = new Set(elsewhere.flatMap(({ header }) => header.files.map(({ path }) => path)));
    const gone = [...held].filter((path) => !this.#known.has(path));
    const touched = [...this.#known.values()].filter(
      ({ segment, file, bytes, changed }) =>
        !dropped.has(segment) && (file.bytes !== bytes || file.changed !== changed),
    );
    const states = touched.map(({ file, bytes, changed }) => ({ path: file.path, bytes, changed }));
    await this.add(writer.finish({ gone, touched: states }));
    for (const [number] of old) this.#drop(number);
  }

  counts(): { files: number; symbols: number; languages: Record<string, number> } {
    const sorted = [...this.#languages].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return { files: this.#known.size, symbols: this.#definitions, languages: Object.fromEntries(sorted) };
  }

  /** Files of which something was left out, and why. */
  problems(): { path: string; problem: string }[] {
    const files = [...this.#known.values()].map(({ file }) => file).sort(byPath);
    return files.flatMap(({ path, problem }) => (problem === null ? [] : [{ path, problem }]));
  }

  /** Files with what they hold, in the order of their paths. */
  *files(): Generator<{ path: string; facts: FileFacts }> {
    const sorted = [...this.#known.values()].sort((a, b) => byPath(a.file, b.file));
    for (const { segment, file } of sorted) {
      const facts = this.read(segment, () => segment.facts(file));
      if (facts !== null) yield { path: file.path, facts };
    }
  }

  /** All symbols, each file's own entry among them. */
  size(): number {
    let size = 0;
    for (const { header } of this.#segments.values()) size += header.symbols;
    return size;
  }

  /** Asks a segment; one that turns out to be damaged is dropped, so that the next update reads its files anew.
   *  @returns null where it was dropped, now or before */
  read<T>(segment: Segment, work: () => T): T | null {
    if (segment.closed) return null;
    try {
      return work();
    } catch (error) {
      if (!(error instanceof SegmentDamaged)) throw error;
      this.#discard(segment, error.message);
      return null;
    }
  }

  #discard(damaged: Segment, why: string): void {
    for (const [number, segment] of this.#segments) {
      if (segment !== damaged) continue;
      this.#notice(`Segment ${number} of the index is damaged (${why}): its files are read anew.`);
      this.#drop(number);
      for (const [path, known] of [...this.#known]) if (known.segment === damaged) this.#forget(path);
    }
  }

  async #load(): Promise<void> {
    if (this.#folder === null) return;
    const pace = new Pace();
    const names = readdirSync(this.#folder);
    for (const name of names.filter((one) => one !== 'owner' && !NAME.test(one))) {
      rmSync(join(this.#folder, name), { recursive: true, force: true });
    }
    const numbers = names.flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number);
    for (const number of numbers.sort((a, b) => a - b)) {
      const file = join(this.#folder, `${number}.segment`);
      this.#next = number + 1;
      if (pace.isDue) await pace.rest();
      try {
        this.#take(number, new Segment(fileSource(file)));
      } catch (error) {
        if (!(error instanceof SegmentDamaged)) throw error;
        this.#notice(`${file} is damaged (${error.message}): its files are read anew.`);
        rmSync(file, { force: true });
      }
    }
  }

  #take(number: number, segment: Segment): void {
    this.#segments.set(number, segment);
    for (const path of segment.header.gone) this.#forget(path);
    for (const { path, bytes, changed } of segment.header.touched) {
      const known = this.#known.get(path);
      if (known) this.#known.set(path, { ...known, bytes, changed });
    }
    for (const file of segment.header.files) {
      this.#forget(file.path);
      this.#known.set(file.path, { segment, file, bytes: file.bytes, changed: file.changed });
      this.#count(file, 1);
    }
  }

  #forget(path: string): void {
    const known = this.#known.get(path);
    if (known === undefined) return;
    known.segment.forget(known.file);
    this.#known.delete(path);
    this.#count(known.file, -1);
  }

  #count({ language, symbols: [, , definitions] }: SegmentFile, by: 1 | -1): void {
    this.#definitions += by * definitions;
    const files = (this.#languages.get(language) ?? 0) + by;
    if (files > 0) this.#languages.set(language, files);
    else this.#languages.delete(language);
  }

  #drop(number: number): void {
    this.#segments.get(number)?.close();
    this.#segments.delete(number);
    if (this.#folder !== null) rmSync(join(this.#folder, `${number}.segment`), { force: true });
  }
}

function asParsed({ about, says }: SymbolText): ParsedText {
  return { about, names: [], messages: [says] };
}

function isLarge({ header }: Segment): boolean {
  return header.symbols > SMALL.symbols;
}

/** As many of them, from the smallest on, as may be put together; two at least. */
function smallest(segments: readonly [number, Segment][]): [number, Segment][] {
  const sorted = [...segments].sort(([, a], [, b]) => a.header.symbols - b.header.symbols);
  let symbols = 0;
  return sorted.filter(([, { header }], i) => {
    symbols += header.symbols;
    return i < 2 || symbols <= SMALL.together;
  });
}

function byPath(a: SegmentFile, b: SegmentFile): number {
  return a.path < b.path ? -1 : 1;
}

/** Whether this process is the one that writes the index; what a dead one left is taken over. */
function ownIt(folder: string): boolean {
  const file = join(folder, 'owner');
  try {
    mkdirSync(folder, { recursive: true });
    const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    if (owner > 0 && owner !== process.pid && isAlive(owner)) return false;
    writeFileSync(file, String(process.pid));
    return true;
  } catch (error) {
    // Where nothing may be written the index is in memory alone.
    const isReadOnly = error instanceof Error && 'code' in error && error.code === 'EROFS';
    if (isReadOnly || isOutOfReach(error)) return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
