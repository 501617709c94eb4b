import type { Dirent } from 'node:fs';
import { access, lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isIgnored, isOutOfReach, type Rules, rulesFor, rulesOf } from './ignoreRules.ts';

export interface WorkspaceFile {
  /** Relative to the workspace folder, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
}

export interface FileList {
  readonly files: readonly WorkspaceFile[];
  /** There are more files than were asked for. */
  readonly truncated: boolean;
}

export interface ListOptions {
  /** Patterns in .gitignore's language that are left out besides. */
  readonly ignored?: readonly string[];
  /** Most files listed (default 5000). */
  readonly most?: number;
  /** Folders above say nothing of it: it is no part of the repository that it lies in. */
  readonly alone?: boolean;
}

/** The files of a workspace in a steady order, as git would list them: tracked or not, without what .gitignore
 *  or .mlrignore names, here or in a folder above up to the repository's top. Links are not followed, and folders that we may not
 *  read are left out.
 *  @throws Error `ENOENT` where there is no such workspace */
export async function listFiles(root: string, options: ListOptions = {}): Promise<FileList> {
  const most = options.most ?? 5000;
  const files: WorkspaceFile[] = [];
  await access(root);
  for await (const path of walk(root, rulesFor(root, options.ignored, options.alone))) {
    if (files.length === most) return { files, truncated: true };
    const { size } = await lstat(path);
    files.push({ path: relative(root, path).replaceAll('\\', '/'), bytes: size });
  }
  return { files, truncated: false };
}

async function* walk(folder: string, above: readonly Rules[]): AsyncGenerator<string> {
  const entries = await entriesOf(folder);
  const rules = [...above, ...rulesOf(folder)];
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (!entry.isFile() && !entry.isDirectory()) continue;
    if (isIgnored(path, entry.isDirectory(), rules)) continue;
    if (entry.isDirectory()) yield* walk(path, rules);
    else yield path;
  }
}

/** A folder that we may not read, or that has gone meanwhile, has nothing to show. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isOutOfReach(error)) return [];
    throw error;
  }
}
