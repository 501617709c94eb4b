import { homedir } from 'node:os';

/** What stands in recordings for the home folder of whoever made them. */
const PLACEHOLDER = '<home>';

/** Any value with the home folder's path in its texts replaced: whose machine it was is nobody's business. */
export function withoutHome<T>(value: T, home = homedir()): T {
  // A home of one folder name, such as "/", would be found everywhere.
  if (home.length < 4) return value;
  const path = home.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`(?<![\\w.~/-])${path}(?![\\w-])`, 'g');
  return inTexts(value, (text) => text.replaceAll(pattern, PLACEHOLDER));
}

/** The other way round, for whoever replays a recording. */
export function withHome<T>(value: T, home = homedir()): T {
  return inTexts(value, (text) => text.replaceAll(PLACEHOLDER, home));
}

function inTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (Array.isArray(value)) return value.map((one) => inTexts(one, change)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inTexts(one, change)])) as T;
}
