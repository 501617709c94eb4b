import { type Document, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';

/** Line and column (from 1) of a key or list item; of its nearest parent that exists where it does not. */
export function positionOf(
  document: Document.Parsed,
  path: readonly PropertyKey[],
  lines: LineCounter,
): { line: number; col: number } {
  let node: unknown = document.contents;
  let offset = 0;
  for (const part of path) {
    const step = child(node, part);
    if (step === null) break;
    offset = step.offset ?? offset;
    node = step.value;
  }
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), col: Math.max(1, col) };
}

function child(node: unknown, part: PropertyKey): { offset: number | undefined; value: unknown } | null {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : String(key)) === String(part));
    return pair ? { offset: startOf(pair.key), value: pair.value } : null;
  }
  if (isSeq(node)) {
    const item = node.items[Number(part)];
    return item === undefined ? null : { offset: startOf(item), value: item };
  }
  return null;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0];
}
