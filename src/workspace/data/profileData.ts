import { lstat, stat } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { listFiles } from '../listFiles.ts';
import type { DataProfile, FolderProfile, Shared, TableProfile, Unreadable } from './dataProfile.ts';
import { ID_COLUMN } from './dataProfile.ts';
import { contentOf, profileFolder } from './filesByClass.ts';
import { formatOf, type ProfiledTable, profileTable } from './profileTable.ts';
import { sharedByArrays, tells } from './sharedArrays.ts';
import { columnsOf } from './tableHead.ts';

/** Tables of a folder that are profiled; more are named as left out. */
const MOST_TABLES = 100;
const MOST_FILES = 200_000;
/** Tables are compared by their rows' hashes, which take memory; more are not compared. */
const MOST_COMPARED = 12;

/** A file to be profiled. */
interface Target {
  readonly path: string;
  readonly shown: string;
}

/** Profiles files and folders of data: what columns hold, what is missing, what repeats, and what files share.
 *  Nothing of them is loaded as a program, and memory stays bounded whatever their size.
 *  @param root what relative paths are relative to */
export async function profileData(root: string, paths: readonly string[]): Promise<DataProfile> {
  const files: (TableProfile | FolderProfile | Unreadable)[] = [];
  const leftOut: string[] = [];
  const targets: Target[] = [];
  for (const given of paths) {
    const path = isAbsolute(given) ? given : join(root, given);
    const kind = await kindOf(path);
    if (kind === 'file') targets.push({ path, shown: given });
    else if (kind === 'folder') await addFolder(path, given, { targets, files, leftOut });
    else files.push({ kind: 'unreadable', path: given, why: kind });
  }
  const compared = await comparisons(targets);
  leftOut.push(...compared.leftOut);
  const tables: ProfiledTable[] = [];
  for (const { path, shown } of targets) {
    const found = await profileTable(path, shown, compared.of.get(path) ?? []);
    if ('kind' in found) files.push(found);
    else {
      files.push(...found.map(({ profile }) => profile));
      tables.push(...found);
    }
  }
  const arrays = sharedByArrays(tables);
  leftOut.push(...arrays.leftOut);
  return { files, shared: [...sharedRows(tables, compared.pairs), ...arrays.shared], leftOut };
}

async function kindOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (found === null) return (await lstat(path).catch(() => null)) ? 'its link leads nowhere' : 'there is no such file';
  if (found.isDirectory()) return 'folder';
  return found.isFile() ? 'file' : 'it is neither a file nor a folder';
}

async function addFolder(
  folder: string,
  shown: string,
  into: { targets: Target[]; files: DataProfile['files'][number][]; leftOut: string[] },
): Promise<void> {
  const { files, truncated } = await listFiles(folder, { most: MOST_FILES });
  if (truncated) into.leftOut.push(`${shown} holds more than ${MOST_FILES} files; the first are profiled`);
  const of = contentOf(files);
  if (of !== null) {
    into.files.push({ kind: 'folder', path: shown, ...(await profileFolder(folder, of, files)) });
    return;
  }
  const tables = files.filter(({ path }) => formatOf(path) !== null && !NOT_DATA.test(path));
  if (tables.length === 0) into.files.push({ kind: 'unreadable', path: shown, why: 'it holds no data that is known' });
  if (tables.length > MOST_TABLES)
    into.leftOut.push(`${shown} holds ${tables.length} tables; the first ${MOST_TABLES} are profiled`);
  for (const { path } of tables.slice(0, MOST_TABLES))
    into.targets.push({ path: join(folder, path), shown: relative('.', join(shown, path)) });
}

/** JSON that configures a project rather than being its data. */
const NOT_DATA = /(?:^|\/)(?:package(?:-lock)?|tsconfig\S*|settings|launch|config\w*)\.json$/i;

interface Comparisons {
  readonly pairs: readonly { first: string; second: string; columns: readonly string[] }[];
  /** By path: the lists of columns by which a file's rows are needed. */
  readonly of: ReadonlyMap<string, readonly (readonly string[])[]>;
  readonly leftOut: readonly string[];
}

/** Which tables are compared, and by what: the columns that both have and that are no ids. */
async function comparisons(targets: readonly Target[]): Promise<Comparisons> {
  const heads: { shown: string; path: string; columns: readonly string[] }[] = [];
  for (const { path, shown } of targets.slice(0, MOST_COMPARED)) {
    const columns = await columnsOf(path);
    if (columns !== null) heads.push({ path, shown, columns });
  }
  const pairs: { first: string; second: string; columns: readonly string[] }[] = [];
  const of = new Map<string, (readonly string[])[]>();
  for (const [at, one] of heads.entries()) {
    for (const other of heads.slice(at + 1)) {
      const columns = one.columns.filter((name) => other.columns.includes(name) && !ID_COLUMN.test(name)).sort();
      if (columns.length === 0) continue;
      pairs.push({ first: one.shown, second: other.shown, columns });
      for (const { path } of [one, other]) of.set(path, [...(of.get(path) ?? []), columns]);
    }
  }
  const rest = targets.length - MOST_COMPARED;
  const leftOut = rest > 0 ? [`${rest} of ${targets.length} tables are not compared with others; name fewer`] : [];
  return { pairs, of, leftOut };
}

function sharedRows(tables: readonly ProfiledTable[], pairs: Comparisons['pairs']): Shared[] {
  const named = new Map(tables.map(({ profile, rows }) => [profile.path, rows]));
  return pairs.flatMap(({ first, second, columns }) => {
    const one = named.get(first)?.sampleBy(columns);
    const other = named.get(second)?.sampleBy(columns);
    if (!one || !other || !tells(one) || !tells(other)) return [];
    return [{ first, second, columns, ofFirst: one.sharedWith(other), ofSecond: other.sharedWith(one) }];
  });
}
