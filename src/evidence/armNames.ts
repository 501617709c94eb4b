import type { Arm } from '../domain/evidence.ts';

/** Letters of a picture's column. */
const COLUMN = 26;

/** An arm as a report names it: its place in the comparison, and what people call it. */
export function armTitle({ name, revision }: Pick<Arm, 'name' | 'revision'>): string {
  // Arms by arguments carry their name in their revision.
  if (revision === name || revision.startsWith(`${name} (`)) return revision;
  return `${name} (${revision})`;
}

/** The same in at most two short lines, where there is room for a column only. */
export function armColumn({ name, revision }: Pick<Arm, 'name' | 'revision'>): string {
  const words = revision.startsWith(`${name} (`) ? revision.slice(name.length + 2, -1) : revision;
  const called = /^[0-9a-f]{40}$/.test(words) ? words.slice(0, 10) : words;
  return [name, ...(called === name ? [] : [called])].map(shortened).join('\n');
}

/** Beginning and end: names of a study often differ in one of the two. */
function shortened(text: string): string {
  if (text.length <= COLUMN) return text;
  const half = Math.floor((COLUMN - 1) / 2);
  return `${text.slice(0, half)}…${text.slice(-half)}`;
}
