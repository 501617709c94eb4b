import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isIgnored, isOutOfReach, type Rules, rulesFor, rulesOf } from '../ignoreRules.ts';
import { languageOf } from './languages.ts';

/** A file that the index may hold. */
export interface FoundFile {
  /** Relative to the workspace folder, with forward slashes. */
  readonly path: string;
  readonly absolute: string;
  readonly language: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly changed: number;
}

/** Other people's code, and what programs wrote: searched by name where somebody asks, never indexed. */
const VENDORED = [
  'vendor',
  'third_party',
  'node_modules',
  'site-packages',
  'bower_components',
  '*.min.js',
  '*.egg-info',
];

/** The files of a workspace whose language is known, with their sizes. It asks the disk as seldom as it can: once a
 *  folder, and once a file that counts. Links are not followed, so a loop of them is no loop here. */
export function* walkFiles(root: string): Generator<FoundFile> {
  yield* walk(root, '', rulesFor(root, VENDORED));
}

/** The same of one place: the file itself, or the files of a folder; nothing where it is ignored or not there.
 *  @param path relative to the workspace, with forward slashes */
export function* filesAt(root: string, path: string): Generator<FoundFile> {
  const names = path.split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..')) return;
  const last = names.pop() ?? '';
  let [folder, within, rules] = [root, '', rulesFor(root, VENDORED)];
  for (const name of names) {
    rules = [...rules, ...rulesOf(folder)];
    folder = join(folder, name);
    if (entryAt(folder)?.isDirectory() !== true || isIgnored(folder, true, rules)) return;
    within = within === '' ? name : `${within}/${name}`;
  }
  const entry = entryAt(join(folder, last));
  if (entry !== null) yield* walkEntries({ folder, within, entries: [entry], rules: [...rules, ...rulesOf(folder)] });
}

function* walk(folder: string, within: string, above: readonly Rules[]): Generator<FoundFile> {
  const entries = entriesOf(folder);
  yield* walkEntries({ folder, within, entries, rules: rulesWithin(folder, entries, above) });
}

type Entry = Pick<Dirent, 'name' | 'isDirectory' | 'isFile'>;

interface Place {
  readonly folder: string;
  readonly within: string;
  readonly entries: readonly Entry[];
  readonly rules: readonly Rules[];
}

function* walkEntries({ folder, within, entries, rules }: Place): Generator<FoundFile> {
  for (const entry of entries) {
    const isFolder = entry.isDirectory();
    const language = isFolder ? null : languageOf(entry.name);
    if (!isFolder && (language === null || !entry.isFile())) continue;
    const absolute = join(folder, entry.name);
    if (isIgnored(absolute, isFolder, rules)) continue;
    const path = within === '' ? entry.name : `${within}/${entry.name}`;
    if (isFolder) yield* walk(absolute, path, rules);
    else if (language !== null) {
      const found = statOf(absolute);
      if (found !== null) yield { path, absolute, language, ...found };
    }
  }
}

function rulesWithin(folder: string, entries: readonly Dirent[], above: readonly Rules[]): readonly Rules[] {
  const hasRules = entries.some(({ name }) => name === '.gitignore' || name === '.mlrignore');
  return hasRules ? [...above, ...rulesOf(folder)] : above;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (isOutOfReach(error)) return [];
    throw error;
  }
}

function entryAt(path: string): Entry | null {
  try {
    const found = lstatSync(path);
    return { name: basename(path), isDirectory: () => found.isDirectory(), isFile: () => found.isFile() };
  } catch (error) {
    if (isOutOfReach(error)) return null;
    throw error;
  }
}

function statOf(path: string): { bytes: number; changed: number } | null {
  try {
    const { size, mtimeMs } = lstatSync(path);
    return { bytes: size, changed: mtimeMs };
  } catch (error) {
    if (isOutOfReach(error)) return null;
    throw error;
  }
}
