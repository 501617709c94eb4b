import { type LabelColumn, LEAST_BITS } from './hiddenLabels.ts';
import type { LabelFinding } from './labelFinding.ts';
import { binomialSurprise } from './tailProbability.ts';

/** A column's values as symbols, and each symbol's share of them. */
export interface CodedLabels {
  readonly coded: readonly number[];
  readonly symbols: ReadonlyMap<string, number>;
  readonly shares: readonly number[];
}

/** Where a value may stand from its id, in words. */
const BEFORE_ID = 8;
const AFTER_ID = 24;
/** An id counts so often: a text may well name it before it tells its label. */
const MOST_MENTIONS = 3;

/** Labels that stand at one distance from their ids, in whatever order the rows are: more agree than the shares of the
 *  values explain, so that a constant or an unrelated column is nothing. */
export function findById(words: readonly string[], { rows, name }: LabelColumn, labels: CodedLabels): LabelFinding[] {
  const places = new Map<number, Place>();
  for (const { at, row, mention } of mentionsOf(words, rows)) {
    for (let offset = -BEFORE_ID; offset <= AFTER_ID; offset += 1) {
      const value = words[at + offset];
      if (offset === 0 || value === undefined) continue;
      const key = offset * MOST_MENTIONS + mention;
      const place = places.get(key) ?? { of: 0, agreeing: 0, counts: new Map<number, number>() };
      places.set(key, place);
      count(place, labels.symbols.get(value), labels.coded[row]);
    }
  }
  return [...places.values()]
    .filter((place) => isSurprising(place, labels.shares))
    .map(({ of, agreeing }) => ({ column: name, how: 'by id', of, agreeing }));
}

interface Place {
  of: number;
  agreeing: number;
  readonly counts: Map<number, number>;
}

function* mentionsOf(
  words: readonly string[],
  rows: ReadonlyMap<string, number>,
): Generator<{ at: number; row: number; mention: number }> {
  if (rows.size === 0) return;
  const mentions = new Map<number, number>();
  for (const [at, word] of words.entries()) {
    const row = rows.get(word);
    if (row === undefined) continue;
    const mention = mentions.get(row) ?? 0;
    mentions.set(row, mention + 1);
    if (mention < MOST_MENTIONS) yield { at, row, mention };
  }
}

function count(place: Place, symbol: number | undefined, label: number | undefined): void {
  place.of += 1;
  if (symbol === undefined) return;
  place.counts.set(symbol, (place.counts.get(symbol) ?? 0) + 1);
  if (symbol === label) place.agreeing += 1;
}

function isSurprising({ of, agreeing, counts }: Place, shares: readonly number[]): boolean {
  let chance = 0;
  for (const [symbol, seen] of counts) chance += (seen / of) * (shares[symbol] ?? 0);
  return agreeing > chance * of && binomialSurprise(of, chance, agreeing) >= LEAST_BITS;
}
