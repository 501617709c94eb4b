import type { Dirent } from 'node:fs';
import { access, lstat, readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import ignore, { type Ignore } from 'ignore';

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
}

/** What no researcher means by "my files", whatever .gitignore says. */
const NEVER = ['.git', '.mlr', 'node_modules', '__pycache__', '.venv', 'venv', '.ipynb_checkpoints', '.DS_Store'];

/** Ignore rules of one folder; a rule of a deeper folder goes before. */
interface Rules {
  readonly folder: string;
  readonly matcher: Ignore;
}

/** The files of a workspace in a steady order, as git would list them: tracked or not, without what .gitignore
 *  names, here or in a folder above up to the repository's top. Links are not followed, and folders that we may not
 *  read are left out.
 *  @throws Error `ENOENT` where there is no such workspace */
export async function listFiles(root: string, options: ListOptions = {}): Promise<FileList> {
  const most = options.most ?? 5000;
  const own = { folder: root, matcher: ignore().add([...NEVER, ...(options.ignored ?? [])]) };
  const files: WorkspaceFile[] = [];
  await access(root);
  for await (const path of walk(root, [...(await rulesAbove(root)), own])) {
    if (files.length === most) return { files, truncated: true };
    const { size } = await lstat(path);
    files.push({ path: relative(root, path).replaceAll('\\', '/'), bytes: size });
  }
  return { files, truncated: false };
}

async function* walk(folder: string, above: readonly Rules[]): AsyncGenerator<string> {
  const entries = await entriesOf(folder);
  const rules = [...above, ...(await rulesOf(folder))];
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

function isIgnored(path: string, isFolder: boolean, rules: readonly Rules[]): boolean {
  for (const { folder, matcher } of rules.toReversed()) {
    const within = relative(folder, path).replaceAll('\\', '/');
    const { ignored, unignored } = matcher.test(isFolder ? `${within}/` : within);
    if (ignored || unignored) return ignored;
  }
  return false;
}

async function rulesOf(folder: string): Promise<Rules[]> {
  const text = await textIfThere(join(folder, '.gitignore'));
  return text === null ? [] : [{ folder, matcher: ignore().add(text) }];
}

/** A workspace folder may lie below the top of its repository, whose rules hold there too. */
async function rulesAbove(root: string): Promise<Rules[]> {
  const rules: Rules[] = [];
  for (let folder = root; !(await isTop(folder)); folder = dirname(folder)) {
    if (dirname(folder) === folder) return [];
    rules.unshift(...(await rulesOf(dirname(folder))));
  }
  return rules;
}

async function isTop(folder: string): Promise<boolean> {
  try {
    await lstat(join(folder, '.git'));
    return true;
  } catch (error) {
    if (isOutOfReach(error)) return false;
    throw error;
  }
}

async function textIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isOutOfReach(error)) return null;
    throw error;
  }
}

function isOutOfReach(error: unknown): boolean {
  const codes = ['ENOENT', 'EISDIR', 'EACCES', 'EPERM'];
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
