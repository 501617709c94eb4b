import type { Readable } from 'node:stream';
import type { Entry, ZipFile } from 'yauzl';

/** One array of a NumPy archive. */
export interface ArchivedArray {
  readonly name: string;
  /** Uncompressed, as the archive says; more than that is an error while it is read. */
  readonly bytes: number;
  readonly compressed: number;
  open(): Promise<Readable>;
}

/** Arrays beyond are left out. */
const MOST_ARRAYS = 1000;

/** Opens a .npz archive, gives its arrays to `each` one after another, and closes it.
 *  @returns why it is none, or null */
export async function eachArray(path: string, each: (array: ArchivedArray) => Promise<void>): Promise<string | null> {
  let archive: ZipFile | null = null;
  try {
    archive = await opened(path);
    for (const entry of (await entriesOf(archive)).slice(0, MOST_ARRAYS)) await each(arrayOf(archive, entry));
    return null;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return `it is no whole archive (${error.message})`;
  } finally {
    archive?.close();
  }
}

async function opened(path: string): Promise<ZipFile> {
  // A CommonJS module, which the bundles offer as a default alone.
  const { default: yauzl } = await import('yauzl');
  return await new Promise((resolve, reject) => {
    yauzl.open(path, { autoClose: false, lazyEntries: true }, (error, archive) =>
      error ? reject(error) : resolve(archive),
    );
  });
}

function entriesOf(archive: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    archive.on('entry', (entry: Entry) => {
      entries.push(entry);
      archive.readEntry();
    });
    archive.on('end', () => resolve(entries));
    archive.on('error', reject);
    archive.readEntry();
  });
}

function arrayOf(archive: ZipFile, entry: Entry): ArchivedArray {
  return {
    name: entry.fileName.replace(/\.npy$/, ''),
    bytes: entry.uncompressedSize,
    compressed: entry.compressedSize,
    open: () =>
      new Promise((resolve, reject) => {
        archive.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
      }),
  };
}
