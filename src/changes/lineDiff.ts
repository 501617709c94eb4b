/** What became of lines: kept from both sides, gone from the old, put by the new; in order. */
export type LineStep =
  | { readonly kind: 'keep'; readonly old: number; readonly put: number }
  | { readonly kind: 'gone'; readonly old: number }
  | { readonly kind: 'put'; readonly put: number };

/** The shortest way from some lines to others: a longest common subsequence is kept. */
export function lineDiff(before: readonly string[], after: readonly string[]): LineStep[] {
  const width = after.length + 1;
  const common = new Int32Array((before.length + 1) * width);
  const value = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        before[i] === after[j] ? value(i + 1, j + 1) + 1 : Math.max(value(i + 1, j), value(i, j + 1));
    }
  }
  const steps: LineStep[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      steps.push({ kind: 'keep', old: i, put: j });
      i += 1;
      j += 1;
    } else if (i < before.length && (j >= after.length || value(i + 1, j) >= value(i, j + 1))) {
      steps.push({ kind: 'gone', old: i });
      i += 1;
    } else {
      steps.push({ kind: 'put', put: j });
      j += 1;
    }
  }
  return steps;
}
