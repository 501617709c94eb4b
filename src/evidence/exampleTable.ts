/** A score for each example, or a value for each seed: typed where it was computed, plain where it was printed. */
export type Row = ArrayLike<number>;

// A table has seeds as its rows and examples as its columns. A million cells are common, and a simulation reads them
// 20,000 times: so these are plain loops over typed arrays, row by row.

/** Variant less baseline, cell by cell; of tables of one shape. */
export function differencesOf(baseline: readonly Row[], variant: readonly Row[]): Float64Array[] {
  const columns = variant[0]?.length ?? 0;
  const cells = new Float64Array(variant.length * columns);
  return variant.map((row, i) => {
    const before = baseline[i] ?? [];
    const differences = cells.subarray(i * columns, (i + 1) * columns);
    for (let e = 0; e < row.length; e += 1) differences[e] = (row[e] ?? Number.NaN) - (before[e] ?? Number.NaN);
    return differences;
  });
}

export function columnMeans(rows: readonly Row[]): Float64Array {
  const means = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) for (let e = 0; e < means.length; e += 1) means[e] = (means[e] ?? 0) + (row[e] ?? Number.NaN);
  for (let e = 0; e < means.length; e += 1) means[e] = (means[e] ?? 0) / rows.length;
  return means;
}

/** Sum of the squares of what neither the seed nor the example explains.
 *  @param seeds means of the rows
 *  @param columns means of the columns, whose mean is the grand one */
export function residualSquares(rows: readonly Row[], seeds: Row, columns: Float64Array): number {
  let grand = 0;
  for (const value of columns) grand += value;
  grand /= columns.length;
  let total = 0;
  for (const [i, row] of rows.entries()) {
    const seed = seeds[i] ?? Number.NaN;
    for (let e = 0; e < columns.length; e += 1) {
      const residual = (row[e] ?? Number.NaN) - seed - (columns[e] ?? 0) + grand;
      total += residual * residual;
    }
  }
  return total;
}

/** The largest range that a column has over the rows. */
export function widestColumn(rows: readonly Row[]): number {
  let widest = 0;
  for (let e = 0; e < (rows[0]?.length ?? 0); e += 1) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const row of rows) {
      const value = row[e] ?? Number.NaN;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    widest = Math.max(widest, high - low);
  }
  return widest;
}

/** Lowest and highest, without a call of a million arguments: that overflows the stack. */
export function extremes(values: Row): { low: number; high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? Number.NaN;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}
