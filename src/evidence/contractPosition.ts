import { type Document, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import type { TextRange } from '../domain/contractHelp.ts';

/** Where a key or list item stands, and its value; of its nearest parent that exists where it does not. */
export interface Place {
  /** Of the key, or of the item of a list. */
  readonly key: TextRange;
  /** Of the value; the key's again where there is none. */
  readonly value: TextRange;
  /** Whether the whole path exists. */
  readonly found: boolean;
}

/** Finds a key's place, with lines and columns from 1. */
export function placeOf(document: Document.Parsed, path: readonly PropertyKey[], lines: LineCounter): Place {
  let node: unknown = document.contents;
  let key: Extent = [0, 0];
  let value: Extent = path.length === 0 ? (extentOf(node) ?? key) : key;
  let found = true;
  for (const part of path) {
    const step = child(node, part);
    if (step === null) {
      found = false;
      break;
    }
    key = extentOf(step.key) ?? key;
    value = extentOf(step.value) ?? key;
    node = step.value;
  }
  return { key: rangeOf(key, lines), value: rangeOf(value, lines), found };
}

/** A stretch of offsets as lines and columns. */
export function rangeOf([start, end]: Extent, lines: LineCounter): TextRange {
  const from = lines.linePos(start);
  const to = lines.linePos(Math.max(start, end));
  return {
    ...{ line: Math.max(1, from.line), col: Math.max(1, from.col) },
    ...{ endLine: Math.max(1, to.line), endCol: Math.max(1, to.col) },
  };
}

export type Extent = readonly [start: number, end: number];

function child(node: unknown, part: PropertyKey): { key: unknown; value: unknown } | null {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : String(key)) === String(part));
    return pair ? { key: pair.key, value: pair.value } : null;
  }
  if (isSeq(node)) {
    const item = node.items[Number(part)];
    return item === undefined ? null : { key: item, value: item };
  }
  return null;
}

function extentOf(node: unknown): Extent | null {
  const range = (node as Node | null)?.range;
  return range ? [range[0], range[1]] : null;
}
