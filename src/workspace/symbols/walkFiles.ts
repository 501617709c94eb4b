import { type Dir, type Dirent, lstatSync, opendirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isIgnored, isOutOfReach, RULE_FILES, type Rules, rulesFor, rulesOf } from '../ignoreRules.ts';
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

/** So many entries of a folder are read at a time. */
const AT_ONCE = 1024;

/** The files of a workspace whose language is known, with their sizes. It asks the disk as seldom as it can: a few times a
 *  folder, and once a file that counts. Links are not followed, so a loop of them is no loop here. Null comes where a long
 *  way lies between two files, such as a folder of many pictures, so that whoever walks may rest there. */
export function* walkFiles(root: string): Generator<FoundFile | null> {
  yield* walk(root, '', rulesFor(root, VENDORED));
}

/** The same of some places: files themselves, or the files of folders; nothing where one is ignored or not there.
 *  @param paths relative to the workspace, with forward slashes */
export function* filesAt(root: string, paths: readonly string[]): Generator<FoundFile | null> {
  for (const path of paths) yield* placeAt(root, path);
}

function* placeAt(root: string, path: string): Generator<FoundFile | null> {
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

function* walk(folder: string, within: string, above: readonly Rules[]): Generator<FoundFile | null> {
  const opened = openFolder(folder);
  if (opened === null) return;
  const entries: Dirent[] = [];
  let [hasRules, seen] = [false, 0];
  try {
    for (let entry = opened.readSync(); entry !== null; entry = opened.readSync()) {
      hasRules ||= RULE_FILES.includes(entry.name);
      if (entry.isDirectory() || languageOf(entry.name) !== null) entries.push(entry);
      seen += 1;
      if (seen % AT_ONCE === 0) yield null;
    }
  } finally {
    opened.closeSync();
  }
  yield null;
  yield* walkEntries({ folder, within, entries, rules: hasRules ? [...above, ...rulesOf(folder)] : above });
}

type Entry = Pick<Dirent, 'name' | 'isDirectory' | 'isFile'>;

interface Place {
  readonly folder: string;
  readonly within: string;
  readonly entries: readonly Entry[];
  readonly rules: readonly Rules[];
}

function* walkEntries({ folder, within, entries, rules }: Place): Generator<FoundFile | null> {
  for (const [at, entry] of entries.entries()) {
    if ((at + 1) % AT_ONCE === 0) yield null;
    const isFolder = entry.isDirectory();
    if (!isFolder && !entry.isFile()) continue;
    const absolute = join(folder, entry.name);
    if (isIgnored(absolute, isFolder, rules)) continue;
    const path = within === '' ? entry.name : `${within}/${entry.name}`;
    if (isFolder) yield* walk(absolute, path, rules);
    else yield* fileAt(absolute, path);
  }
}

function* fileAt(absolute: string, path: string): Generator<FoundFile> {
  const language = languageOf(path);
  const found = language === null ? null : statOf(absolute);
  if (language !== null && found !== null) yield { path, absolute, language, ...found };
}

function openFolder(folder: string): Dir | null {
  try {
    return opendirSync(folder, { bufferSize: AT_ONCE });
  } catch (error) {
    if (isOutOfReach(error)) return null;
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
