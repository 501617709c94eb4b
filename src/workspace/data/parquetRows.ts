import type { Cell } from './columnProfiler.ts';
import type { TableProfiler } from './tableProfiler.ts';

/** A row group is decoded as a whole: a larger one is described by the file's own summary alone. Bytes. */
const LARGEST_GROUP = 256 * 2 ** 20;

/** Reads a Parquet file, a row group at a time.
 *  @returns why it cannot be read, or null */
export async function readParquet(path: string, table: TableProfiler): Promise<string | null> {
  const [{ asyncBufferFromFile, parquetMetadataAsync, parquetScan, parquetSchema }, { compressors }] =
    await Promise.all([import('hyparquet'), import('hyparquet-compressors')]);
  const file = await asyncBufferFromFile(path);
  let rows = 0;
  try {
    const metadata = await parquetMetadataAsync(file);
    const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
    table.header(columns);
    const scan = await parquetScan({ file, metadata, compressors });
    const groups = metadata.row_groups;
    for (const [at, { rowStart, rowEnd }] of scan.ranges.entries()) {
      const bytes = Number(groups[at]?.total_byte_size ?? 0);
      if (bytes > LARGEST_GROUP) {
        table.stop(`a row group of ${bytes} bytes is too large to decode; the rows before it are profiled`, rows + 1);
        break;
      }
      const values: ArrayLike<Cell>[] = [];
      for (const column of columns.slice(0, table.width))
        values.push((await scan.readColumn({ column, rowStart, rowEnd })) as ArrayLike<Cell>);
      for (let row = 0; row < rowEnd - rowStart; row += 1) {
        rows += 1;
        table.row(
          values.map((column) => column[row]),
          rows,
        );
      }
    }
    return null;
  } catch (error) {
    // The reader throws errors of every kind at bytes that mean nothing.
    if (!(error instanceof Error)) throw error;
    const why = `it is no whole Parquet file (${error.message.slice(0, 120)}): it may have been cut off while it was copied`;
    if (rows === 0) return why;
    table.stop(why, rows + 1);
    return null;
  }
}

/** Names of the columns; null where it is no Parquet file. */
export async function readParquetColumns(path: string): Promise<string[] | null> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetSchema } = await import('hyparquet');
  try {
    const metadata = await parquetMetadataAsync(await asyncBufferFromFile(path));
    return parquetSchema(metadata).children.map(({ element }) => element.name);
  } catch (error) {
    // Profiling it says why.
    if (!(error instanceof Error)) throw error;
    return null;
  }
}
