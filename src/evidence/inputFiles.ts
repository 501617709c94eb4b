import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Binding } from '../domain/run.ts';
import type { CheckRequest } from './checkRequest.ts';
import { inputPaths } from './contractPaths.ts';
import { isTable } from './table.ts';

/** A file on this machine, and what the contract calls it. */
export interface NamedFile {
  readonly name: string;
  readonly path: string;
}

/** Files of one folder that are looked at. */
const MOST_FILES = 200;

/** Where the inputs of an arm are on this machine; those that may vary are its own, in `source`. */
export function inputsOf(
  { arms, contract, repository }: Pick<CheckRequest, 'arms' | 'contract' | 'repository'>,
  source: string,
): Binding[] {
  const shared = arms.inputs.filter(({ as }) => !isAbsolute(as));
  const own = inputPaths(contract).filter((as) => !shared.some((input) => input.as === as));
  return [...shared, ...own.map((as) => ({ from: join(source, repository.folder, as), as }))];
}

/** The files behind bindings: each one itself, or those below it where it is a folder. */
export async function filesOf(bindings: readonly Binding[]): Promise<NamedFile[]> {
  const found = await Promise.all(bindings.map(({ from, as }) => below(from, as)));
  return found.flat();
}

/** Those that are read as tables. */
export async function tablesOf(bindings: readonly Binding[]): Promise<NamedFile[]> {
  return (await filesOf(bindings)).filter(({ path }) => isTable(path));
}

async function below(from: string, as: string): Promise<NamedFile[]> {
  const kind = await stat(from).catch(() => null);
  if (kind?.isFile()) return [{ name: as, path: from }];
  if (!kind?.isDirectory()) return [];
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .slice(0, MOST_FILES)
    .map((path) => ({ name: join(as, path.slice(from.length + 1)), path }));
}
