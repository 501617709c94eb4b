import type { Arms } from './arms.ts';

const known = new WeakMap<Arms, Map<string, Promise<unknown>>>();

/** What follows from the arms of a measurement alone is computed once, however often it is looked at: after the first
 *  block, and at the end.
 *  @param name of what is computed, once for these arms */
export async function onceOfArms<T>(arms: Arms, name: string, compute: () => Promise<T>): Promise<T> {
  const own = known.get(arms) ?? new Map<string, Promise<unknown>>();
  known.set(arms, own);
  const before = own.get(name);
  // Whoever gave it its name gave it its type.
  if (before !== undefined) return (await before) as T;
  const computing = compute();
  own.set(name, computing);
  return await computing;
}
