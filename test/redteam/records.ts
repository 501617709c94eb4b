import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Place } from './place.ts';

/** Paths of all files with such a name that the tool keeps in this workspace. */
export function recordsOf(place: Place, name: RegExp): string[] {
  return readdirSync(join(place.workspace, '.mlr'), { recursive: true, encoding: 'utf8' })
    .filter((path) => name.test(basename(path)))
    .map((path) => join(place.workspace, '.mlr', path))
    .sort();
}

/** Makes the digit in the middle of the file the next one. */
export function alterDigit(path: string): void {
  const text = readFileSync(path, 'utf8');
  const places = [...text.matchAll(/\d/g)].map((match) => match.index);
  const middle = places[Math.floor(places.length / 2)];
  if (middle === undefined) throw new Error(`${path} holds no digit`);
  const next = (Number(text[middle]) + 1) % 10;
  writeFileSync(path, text.slice(0, middle) + next + text.slice(middle + 1));
}

/** Removes the last lines of a file. */
export function dropLines(path: string, count: number): void {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  writeFileSync(path, `${lines.slice(0, -count).join('\n')}\n`);
}
