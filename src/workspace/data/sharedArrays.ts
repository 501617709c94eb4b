import type { Shared } from './dataProfile.ts';
import type { HashSample } from './hashSample.ts';
import type { ProfiledTable } from './profileTable.ts';

/** Arrays that are compared with each other; an archive may hold a thousand. */
const MOST_COMPARED = 24;

/** Rows that arrays share. Their columns have no names, so whole rows are compared, of arrays whose rows have one shape, and
 *  none of single numbers, which are labels or places. */
export function sharedByArrays(tables: readonly ProfiledTable[]): { shared: Shared[]; leftOut: string[] } {
  const all = tables.filter(({ profile }) => (profile.array?.shape.length ?? 0) > 1 && profile.rows > 0);
  const shared: Shared[] = [];
  for (const [at, one] of all.slice(0, MOST_COMPARED).entries()) {
    for (const other of all.slice(at + 1, MOST_COMPARED)) {
      if (rowShape(one) !== rowShape(other)) continue;
      const [first, second] = [one.rows.wholeRows, other.rows.wholeRows];
      if (!tells(first) || !tells(second)) continue;
      const [ofFirst, ofSecond] = [first.sharedWith(second), second.sharedWith(first)];
      shared.push({ first: one.profile.path, second: other.profile.path, columns: [], ofFirst, ofSecond });
    }
  }
  const rest = all.length - MOST_COMPARED;
  return { shared, leftOut: rest > 0 ? [`${rest} of ${all.length} arrays are not compared with others`] : [] };
}

/** Rows that mostly repeat each other, such as a column of labels, are found everywhere. */
export function tells(sample: HashSample): boolean {
  return sample.repeated().value < sample.distinct().value;
}

function rowShape({ profile }: ProfiledTable): string {
  return profile.array?.shape.slice(1).join('x') ?? '';
}
