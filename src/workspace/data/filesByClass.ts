import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { WorkspaceFile } from '../listFiles.ts';
import type { FolderProfile, Note } from './dataProfile.ts';

const IMAGES = /\.(?:png|jpe?g|gif|webp|bmp|tiff?)$/i;
const TEXTS = /\.txt$/i;
const SPLIT = /^(?:train(?:ing)?|test(?:ing)?|val(?:id(?:ation)?)?|dev|eval|holdout)$/i;
/** The size of an image stands near its beginning; a JPEG may have a thumbnail before it. Bytes. */
const IMAGE_HEAD = 512 * 1024;
/** A longer text is counted, not read. Bytes. */
const LONGEST_TEXT = 16 * 2 ** 20;
const MOST_NOTES = 20;
const MOST_SIZES = 20;

/** What a folder mostly holds, where that is images or texts; null otherwise. */
export function contentOf(files: readonly WorkspaceFile[]): FolderProfile['of'] | null {
  const images = files.filter(({ path }) => IMAGES.test(path)).length;
  const texts = files.filter(({ path }) => TEXTS.test(path)).length;
  if (images * 2 > files.length) return 'images';
  return texts * 2 > files.length && texts > 5 ? 'texts' : null;
}

/** Profiles a folder whose sub-folders are classes.
 *  @param root the folder; the files' paths are relative to it */
export async function profileFolder(
  root: string,
  of: FolderProfile['of'],
  all: readonly WorkspaceFile[],
): Promise<Omit<FolderProfile, 'kind' | 'path'>> {
  const files = all.filter(({ path }) => (of === 'images' ? IMAGES : TEXTS).test(path));
  const tally = new Tally(of);
  for (const file of files) await tally.add(root, file);
  if (files.length < all.length)
    tally.note(
      `${all.length - files.length} other files are left out, such as ${all.find((f) => !files.includes(f))?.path}`,
    );
  return { of, files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), ...tally.finish() };
}

class Tally {
  readonly #of: FolderProfile['of'];
  readonly #classes = new Map<string, { split: string | null; name: string; files: number }>();
  readonly #formats: Record<string, number> = {};
  readonly #sizes = new Map<string, { width: number; height: number; files: number }>();
  readonly #lengths = { min: Infinity, max: 0, sum: 0, count: 0 };
  /** By content: the splits it stands in. */
  readonly #contents = new Map<string, { splits: Set<string>; files: number }>();
  readonly #notes: Note[] = [];

  constructor(of: FolderProfile['of']) {
    this.#of = of;
  }

  async add(root: string, { path, bytes }: WorkspaceFile): Promise<void> {
    const { split, name } = placeOf(path);
    const key = `${split}\0${name}`;
    const known = this.#classes.get(key);
    if (known) known.files += 1;
    else this.#classes.set(key, { split, name, files: 1 });
    if (bytes === 0) return this.note(`${path} is empty`);
    const absolute = join(root, path);
    const hash = await hashOf(absolute);
    const twin = this.#contents.get(hash) ?? { splits: new Set<string>(), files: 0 };
    twin.files += 1;
    twin.splits.add(split ?? '');
    this.#contents.set(hash, twin);
    if (this.#of === 'images') await this.#image(absolute, path);
    else await this.#text(absolute, path, bytes);
  }

  note(text: string): void {
    if (this.#notes.length < MOST_NOTES) this.#notes.push({ line: null, text });
  }

  finish(): Omit<FolderProfile, 'kind' | 'path' | 'of' | 'files' | 'bytes'> {
    const contents = [...this.#contents.values()];
    const { min, max, sum, count } = this.#lengths;
    return {
      classes: [...this.#classes.values()].sort((a, b) =>
        (a.split ?? '') + a.name < (b.split ?? '') + b.name ? -1 : 1,
      ),
      formats: this.#formats,
      sizes: [...this.#sizes.values()].sort((a, b) => b.files - a.files).slice(0, MOST_SIZES),
      lengths: count === 0 ? null : { min, max, mean: sum / count },
      duplicates: contents.reduce((twins, { files }) => twins + files - 1, 0),
      acrossSplits: contents.filter(({ splits }) => splits.size > 1).length,
      notes: this.#notes,
    };
  }

  async #image(absolute: string, path: string): Promise<void> {
    const { imageSize } = await import('image-size');
    try {
      const { width, height, type = extname(path).slice(1) } = imageSize(await headOf(absolute));
      const size = `${width}x${height}`;
      const known = this.#sizes.get(size);
      if (known) known.files += 1;
      else this.#sizes.set(size, { width, height, files: 1 });
      this.#formats[type] = (this.#formats[type] ?? 0) + 1;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.note(`${path} is no image that can be read (${error.message})`);
    }
  }

  async #text(absolute: string, path: string, bytes: number): Promise<void> {
    if (bytes > LONGEST_TEXT) return this.note(`${path} is longer than ${LONGEST_TEXT / 2 ** 20} MB and was not read`);
    const { length } = await readFile(absolute, 'utf8');
    const all = this.#lengths;
    all.min = Math.min(all.min, length);
    all.max = Math.max(all.max, length);
    all.sum += length;
    all.count += 1;
    this.#formats.txt = (this.#formats.txt ?? 0) + 1;
  }
}

/** `train/cat/1.png` is class cat of the split train. */
function placeOf(path: string): { split: string | null; name: string } {
  const folders = path.split('/').slice(0, -1);
  const split = folders.find((folder) => SPLIT.test(folder)) ?? null;
  return { split, name: folders.filter((folder) => folder !== split).at(-1) ?? '(none)' };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path);
  for await (const chunk of file.createReadStream({ highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}

async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(IMAGE_HEAD), 0, IMAGE_HEAD, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
