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

/** Opens a .npz archive, by its path or its bytes, gives its arrays to `each` one after another, and closes it.
 *  @returns why it is none, or null */
export async function eachArray(
  archived: string | Buffer,
  each: (array: ArchivedArray) => Promise<void>,
): Promise<string | null> {
  let archive: ZipFile | null = null;
  try {
    archive = await opened(archived);
    for (const entry of (await entriesOf(archive)).slice(0, MOST_ARRAYS)) await each(arrayOf(archive, entry));
    return null;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return `it is no whole archive (${error.message})`;
  } finally {
    archive?.close();
  }
}

async function opened(archived: string | Buffer): Promise<ZipFile> {
  // A CommonJS module, which the bundles offer as a default alone.
  const { default: yauzl } = await import('yauzl');
  const options = { autoClose: false, lazyEntries: true };
  return await new Promise((resolve, reject) => {
    const done = (error: Error | null, archive: ZipFile): void => (error ? reject(error) : resolve(archive));
    if (typeof archived === 'string') yauzl.open(archived, options, done);
    else yauzl.fromBuffer(archived, options, done);
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
