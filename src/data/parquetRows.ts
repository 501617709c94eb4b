/** A value of a Parquet file as its reader gives it. */
export type ParquetCell = string | number | bigint | boolean | Date | object | null | undefined;

/** Where a Parquet file's rows go. */
export interface ParquetSink {
  /** Columns beyond are not read. */
  readonly width: number;
  header(names: readonly string[]): void;
  /** @param line from 1 */
  row(cells: readonly ParquetCell[], line: number): void;
  /** Reading stops before the end, for this reason. */
  stop(text: string, line: number): void;
}

/** A row group is decoded as a whole: a larger one is described by the file's own summary alone. Bytes. */
const LARGEST_GROUP = 256 * 2 ** 20;

/** Reads a Parquet file, a row group at a time.
 *  @returns why it cannot be read, or null */
export async function readParquet(path: string, table: ParquetSink): Promise<string | null> {
  let rows = 0;
  try {
    const { columns, read } = await openParquet(path);
    table.header(columns);
    const tooLarge = (why: string): void => table.stop(`${why}; the rows before it are profiled`, rows + 1);
    for await (const cells of read(table.width, tooLarge)) {
      rows += 1;
      table.row(cells, rows);
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
  try {
    return (await openParquet(path)).columns;
  } catch (error) {
    // Profiling it says why.
    if (!(error instanceof Error)) throw error;
    return null;
  }
}

export interface ParquetFile {
  readonly columns: string[];
  /** Its rows, of the first columns alone. Reading ends before a row group that is too large, and is told.
   *  @throws Error of any kind where the file is not whole */
  read(width: number, tooLarge: (why: string) => void): AsyncGenerator<readonly ParquetCell[]>;
}

/** @throws Error of any kind where it is no Parquet file */
export async function openParquet(path: string): Promise<ParquetFile> {
  const [{ asyncBufferFromFile, parquetMetadataAsync, parquetScan, parquetSchema }, { compressors }] =
    await Promise.all([import('hyparquet'), import('hyparquet-compressors')]);
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
  return {
    columns,
    async *read(width, tooLarge) {
      const scan = await parquetScan({ file, metadata, compressors });
      const groups = metadata.row_groups;
      for (const [at, { rowStart, rowEnd }] of scan.ranges.entries()) {
        const bytes = Number(groups[at]?.total_byte_size ?? 0);
        if (bytes > LARGEST_GROUP) return tooLarge(`a row group of ${bytes} bytes is too large to decode`);
        const values: ArrayLike<ParquetCell>[] = [];
        for (const column of columns.slice(0, width))
          values.push((await scan.readColumn({ column, rowStart, rowEnd })) as ArrayLike<ParquetCell>);
        for (let row = 0; row < rowEnd - rowStart; row += 1) yield values.map((column) => column[row]);
      }
    },
  };
}
